"""Partial changes: what a PATCH names, as far as it differs from what is there."""

from collections.abc import Collection, Mapping

from vsmhub.interhub.messages.wire import Request


def patched(row: Mapping[str, object], body: Request, *, clearable: Collection[str] = ()) -> dict[str, object]:
    """The columns that change. A member that is not named stays; null clears a `clearable` one and leaves others."""
    given = body.model_dump(exclude_unset=True)
    return {
        name: value for name, value in given.items() if (value is not None or name in clearable) and row[name] != value
    }

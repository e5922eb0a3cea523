"""Secrets from environment variables: for CI, containers, and whatever injects them there."""

from collections.abc import Mapping
from typing import NoReturn

from vsmhub.secrets.errors import ReadOnly
from vsmhub.secrets.place import Place
from vsmhub.secrets.record import KeyRecord, decode
from vsmhub.secrets.secret import Sealed

OPERATOR_VARIABLE = "IHUB_OPERATOR_KEY"
PREFIX = "VSMHUB_KEY_"


class EnvironmentStore:
    """`IHUB_OPERATOR_KEY` for the operator, `VSMHUB_KEY_OPS_HUB` for ops-hub; the same for every target. Read only."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._values = {
            name: Sealed(value)
            for name, value in environ.items()
            if value.strip() and (name == OPERATOR_VARIABLE or name.startswith(PREFIX))
        }

    @property
    def writable(self) -> bool:
        return False

    def describe(self, place: Place) -> str:
        return f"environment variable {variable(place)}"

    def prepare(self, place: Place) -> None:
        self._refuse(place)

    def get(self, place: Place) -> KeyRecord | None:
        value = self._values.get(variable(place))
        return decode(value, self.describe(place)) if value else None

    def put(self, place: Place, record: KeyRecord) -> None:  # noqa: ARG002 - the store's contract
        self._refuse(place)

    def delete(self, place: Place) -> bool:
        self._refuse(place)

    def _refuse(self, place: Place) -> NoReturn:
        raise ReadOnly(
            f"the key of {place} cannot be kept in, or removed from, an environment variable",
            hint="Choose a store that can be written (file, keyring, command). A key that exists already can be given "
            f"as {variable(place)}.",
        )


def variable(place: Place) -> str:
    """The name of the variable that holds the secret of `place`."""
    return OPERATOR_VARIABLE if place.is_operators else f"{PREFIX}{place.name.upper().replace('-', '_')}"

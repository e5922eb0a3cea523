"""`vsmhub schema`: the JSON Schemas that are published."""

from pathlib import Path
from typing import Annotated

import typer


def schema(
    name: Annotated[str, typer.Argument(metavar="NAME", help="hub, a file beside it, or a contract.")] = "hub",
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="Write it to this file instead of standard output.")
    ] = None,
) -> None:
    """Print a JSON Schema: of hub.yaml, a file beside it, a contract.

    Files: hub, inventory, signals, gates.
    Contracts: hub-capability-manifest-v1, widget-seeds-v1, interaction-event-v1, annotation-v1.

    Example: vsmhub schema --out docs/schemas/hub.v1.schema.json
    """
    from vsmhub.files import write_atomically

    text = _text(name)
    if out is None:
        typer.echo(text, nl=False)
    else:
        write_atomically(out, text)


def _text(name: str) -> str:
    """The schema of this name; UsageError when there is none."""
    from vsmhub.errors import UsageError
    from vsmhub.spec.kinds import KINDS
    from vsmhub.spec.schema import schema_text

    if name in KINDS:
        return schema_text(KINDS[name])
    from vsmhub.interhub.contracts import schemas

    if name in schemas.CONTRACTS:
        return schemas.schema_text(name)
    raise UsageError(f"there is no schema {name}", hint=f"there are: {', '.join([*KINDS, *schemas.CONTRACTS])}")

"""`vsmhub schema`: the JSON Schema of hub.yaml."""

from pathlib import Path
from typing import Annotated

import typer


def schema(
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="Write it to this file instead of standard output.")
    ] = None,
) -> None:
    """Print the JSON Schema of hub.yaml.

    Example: vsmhub schema --out docs/schemas/hub.v1.schema.json
    """
    from vsmhub.files import write_atomically
    from vsmhub.spec.schema import hub_schema_text

    text = hub_schema_text()
    if out is None:
        typer.echo(text, nl=False)
    else:
        write_atomically(out, text)

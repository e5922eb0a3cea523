"""`vsmhub import`: a spec from a live hub."""

from pathlib import Path
from typing import Annotated

import typer

from vsmhub.cli.options import Base, Json, TargetName


def import_(
    slug: Annotated[str, typer.Argument(metavar="SLUG", help="Slug of the live hub, such as ops-hub.")],
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="Folder to write hub.yaml into; standard output if left out.")
    ] = None,
    target: TargetName = None,
    base: Base = None,
    as_json: Json = False,
) -> None:
    """Write the spec of a hub that is live, so that its plan is empty.

    A hub.yaml that is there already is not overwritten. What the target does not tell is said on standard error.

    Example: vsmhub import ops-hub --out hubs/ops
    """
    from vsmhub.cli.output import say, say_json, styled, tell
    from vsmhub.files import FileError, write_atomically
    from vsmhub.plan.importing import find, imported
    from vsmhub.render.surroundings import HUBS, schema_from
    from vsmhub.spec.file_names import HUB_FILE
    from vsmhub.spec.writing import hub_yaml
    from vsmhub.targets.opening import opened

    file = out / HUB_FILE if out is not None else None
    if file is not None and file.exists():
        raise FileError(f"{file} exists already", hint="move it away, or give another folder with --out")
    with opened(target, base) as at:
        found = imported(find(at.operator, slug))
        label, name = at.target.label, at.name
    schema = schema_from(out if out is not None else Path(HUBS, found.spec.hub.prefix))
    text = hub_yaml(found.spec, remark=f"What {slug} was in {name} when it was imported.", schema=schema)
    if file is not None:
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise FileError(f"{file.parent} cannot be made: {error.strerror}") from error
        write_atomically(file, text)
    if as_json:
        say_json({"hub": slug, "target": name, "file": str(file) if file else None, "gaps": list(found.gaps),
                  "spec": found.spec.model_dump(mode="json", exclude_none=True)})  # fmt: skip
        return
    for gap in found.gaps:
        tell(f"not told: {gap}", "warn")
    if file is None:
        typer.echo(text, nl=False)
    else:
        say(f"{styled('ok', 'good')}  {slug} of {label} is written to {file}; vsmhub plan {out} says what differs")

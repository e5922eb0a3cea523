"""Options and arguments that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

from vsmhub.cli.completion import targets

Hubs = Annotated[
    list[Path],
    typer.Argument(metavar="HUB", help="Hub folders (hubs/ops), or their hub.yaml.", show_default=False),
]
HubsOrFile = Annotated[
    list[Path],
    typer.Argument(
        metavar="HUB|FILE", help="Hub folders (hubs/ops), or one plan that was saved to a file.", show_default=False
    ),
]
Hub = Annotated[
    Path, typer.Argument(metavar="HUB", help="A hub's folder (hubs/ops), or its hub.yaml.", show_default=False)
]
AnyHubs = Annotated[
    list[Path] | None,
    typer.Argument(metavar="HUB", help="Hub folders, or their hub.yaml; none: the one here, or all in hubs/."),
]
TargetName = Annotated[
    str | None,
    typer.Option("--target", "-t", metavar="NAME", help="Target of vsmhub.toml, or local.", autocompletion=targets),
]
Base = Annotated[
    str | None,
    typer.Option("--base", metavar="URL", help="Base URL of an Inter-Hub; IHUB_BASE says the same."),
]
Dsn = Annotated[
    str | None,
    typer.Option(
        "--dsn",
        metavar="DSN",
        help="Inter-Hub's own database, for what its API cannot; VSMHUB_DSN says the same without being seen.",
    ),
]
SqlFile = Annotated[
    Path | None,
    typer.Option("--sql-file", metavar="FILE", help="Write what its API cannot as SQL, for psql, to this file."),
]
Json = Annotated[bool, typer.Option("--json", help="Print the facts as JSON.")]
Prune = Annotated[
    bool, typer.Option("--prune", help="End what an apply made and the spec no longer names, after showing its use.")
]
Adopt = Annotated[bool, typer.Option("--adopt", help="Take over what somebody else has made.")]
Every = Annotated[bool, typer.Option("--every", help="Show every object, also of many alike.")]
AllowCommands = Annotated[
    bool, typer.Option("--allow-commands", help="Let command probes start the programs that they name.")
]
Trusted = Annotated[
    Path | None, typer.Option("--trust", metavar="FILE", help="More certificate authorities to trust, as PEM.")
]
Queue = Annotated[bool, typer.Option("--queue", help="Only keep it here; hand nothing on now.")]
Out = Annotated[
    Path | None, typer.Option("--out", "-o", metavar="FILE", help="Write to this file instead of standard output.")
]

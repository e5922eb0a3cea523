"""A thousand widgets created, and found in sync, against Terraform doing nothing but keep its own books."""

import shutil
import tempfile
from pathlib import Path

from benchmarks.finding import Finding, missing, ratio
from benchmarks.programs import ROOT, TERRAFORM_ENVIRONMENT, Home, Served, terraform, vsmhub
from benchmarks.specs import write_hub, write_terraform
from benchmarks.timing import Command, in_turn, timed

WIDGETS = 1000
CREATE_AIM = 0.05
SYNC_AIM = 0.5
CREATE_TIMES = 3
SYNC_TIMES = 9
CREATE = f"create {WIDGETS:,} widgets"
SYNC = f"plan of {WIDGETS:,} widgets in sync"
PEER = f"`terraform apply` of {WIDGETS:,} `terraform_data`"
SYNC_PEER = f"`terraform plan` of {WIDGETS:,} `terraform_data` in sync"
NAMES = ("create over HTTP", "create locally", "plan over HTTP", "plan locally")


def measure() -> list[Finding]:
    """Over HTTP into a running `vsmhub serve`, and with the embedded Inter-Hub that each command starts for itself."""
    folder = Path(tempfile.mkdtemp(prefix="vsmhub-bench-", dir="/tmp"))
    served, home = Served(), Home()
    try:
        return _measured(folder, served, home)
    finally:
        served.remove()
        home.remove()
        shutil.rmtree(folder, ignore_errors=True)


def _measured(folder: Path, served: Served, home: Home) -> list[Finding]:
    hub = str(write_hub(folder / "hub", widgets=WIDGETS))
    books = write_terraform(folder / "terraform", resources=WIDGETS)
    peer_create = terraform("apply", "-auto-approve", "-input=false", "-no-color")
    peer_sync = terraform("plan", "-input=false", "-no-color")
    initialise = terraform("init", "-input=false", "-no-color")
    how = (
        "terraform_data keeps state in a file and nothing else: no network, no database. Ours is a whole process that "
        "reads the hub's spec, plans, writes through the Inter-Hub's HTTP API into PostgreSQL, reads all of it again "
        "and proves that nothing is left to do."
    )
    if peer_create is None or peer_sync is None or initialise is None:
        return [
            missing(NAMES[0], f"{CREATE} over HTTP", PEER, CREATE_AIM, "terraform", how=how),
            missing(NAMES[2], SYNC, SYNC_PEER, SYNC_AIM, "terraform", how=how),
        ]

    def forget() -> None:
        for path in books.glob("*.tfstate*"):
            path.unlink()

    timed(Command(initialise, TERRAFORM_ENVIRONMENT, books))
    created = in_turn(
        {
            "vsmhub, HTTP": Command(
                vsmhub("apply", hub, "--yes"), served.environment, ROOT, prepare=served.start_empty
            ),
            "vsmhub, local": Command(vsmhub("apply", hub, "--yes"), home.environment, ROOT, prepare=home.renew),
            "terraform": Command(peer_create, TERRAFORM_ENVIRONMENT, books, prepare=forget),
        },
        times=CREATE_TIMES,
    )
    planned = in_turn(
        {
            "vsmhub, HTTP": Command(vsmhub("plan", hub), served.environment, ROOT),
            "vsmhub, local": Command(vsmhub("plan", hub), home.environment, ROOT),
            "terraform": Command(peer_sync, TERRAFORM_ENVIRONMENT, books),
        },
        times=SYNC_TIMES,
        warm=1,
    )
    over_http = "Against a running `vsmhub serve`."
    locally = "With the embedded Inter-Hub, which the command starts and stops, PostgreSQL included"
    return [
        ratio(
            NAMES[0],
            f"{CREATE} over HTTP into PostgreSQL",
            PEER,
            CREATE_AIM,
            created["vsmhub, HTTP"],
            created["terraform"],
            how=f"{how} {over_http} Its database is empty each time.",
        ),
        ratio(
            NAMES[1],
            f"{CREATE} on an empty machine",
            PEER,
            CREATE_AIM,
            created["vsmhub, local"],
            created["terraform"],
            how=f"{how} {locally}, which is made from nothing each time. The aim is that of the line before.",
        ),
        ratio(
            NAMES[2],
            f"{SYNC}, over HTTP",
            SYNC_PEER,
            SYNC_AIM,
            planned["vsmhub, HTTP"],
            planned["terraform"],
            how=f"{how} {over_http}",
        ),
        ratio(
            NAMES[3],
            f"{SYNC}, local",
            SYNC_PEER,
            SYNC_AIM,
            planned["vsmhub, local"],
            planned["terraform"],
            how=f"{how} {locally}. The aim is that of the line before.",
        ),
    ]

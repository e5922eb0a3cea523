"""The outbox of a target, and handing on what waits in it."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from vsmhub.errors import VsmhubError
from vsmhub.evidence.delivery import Report, deliver
from vsmhub.evidence.outbox import Outbox, State
from vsmhub.paths import Paths
from vsmhub.secrets.place import kebab
from vsmhub.targets.choice import Target, choose
from vsmhub.targets.settings import read_settings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vsmhub.evidence.envelope import Envelope
    from vsmhub.targets.opening import Opened


@dataclass(frozen=True, slots=True)
class Way:
    """A target that need not be reachable, and where evidence for it is kept until it is."""

    target: Target
    paths: Paths
    named: str | None
    base: str | None

    @property
    def file(self) -> Path:
        """The outbox."""
        return self.paths.state / "outbox" / f"{kebab(self.target.title)}.sqlite3"


def way(name: str | None, base: str | None) -> Way:
    """The way to the target that the command line means; UsageError for one that nothing defines."""
    paths = Paths.from_environment(os.environ)
    return Way(choose(name, base, read_settings(Path.cwd(), paths.config), os.environ), paths, name, base)


def keep_and_hand_on(envelopes: "Sequence[Envelope]", name: str | None, base: str | None) -> tuple[int, Report]:
    """Keep envelopes, at least one and all of one hub, and deliver what waits for it; how many were new, the report."""
    to = way(name, base)
    with Outbox(to.file) as outbox:
        return outbox.put(envelopes), hand_on(to, outbox, envelopes[0].hub)


def hand_on(to: Way, outbox: Outbox, hub: str) -> Report:
    """Deliver what waits for one hub; whatever keeps that from happening is in the report, and it goes on waiting."""
    from vsmhub.targets.opening import opened

    try:
        with opened(to.named, to.base) as at:
            return hand_over(at, outbox, hub)
    except VsmhubError as error:
        return Report(waiting=outbox.counts()[State.WAITING], stopped=error.message)


def hand_over(at: "Opened", outbox: Outbox, hub: str) -> Report:
    """Deliver what waits for one hub to a target that is open."""
    key = at.key_of(hub).held()
    if key is None:
        said = f"there is no key of {hub} for {at.target.label}; apply the hub, or give its key to vsmhub key store"
        return Report(waiting=outbox.counts()[State.WAITING], stopped=said)
    with at.as_hub(key) as client:
        return deliver(outbox, client, hub)

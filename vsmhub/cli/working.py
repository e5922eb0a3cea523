"""What `vsmhub worker` puts together: hubs, probes, the shared database, and the target that evidence goes to."""

import asyncio
import os
import re
import signal
import socket
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Self

from vsmhub.cli.declared import folder_of
from vsmhub.cli.handing import Way, way
from vsmhub.cli.observing import (
    DELIVERIES_ARE_KEPT,
    HANDED_ON_EVERY,
    OBSERVATIONS_ARE_KEPT,
    Delivering,
    ProbeSecrets,
    chosen,
    event_loop,
    reached,
)
from vsmhub.cli.output import say, say_json, say_table, tell
from vsmhub.errors import UsageError, VsmhubError
from vsmhub.evidence.attempts import Prepared
from vsmhub.evidence.observations import Observations, Recorded
from vsmhub.evidence.observer import repeat
from vsmhub.evidence.outbox import Outbox
from vsmhub.evidence.probes.probe import Context, Trust
from vsmhub.evidence.probes.resolver import Resolver
from vsmhub.logs import logged
from vsmhub.spec.folder import HubFolder, load_folder
from vsmhub.spec.spans import SPAN_PATTERN, seconds
from vsmhub.targets.secrecy import learn_password

if TYPE_CHECKING:
    from vsmhub.evidence.attempts import Look
    from vsmhub.fleet.member import Observed
    from vsmhub.fleet.pace import Pace

NEEDED = "pip install 'vsmhub[worker]'"
DATABASE_URL = "VSMHUB_DATABASE_URL"
LOGGED = ("procrastinate", "psycopg", "asyncio")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What the command line says, checked; `dsn` is shown nowhere."""

    hubs: Sequence[HubFolder]
    dsn: str = field(repr=False)
    to: Way
    name: str
    concurrency: int
    pace: "Pace"
    commands: bool
    trust: Path | None
    queue: bool

    @classmethod
    def checked(
        cls,
        hubs: Sequence[Path],
        database_url: str | None,
        *,
        target: str | None,
        base: str | None,
        name: str | None,
        concurrency: int,
        shard: int,
        lost_after: str,
        commands: bool,
        trust: Path | None,
        queue: bool,
    ) -> Self:
        """UsageError for what cannot be meant, and where no database is named."""
        from vsmhub.fleet.pace import Pace

        to = way(target, base)
        if not database_url:
            local = to.target.base is None
            raise UsageError(
                "workers share a PostgreSQL, and none is named"
                + ("; that of the embedded Inter-Hub is for one machine" if local else ""),
                hint=f"set {DATABASE_URL}, or give --database-url; on one machine: vsmhub observe HUB --watch",
            )
        if not re.fullmatch(SPAN_PATTERN, lost_after) or not 2 <= seconds(lost_after) <= 3600:
            raise UsageError(f"--lost-after {lost_after} is no span between 2s and 1h", hint="such as 20s")
        if trust is not None and not trust.is_file():
            raise UsageError(f"there is no file {trust}")
        learn_password(database_url)
        folders = [load_folder(folder_of(hub)) for hub in hubs]
        slugs = [one.hub.hub.slug for one in folders]
        if len(set(slugs)) < len(slugs):
            raise UsageError("a hub is named twice", hint="name each hub once")
        return cls(
            hubs=folders,
            dsn=database_url,
            to=to,
            name=(name or f"{socket.gethostname()}-{os.getpid()}")[:120],
            concurrency=concurrency,
            pace=Pace(lost_after=seconds(lost_after), shard=shard),
            commands=commands,
            trust=trust,
            queue=queue,
        )


class Working:
    """One worker from its start to its end."""

    def __init__(self, settings: Settings, *, as_json: bool) -> None:
        self._settings = settings
        self._as_json = as_json
        self._resolver = Resolver()
        self._secrets = ProbeSecrets(settings.to)

    def run(self) -> None:
        """Work until SIGINT or SIGTERM."""
        try:
            from vsmhub.evidence.probes.kinds import observe
            from vsmhub.fleet.database import prepare
        except ImportError as error:
            raise VsmhubError(f"{error.name} is not installed", hint=NEEDED) from error

        # The embedded Inter-Hub, where that is the target, has its tables there as well.
        os.environ[DATABASE_URL] = self._settings.dsn
        prepare(self._settings.dsn)
        with asyncio.Runner(loop_factory=event_loop()) as runner:
            runner.run(self._run(observe))

    async def _run(self, look: "Look") -> None:
        from vsmhub.fleet.member import Observed
        from vsmhub.fleet.worker import Worker

        settings, stop = self._settings, asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, self._stop, stop)
        with ExitStack() as stack:
            stack.enter_context(logged(settings.to.paths.state / "worker.log", *LOGGED))
            stack.callback(self._resolver.close)
            outbox = stack.enter_context(Outbox(settings.to.file, secrets=lambda: self._secrets.shown))
            outbox.forget(older_than=DELIVERIES_ARE_KEPT)
            at = stack.enter_context(reached(settings.to, reach=not settings.queue))
            members = [Observed(one, self._prepared(one, outbox), outbox) for one in settings.hubs]
            worker = Worker(
                settings.dsn,
                settings.name,
                members,
                look,
                stop=stop,
                said=lambda text: tell(text, "warn"),
                told=self._told,
                pace=settings.pace,
                concurrency=settings.concurrency,
            )
            self._announce(members)
            handing = [] if settings.queue else [Delivering(settings.to, outbox, at, one.slug) for one in members]
            delivering = [asyncio.create_task(repeat(HANDED_ON_EVERY, stop, deliver)) for deliver in handing]
            try:
                await worker.run()
            finally:
                stop.set()
                await asyncio.gather(*delivering)
            for deliver in handing:
                await deliver()
        tell("stopped; what was not observed is handed back to the other workers")

    def _stop(self, stop: asyncio.Event) -> None:
        if not stop.is_set():
            tell("stopping: what is under way is finished; the rest is handed back")
        stop.set()

    def _prepared(self, hub: HubFolder, outbox: Outbox) -> list[Prepared]:
        settings = self._settings
        signals = chosen(hub, [])
        Observations(outbox, hub.declared()).forget(older_than=OBSERVATIONS_ARE_KEPT)
        trust = Trust(settings.trust)
        context = Context(self._resolver, trust, self._secrets, hub.path.resolve(), settings.commands)
        return [Prepared(one, context) for one in signals]

    def _announce(self, members: "Sequence[Observed]") -> None:
        whose = ", ".join(f"{len(one.signals)} signals of {one.slug}" for one in members)
        tell(f"worker {self._settings.name} observes {whose}; Ctrl-C stops it")

    def _told(self, recorded: Recorded) -> None:
        from vsmhub.cli.results import as_line, as_text

        if self._as_json:
            as_line(recorded)
        elif recorded.result.judgement.outcome != "pass":
            as_text(recorded)


def show_overview(settings: Settings, *, as_json: bool) -> bool:
    """Show how the hubs are observed; whether all is as it should be."""
    try:
        from vsmhub.fleet.overview import overview
    except ImportError as error:
        raise VsmhubError(f"{error.name} is not installed", hint=NEEDED) from error

    found = [
        overview(
            settings.dsn,
            one.hub.hub.slug,
            [signal.name for signal in chosen(one, [])],
            lost_after=settings.pace.lost_after,
        )
        for one in settings.hubs
    ]
    if as_json:
        say_json([one.facts | {"troubles": list(one.troubles)} for one in found])
        return not any(one.troubles for one in found)
    for one in found:
        facts = one.facts
        say(f"{facts['hub']}: " + ("; ".join(one.troubles) or "observed"), "bad" if one.troubles else "good")
        hour = facts["lastHour"]
        say(
            f"in the last hour {hour['observed']} observed, {hour['missed']} missed, {hour['takenOver']} taken over; "
            f"planned last at {facts['plannedAt']} by {facts['plannedBy']}"
        )
        for silence in facts["silences"]:
            say(
                f"silent from {silence['since']} to {silence['until']}: {silence['missed']} missed, last planned by "
                f"{silence['lastBy']}",
                "warn",
            )
        say_table([(w["name"], w["state"], w["seenAt"]) for w in facts["workers"]], ("WORKER", "STATE", "SEEN"))
        rows = [
            (s["signal"], s["outcome"] or "-", s["observed"] or "never", str(s["missed"]), s["by"] or "-")
            for s in facts["signals"]
        ]
        say_table(rows, ("SIGNAL", "OUTCOME", "OBSERVED", "MISSED", "BY"))
    return not any(one.troubles for one in found)

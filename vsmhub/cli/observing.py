"""What `vsmhub observe` puts together: signals, probes, the outbox, and the target that evidence goes to."""

import asyncio
import gc
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from vsmhub.cli.handing import Way, hand_on, hand_over, way
from vsmhub.cli.output import tell
from vsmhub.errors import UsageError, VsmhubError
from vsmhub.evidence.attempts import Prepared
from vsmhub.evidence.delivery import Report
from vsmhub.evidence.errors import EvidenceError
from vsmhub.evidence.judgement import Outcome
from vsmhub.evidence.observations import Observations, Recorded
from vsmhub.evidence.observer import Observer, demand_signals, repeat
from vsmhub.evidence.outbox import Outbox
from vsmhub.evidence.probes.probe import Context, Revealing, Trust
from vsmhub.evidence.probes.resolver import Resolver
from vsmhub.secrets.environment import EnvironmentStore
from vsmhub.secrets.place import Place, kebab
from vsmhub.spec.folder import HubFolder
from vsmhub.spec.near import did_you_mean
from vsmhub.spec.signals import Signal
from vsmhub.targets.opening import Opened, opened, store_of

HANDED_ON_EVERY = 5.0
OBSERVATIONS_ARE_KEPT = timedelta(days=30)
DELIVERIES_ARE_KEPT = timedelta(days=7)


def event_loop() -> Callable[[], asyncio.AbstractEventLoop]:
    """The event loop to observe with: uvloop's, which takes less than half the time, where it is installed."""
    try:
        import uvloop
    except ImportError:
        return asyncio.new_event_loop
    return uvloop.new_event_loop


class ProbeSecrets:
    """The secrets that credentials name: the target's store under `probe-<name>`, so that no key of a hub or operator
    can be sent to a probe's target. Those that were shown are known, so that evidence can be kept clean of them."""

    def __init__(self, to: Way) -> None:
        self._to = to
        self.shown: set[str] = set()

    def __call__(self, name: str) -> Revealing | None:
        place = Place(kebab(self._to.target.title), f"probe-{name}")
        record = EnvironmentStore(os.environ).get(place) or store_of(self._to.target, self._to.paths).get(place)
        if record is None:
            return None
        secret = record.secret.reveal()
        # A credential may hold `user:password`; the password alone must not be seen either.
        self.shown |= {secret, secret.partition(":")[2]} - {""}
        return record.secret


class Observing:
    """One hub's signals, observed for one target."""

    def __init__(
        self,
        hub: HubFolder,
        names: Sequence[str],
        target: str | None,
        base: str | None,
        *,
        commands: bool,
        trust: Path | None,
        queue: bool,
        told: Callable[[Recorded], None],
    ) -> None:
        self._spec = hub.declared()
        self._slug = hub.hub.hub.slug
        self._signals = chosen(hub, names)
        self._to = way(target, base)
        self._secrets = ProbeSecrets(self._to)
        self._resolver = Resolver()
        if trust is not None and not trust.is_file():
            raise UsageError(f"there is no file {trust}")
        self._context = Context(self._resolver, Trust(trust), self._secrets, hub.path.resolve(), commands)
        self._queue = queue
        self._told = told
        self._outcomes: dict[str, Outcome] = {}

    async def once(self) -> bool:
        """Observe all now and hand the evidence on; whether all passed."""
        with self._outbox() as outbox:
            await self._observer(outbox).once()
            if not self._queue:
                _report(await asyncio.to_thread(hand_on, self._to, outbox, self._slug))
        return all(outcome is Outcome.PASS for outcome in self._outcomes.values())

    async def watch(self) -> bool:
        """Observe each at its times until SIGINT or SIGTERM; evidence is handed on every few seconds."""
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, stop.set)
        with self._outbox() as outbox, reached(self._to, reach=not self._queue) as at:
            deliver = Delivering(self._to, outbox, at, self._slug)
            tell(f"observing {len(self._signals)} signals of {self._slug}; Ctrl-C stops it")
            observer = self._observer(outbox)
            handing = asyncio.create_task(repeat(HANDED_ON_EVERY, stop, deliver)) if not self._queue else None
            try:
                await observer.watch(stop)
            finally:
                stop.set()
                if handing is not None:
                    await handing
            if handing is not None:
                await deliver()
            if observer.missed:
                tell(f"{observer.missed} times were left out, because a signal took longer than its interval", "warn")
        return True

    @contextmanager
    def _outbox(self) -> Iterator[Outbox]:
        with Outbox(self._to.file, secrets=lambda: self._secrets.shown) as outbox:
            try:
                yield outbox
            finally:
                self._resolver.close()

    def _observer(self, outbox: Outbox) -> Observer:
        try:
            from vsmhub.evidence.probes.kinds import observe
        except ImportError as error:
            raise EvidenceError(f"{error.name} is not installed", hint="pip install 'vsmhub[observe]'") from error

        observations = Observations(outbox, self._spec)
        observations.forget(older_than=OBSERVATIONS_ARE_KEPT)
        outbox.forget(older_than=DELIVERIES_ARE_KEPT)
        prepared = [Prepared(one, self._context) for one in self._signals]
        # All this stays: looking through it again and again for what may be freed takes a fifth of the time.
        gc.freeze()
        return Observer(prepared, observations, observe, told=self._heard)

    def _heard(self, recorded: Recorded) -> None:
        self._outcomes[recorded.result.signal.name] = recorded.result.judgement.outcome
        self._told(recorded)


class Delivering:
    """Hands on what waits for a hub, again and again; why it stops is told when it changes."""

    def __init__(self, to: Way, outbox: Outbox, at: Opened | None, hub: str) -> None:
        self._to = to
        self._outbox = outbox
        self._at = at
        self._hub = hub
        self._said = ""

    async def __call__(self) -> None:
        if self._hub not in self._outbox.hubs():
            return
        if self._at is None:
            report = await asyncio.to_thread(hand_on, self._to, self._outbox, self._hub)
        else:
            report = await asyncio.to_thread(hand_over, self._at, self._outbox, self._hub)
        if report.stopped != self._said:
            self._said = report.stopped
            _report(report)


@contextmanager
def reached(to: Way, *, reach: bool) -> Iterator[Opened | None]:
    """The target for as long as the block runs; None when it cannot be opened now."""
    if not reach:
        yield None
        return
    opening = opened(to.named, to.base)
    try:
        at = opening.__enter__()
    except VsmhubError as error:
        tell(f"{to.target.label} cannot be opened; evidence waits: {error.message}", "warn")
        yield None
        return
    try:
        yield at
    finally:
        opening.__exit__(None, None, None)


def chosen(hub: HubFolder, names: Sequence[str]) -> list[Signal]:
    """The signals that are meant; UsageError for a name that none has, EvidenceError when there are none at all."""
    known = {one.name: one for one in (hub.signals.signals if hub.signals else ())}
    demand_signals(list(known), hub.hub.hub.slug)
    for name in names:
        if name not in known:
            raise UsageError(f"there is no signal {name}", hint=did_you_mean(name, known) or f"{', '.join(known)}")
    return [known[name] for name in names or known]


def _report(report: Report) -> None:
    if report.delivered or report.refused:
        refused = f", {report.refused} refused (see vsmhub outbox list)" if report.refused else ""
        tell(f"evidence: {report.delivered} delivered{refused}")
    for _, evidence in report.evidence[-20:]:
        tell(f"  {evidence}")
    if report.stopped:
        tell(f"{report.waiting} waiting: {report.stopped}", "warn")

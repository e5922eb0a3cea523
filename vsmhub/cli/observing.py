"""What `vsmhub observe` puts together: signals, probes, the outbox, and the target that evidence goes to."""

import asyncio
import gc
import os
import signal
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, nullcontext, suppress
from datetime import timedelta
from pathlib import Path

from vsmhub.cli.handing import Way, hand_on, hand_over, way
from vsmhub.cli.output import tell
from vsmhub.errors import UsageError, VsmhubError
from vsmhub.evidence.attempts import Look, Prepared
from vsmhub.evidence.delivery import Report
from vsmhub.evidence.errors import EvidenceError
from vsmhub.evidence.judgement import Outcome
from vsmhub.evidence.lookout import Lookout, pays
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


def looking() -> Look:
    """What looks at targets; EvidenceError where what it needs is not installed."""
    try:
        from vsmhub.evidence.probes.kinds import observe
    except ImportError as error:
        raise EvidenceError(f"{error.name} is not installed", hint="pip install 'vsmhub[observe]'") from error
    return observe


@asynccontextmanager
async def attached(lookout: Lookout | None) -> AsyncIterator[Look]:
    """What looks for as long as the block runs: the second process, or this one where there is none."""
    if lookout is None:
        yield looking()
    else:
        async with lookout.attached():
            yield lookout


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
        context = Context(self._resolver, Trust(trust), self._secrets, hub.path.resolve(), commands)
        self._prepared = [Prepared(one, context) for one in self._signals]
        self._queue = queue
        self._told = told
        self._outcomes: dict[str, Outcome] = {}

    def run(self, *, watch: bool) -> bool:
        """Observe all now and hand the evidence on; whether all passed.

        To `watch` is to observe each at its times until SIGINT or SIGTERM, and to hand on every few seconds; that ends
        well whatever was observed. EvidenceError where what looks is not installed, or the outbox cannot be used.
        """
        # All that was read stays: looking through it again and again for what may be freed takes a fifth of the time.
        gc.freeze()
        with self._looking(watch=watch) as lookout, asyncio.Runner(loop_factory=event_loop()) as runner:
            return runner.run(self._watch(lookout) if watch else self._once(lookout))

    async def _once(self, lookout: Lookout | None) -> bool:
        with self._outbox() as outbox:
            async with attached(lookout) as look:
                await self._observer(outbox, look).once()
            if not self._queue:
                _report(await asyncio.to_thread(hand_on, self._to, outbox, self._slug))
        return all(outcome is Outcome.PASS for outcome in self._outcomes.values())

    async def _watch(self, lookout: Lookout | None) -> bool:
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, stop.set)
        with self._outbox() as outbox, reached(self._to, reach=not self._queue) as at:
            deliver = Delivering(self._to, outbox, at, self._slug)
            by = " by two processes" if lookout is not None else ""
            tell(f"observing {len(self._signals)} signals of {self._slug}{by}; Ctrl-C stops it")
            handing = asyncio.create_task(repeat(HANDED_ON_EVERY, stop, deliver)) if not self._queue else None
            try:
                async with attached(lookout) as look:
                    observer = self._observer(outbox, look)
                    await observer.watch(stop)
            finally:
                stop.set()
                if handing is not None:
                    await handing
            if handing is not None:
                await deliver()
            if observer.missed:
                tell(f"{observer.missed} times were left out, because a signal took longer than its interval", "warn")
            tell("stopped; what was observed is kept")
        return True

    @contextmanager
    def _looking(self, *, watch: bool) -> Iterator[Lookout | None]:
        """A second process that looks, for as long as the block runs; None where none pays or none can be had."""
        lookout = None
        if pays(self._prepared, watch=watch):
            with suppress(OSError):
                lookout = Lookout(
                    self._prepared, looking(), event_loop=event_loop(), said=lambda text: tell(text, "warn")
                )
        with lookout or nullcontext():
            yield lookout

    @contextmanager
    def _outbox(self) -> Iterator[Outbox]:
        with Outbox(self._to.file, secrets=lambda: self._secrets.shown) as outbox:
            try:
                yield outbox
            finally:
                self._resolver.close()

    def _observer(self, outbox: Outbox, look: Look) -> Observer:
        observations = Observations(outbox, self._spec)
        observations.forget(older_than=OBSERVATIONS_ARE_KEPT)
        outbox.forget(older_than=DELIVERIES_ARE_KEPT)
        return Observer(self._prepared, observations, look, told=self._heard)

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
            raise UsageError(
                f"there is no signal {name}", hint=did_you_mean(name, known) or f"there are {', '.join(known)}"
            )
    return [known[name] for name in names or known]


def _report(report: Report) -> None:
    if report.delivered or report.refused:
        refused = f", {report.refused} refused (see vsmhub outbox list)" if report.refused else ""
        tell(f"evidence: {report.delivered} delivered{refused}")
    for _, evidence in report.evidence[-20:]:
        tell(f"  {evidence}")
    if report.stopped:
        tell(f"{report.waiting} waiting: {report.stopped}", "warn")

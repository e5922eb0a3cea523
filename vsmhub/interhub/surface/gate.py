"""The production gate: whether a hub can be bootstrapped through this target's API, and what can be done where not.

The four paths and the answer to somebody without credentials are the workplan's own test; the rest follows from what a
plan needs, down to request fields. Pure.
"""

from dataclasses import dataclass

from vsmhub.interhub.surface.model import Surface
from vsmhub.interhub.surface.operations import NEEDS, Operation
from vsmhub.interhub.surface.steps import READS, STEPS, Step

REQUIRED = ("/hubs", "/hub-capability-manifests", "/api-consumers", "/policy-scopes")
ASKED = "/hubs"
OLDER = "2026-05"
FAULTS = "as of 2026-05 it drops metadata and takes any event type, which no document tells: it is no proof yet"
"""What is known of the API that calls itself 2026-05, beyond what its OpenAPI document says."""

_WANTS_CREDENTIALS = 401
_NO_SUCH_PATH = 404


@dataclass(frozen=True, slots=True)
class Check:
    """One test of the gate. `found` is what was seen, for people."""

    name: str
    passed: bool
    found: str


@dataclass(frozen=True, slots=True)
class Ways:
    """A step, and for each route why it cannot do it; empty where it can.

    `without` are request fields that the API does not take, by their names in Python; the step can do without them.
    """

    step: Step
    api: str
    sql: str
    runbook: str
    without: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Read:
    """Something that planning reads; `lacking` says why the API does not tell it, empty where it does."""

    operation: Operation
    lacking: str


@dataclass(frozen=True, slots=True)
class Gate:
    """What was found out about a target. `notes` are adaptations and what is left open, by operation."""

    title: str
    version: str
    checks: tuple[Check, ...]
    reads: tuple[Read, ...]
    ways: tuple[Ways, ...]
    notes: tuple[tuple[Operation, tuple[str, ...]], ...]

    @property
    def is_open(self) -> bool:
        """Whether a first bootstrap can go wholly through the API."""
        return not self.closed_by

    @property
    def closed_by(self) -> tuple[str, ...]:
        """All reasons why it is closed, for people."""
        failed = [f"{check.name}: {check.found}" for check in self.checks if not check.passed]
        unread = [f"{one.operation} cannot be read: {one.lacking}" for one in self.reads if one.lacking]
        undone = [f"{one.step.action} {one.step.kind}: {one.api}" for one in self.ways if one.step.first and one.api]
        return (*failed, *unread, *undone)


def judge(surface: Surface, unauthenticated: int) -> Gate:
    """The gate of a target with this surface, which answers GET `/hubs` without credentials with this status."""
    paths = [
        Check(path, path in surface.paths, "in the OpenAPI document" if path in surface.paths else "not served")
        for path in REQUIRED
    ]
    return Gate(
        title=surface.title,
        version=surface.version,
        checks=(*paths, _answer(unauthenticated)),
        reads=tuple(Read(operation, surface.lacking(operation)) for operation in READS),
        ways=tuple(_ways(surface, step) for step in STEPS.values()),
        notes=tuple((one, notes) for one in NEEDS if (notes := _notes(surface, one))),
    )


def _ways(surface: Surface, step: Step) -> Ways:
    offers = (surface.offered.get(operation) for operation in step.one_of)
    without = next((offer.lacks for offer in offers if offer), ())
    return Ways(step, step.by_api(surface), step.not_by_sql, step.not_by_hand, without)


def _notes(surface: Surface, operation: Operation) -> tuple[str, ...]:
    offer = surface.offered.get(operation)
    if offer is None:
        return ()
    faulty = surface.version == OLDER and operation is Operation.EVENTS_CREATE
    return (*offer.notes, FAULTS) if faulty else offer.notes


def _answer(status: int) -> Check:
    meaning = {
        _WANTS_CREDENTIALS: "401: it is there, and wants credentials",
        _NO_SUCH_PATH: "404: it is not there",
    }.get(status, f"{status}, where 401 was expected")
    return Check(f"GET {ASKED} without credentials", status == _WANTS_CREDENTIALS, meaning)

"""What one look brought to light: facts, how long each phase took, and what went wrong if something did."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from types import TracebackType
from typing import TypeAlias

from pydantic import JsonValue

FactValue: TypeAlias = JsonValue | tuple[str, ...] | Mapping[str, str]
"""Spans are seconds and amounts bytes; a list of texts is a tuple, and headers are a mapping with lower-case names."""


class Reason(StrEnum):
    """Why a look did not end well: the closed set."""

    DNS = "dns"
    CONNECT = "connect"
    TLS = "tls"
    CERTIFICATE = "certificate"
    TIMEOUT = "timeout"
    PROTOCOL = "protocol"
    STATUS = "status"
    HEADER = "header"
    BODY = "body"
    REDIRECT = "redirect"
    LATENCY = "latency"
    CREDENTIAL = "credential"
    VALUE = "value"
    FORBIDDEN = "forbidden"
    PROBER = "prober"


PROBERS_OWN = frozenset({Reason.FORBIDDEN, Reason.PROBER})
"""The reasons that say nothing about the target."""


class Trouble(Exception):
    """A look that ended early. The prober's own trouble says nothing about the target."""

    def __init__(self, reason: Reason, message: str) -> None:
        super().__init__(message)
        self.reason = reason
        self.message = message


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """One look, as it was. `reason` is None when nothing went wrong; conditions are judged apart from it."""

    at: datetime
    seconds: float
    facts: Mapping[str, FactValue]
    reason: Reason | None = None
    message: str = ""

    @property
    def probers_own(self) -> bool:
        """Whether what went wrong says nothing about the target."""
        return self.reason in PROBERS_OWN


@dataclass(slots=True)
class Record:
    """What a probe writes into while it looks, so that what was seen before a failure is kept."""

    facts: dict[str, FactValue] = field(default_factory=dict)
    doing: str = ""
    at: datetime = field(default_factory=lambda: datetime.now(UTC))
    started: float = field(default_factory=time.perf_counter)

    def phase(self, name: str) -> "Phase":
        """Time what happens inside as the fact `time.<name>`; a timeout names the phase it came in."""
        return Phase(self, name)

    def finished(self, trouble: Trouble | None = None) -> Observation:
        """What was seen until now."""
        seconds = time.perf_counter() - self.started
        self.facts["latency"] = seconds
        return Observation(
            at=self.at,
            seconds=seconds,
            facts=self.facts,
            reason=trouble.reason if trouble else None,
            message=trouble.message if trouble else "",
        )


class Phase:
    """A part of a look that is timed. A class, since a probe has several and a generator's way in and out is slow."""

    __slots__ = ("_name", "_record", "_started")

    def __init__(self, record: Record, name: str) -> None:
        self._record = record
        self._name = name
        self._started = 0.0

    def __enter__(self) -> None:
        self._record.doing = self._name
        self._started = time.perf_counter()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._record.facts[f"time.{self._name}"] = time.perf_counter() - self._started
        if kind is None:
            self._record.doing = ""

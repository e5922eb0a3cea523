"""Numbers about the running server, as Prometheus reads them (text format 0.0.4)."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

_BOUNDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Metrics:
    """Counts of this process."""

    def __init__(self, version: str) -> None:
        self._version = version
        self._requests: dict[tuple[str, str, int], int] = defaultdict(int)
        self._seconds: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0] * (len(_BOUNDS) + 1))
        self._sums: dict[tuple[str, str], float] = defaultdict(float)
        self._deliveries: dict[str, int] = {"delivered": 0, "failed": 0}
        self._forgotten = 0

    def count_request(self, method: str, route: str, status: int, seconds: float) -> None:
        """One answered request; `route` is the path's template, so that ids make no series of their own."""
        self._requests[method, route, status] += 1
        self._seconds[method, route][bisect_left(_BOUNDS, seconds)] += 1
        self._sums[method, route] += seconds

    def count_delivery(self, result: str) -> None:
        """One attempt to deliver a webhook: `delivered` or `failed`."""
        self._deliveries[result] += 1

    def count_forgotten(self, count: int) -> None:
        """Events that were older than they are kept."""
        self._forgotten += count

    def text(self, pool: Mapping[str, int]) -> str:
        """All of it; `pool` are the numbers of the connection pool."""
        return "\n".join([*self._lines(pool), ""])

    def _lines(self, pool: Mapping[str, int]) -> Iterator[str]:
        yield from _head("interhub_build_info", "gauge", "The version that runs.")
        yield _line("interhub_build_info", {"version": self._version}, 1)
        yield from _head("interhub_requests_total", "counter", "Requests answered.")
        for (method, route, status), count in sorted(self._requests.items()):
            labels = {"method": method, "route": route, "status": str(status)}
            yield _line("interhub_requests_total", labels, count)
        yield from _head("interhub_request_seconds", "histogram", "How long requests took.")
        for (method, route), counts in sorted(self._seconds.items()):
            yield from self._histogram({"method": method, "route": route}, counts, self._sums[method, route])
        yield from _head("interhub_webhook_attempts_total", "counter", "Attempts to deliver a webhook.")
        for result, count in sorted(self._deliveries.items()):
            yield _line("interhub_webhook_attempts_total", {"result": result}, count)
        yield from _head("interhub_forgotten_events_total", "counter", "Events older than they are kept.")
        yield f"interhub_forgotten_events_total {self._forgotten}"
        yield from _head("interhub_database_connections", "gauge", "Connections to PostgreSQL, and who waits for one.")
        for state, count in sorted(pool.items()):
            yield _line("interhub_database_connections", {"state": state}, count)

    def _histogram(self, labels: Mapping[str, str], counts: Iterable[int], total: float) -> Iterator[str]:
        seen = 0
        for bound, count in zip([*map(str, _BOUNDS), "+Inf"], counts, strict=True):
            seen += count
            yield _line("interhub_request_seconds_bucket", {**labels, "le": bound}, seen)
        yield _line("interhub_request_seconds_sum", labels, round(total, 6))
        yield _line("interhub_request_seconds_count", labels, seen)


def _head(name: str, kind: str, about: str) -> Iterator[str]:
    yield f"# HELP {name} {about}"
    yield f"# TYPE {name} {kind}"


def _line(name: str, labels: Mapping[str, str], value: float) -> str:
    listed = ",".join(f'{label}="{_escaped(text)}"' for label, text in labels.items())
    return f"{name}{{{listed}}} {value}"


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace("\n", r"\n").replace('"', r"\"")

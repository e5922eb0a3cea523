"""`vsmhub emit --from`: many events at once, each group of them kept in one transaction."""

import queue
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from vsmhub.cli.handing import hand_on, way
from vsmhub.cli.lines import called, lines_of, unread
from vsmhub.cli.output import say, say_json
from vsmhub.evidence.delivery import Report
from vsmhub.evidence.lines import Lines
from vsmhub.evidence.outbox import Outbox

if TYPE_CHECKING:
    from vsmhub.spec.model import HubSpec

TOGETHER = 1000
"""Lines of a stream that are kept in one transaction, when so many are there."""


def emit_lines(
    spec: "HubSpec", source: Path, target: str | None, base: str | None, *, queued: bool, as_json: bool
) -> bool:
    """Keep the events of a file, all or none, or of standard input as they come; hand on; whether none was refused.

    EvidenceError for a line that is no event. Of a stream, what was kept before it stays.
    """
    stream = str(source) == "-"
    to = way(target, base)
    lines = Lines(spec, called(source))
    kept = new = 0
    with Outbox(to.file) as outbox:
        for group in _arriving(sys.stdin) if stream else [lines_of(source)]:
            envelopes = list(lines.envelopes(group))
            new += outbox.put(envelopes)
            kept += len(envelopes)
        slug = spec.hub.slug
        report = Report(waiting=outbox.waiting(), stopped="") if queued else hand_on(to, outbox, slug)
    facts = {
        "kept": kept,
        "new": new,
        "delivered": report.delivered,
        "refused": report.refused,
        "waiting": report.waiting,
        "said": report.stopped,
        "target": to.target.name,
    }
    if as_json:
        say_json(facts)
    else:
        again = f", {kept - new} of them kept before" if new < kept else ""
        say(f"{kept} events{again}; {report.delivered} delivered, {report.refused} refused, {report.waiting} waiting")
        if report.stopped:
            say(report.stopped, "warn")
    return not report.refused


def _arriving(stream: TextIO) -> Iterator[list[str]]:
    """Lines in the groups in which they arrive: one that comes alone does not wait for others.

    UsageError, after the last group, where the stream cannot be read on.
    """
    arrived: queue.Queue[str | None] = queue.Queue(maxsize=4 * TOGETHER)
    failures: list[OSError | UnicodeDecodeError] = []

    def read() -> None:
        try:
            for line in stream:
                arrived.put(line)
        except (OSError, UnicodeDecodeError) as error:
            failures.append(error)
        finally:
            arrived.put(None)

    threading.Thread(target=read, daemon=True).start()
    line = arrived.get()
    while line is not None:
        group = [line]
        while len(group) < TOGETHER and not arrived.empty():
            line = arrived.get()
            if line is None:
                break
            group.append(line)
        yield group
        if line is not None:
            line = arrived.get()
    for error in failures:
        raise unread("standard input", error) from error

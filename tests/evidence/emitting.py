"""A hub at a running Inter-Hub, as evidence is handed to it; and an emitter as a process of its own."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.server.serving import HubUnderTest
from vsmhub.evidence.envelope import Envelope
from vsmhub.evidence.outbox import Outbox
from vsmhub.interhub.client import InterHub
from vsmhub.interhub.retry import RetryPolicy
from vsmhub.secrets.secret import Secret

SOURCE = "urn:tests"


@contextmanager
def client(hub: HubUnderTest, base: str | None = None) -> Iterator[InterHub]:
    """The hub's own client, directly or through a proxy; it asks once more at most."""
    with InterHub(
        base or "http://local",
        Secret(hub.key["key"]),
        socket=None if base else hub.inter_hub.socket,
        retries=RetryPolicy(attempts=2, base=0.01),
    ) as found:
        yield found


def event(hub: HubUnderTest, widget: str, number: int) -> Envelope:
    """The n-th event about a widget; always the same."""
    return Envelope.event(
        hub.slug,
        widget,
        hub.names["eventTypes"][0],
        source=SOURCE,
        name=f"{hub.slug}/{widget}/{number}",
        metadata={"number": number},
    )


if __name__ == "__main__":
    # hub, widget, event type, first number, count: puts them one by one, and says each number once it is kept.
    path, slug, widget, event_type, first, count = sys.argv[1:]
    with Outbox(Path(path)) as outbox:
        for number in range(int(first), int(first) + int(count)):
            envelope = Envelope.event(
                slug, widget, event_type, source=SOURCE, name=f"{slug}/{widget}/{number}", metadata={"number": number}
            )
            outbox.put([envelope])
            sys.stdout.write(f"{number}\n")
            sys.stdout.flush()

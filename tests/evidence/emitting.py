"""A hub at a running Inter-Hub, as evidence is handed to it; and an emitter as a process of its own."""

import random
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
    # hub, widget, event type, first number, count, seed: puts them in groups of 1 to 200, and says the last number of
    # each once all of it is kept.
    path, slug, widget, event_type, first, count, seed = sys.argv[1:]
    chance = random.Random(seed)
    with Outbox(Path(path)) as outbox:
        number, end = int(first), int(first) + int(count)
        while number < end:
            group = range(number, min(end, number + chance.choice((1, 1, 10, 200))))
            outbox.put(
                Envelope.event(
                    slug, widget, event_type, source=SOURCE, name=f"{slug}/{widget}/{each}", metadata={"number": each}
                )
                for each in group
            )
            number = group.stop
            sys.stdout.write(f"{number - 1}\n")
            sys.stdout.flush()

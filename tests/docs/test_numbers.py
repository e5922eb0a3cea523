"""The numbers that the documents give for limits, spans and defaults are those of the code."""

import inspect
import re
from datetime import timedelta

import pytest

from tests.docs.documents import REPOSITORY
from vsmhub.cli.commands.worker import worker
from vsmhub.cli.observing import OBSERVATIONS_ARE_KEPT
from vsmhub.evidence import lookout, proof
from vsmhub.evidence.delivery import KEYS_ARE_KEPT
from vsmhub.evidence.lanes import Lanes
from vsmhub.evidence.probes import exchange, git, output
from vsmhub.fleet.clock import WORTH_TELLING
from vsmhub.fleet.pace import LEAD, SILENT_AFTER, TICK, Pace
from vsmhub.fleet.worker import CONCURRENCY, GRACE
from vsmhub.interhub.messages.limits import BATCH_LIMIT, BODY_LIMIT, METADATA_LIMIT, PAGE_LIMIT
from vsmhub.plan.expiry import WARNED_BEFORE
from vsmhub.plan.journal import KEPT
from vsmhub.plan.key_changes import CLAIM_WITHIN
from vsmhub.server.events.retention import AT_ONCE
from vsmhub.server.housekeeping import keep_house
from vsmhub.server.settings import Settings
from vsmhub.spec import capability, references
from vsmhub.spec.spans import seconds

DAY, HOUR, MINUTE, SECOND = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1), timedelta(seconds=1)
KIB, MIB = 1 << 10, 1 << 20
WORDS = {1: "a", 2: "two", 10: "ten"}
SETTINGS = Settings(database="")
PACE = Pace()


def default(function: object, name: str) -> object:
    assert callable(function)
    return inspect.signature(function).parameters[name].default


def word(number: float) -> str:
    return WORDS[int(number)]


EVERY = default(keep_house, "every")
assert isinstance(EVERY, timedelta)

# What a document says, with the numbers from the code.
SAID = [
    ("architecture.md", f"pages of {PAGE_LIMIT:,}"),
    ("architecture.md", f"unless they are claimed within {word(CLAIM_WITHIN / 60)} minutes"),
    ("evidence.md", f"relied on for {KEYS_ARE_KEPT // HOUR} hours"),
    ("evidence.md", f"the reference Inter-Hub keeps them for {SETTINGS.idempotency_lifetime // HOUR})"),
    ("evidence.md", f"more than {KEYS_ARE_KEPT // HOUR} hours ago"),
    ("inter-hub.md", f"an access token is good for | {SETTINGS.token_lifetime // SECOND} |"),
    ("inter-hub.md", f"`Idempotency-Key` is remembered | {SETTINGS.idempotency_lifetime // SECOND} |"),
    ("inter-hub.md", f"may save up | {SETTINGS.rate_limit:.0f}, {SETTINGS.rate_burst} |"),
    ("inter-hub.md", f"connections to PostgreSQL | {SETTINGS.connections} |"),
    ("inter-hub.md", f"whether webhooks are delivered | {'yes' if SETTINGS.webhooks.enabled else 'no'} |"),
    ("inter-hub.md", f"link-local ones never | {'yes' if SETTINGS.webhooks.allow_private else 'no'} |"),
    ("inter-hub.md", f"Every {word(EVERY // MINUTE)} minutes, {AT_ONCE} at a time"),
    ("inter-hub.md", f"`limit` (up to {PAGE_LIMIT:,})"),
    ("inter-hub.md", f"Bodies are at most {BODY_LIMIT // MIB} MiB, metadata {METADATA_LIMIT // KIB} KiB"),
    ("inter-hub.md", f"a batch {BATCH_LIMIT:,} items"),
    ("inventory.md", f"at most {word(proof.AGES['health-checked'] // DAY)} day for health and endpoints"),
    ("inventory.md", f"{word(proof.AGES['backup-verified'] // DAY)} days for backups"),
    ("inventory.md", f"{proof.AGES['restore-tested'] // DAY} days for restore tests"),
    ("inventory.md", f"{proof.OTHER_AGE // DAY} days for the rest"),
    ("quickstart-new-hub.md", f"a token that lasts {SETTINGS.token_lifetime // MINUTE} minutes"),
    ("signals.md", f"At most {default(Lanes, 'quick')} look at once"),
    ("signals.md", f"From {lookout.MANY} signals on, and with `--watch` from {lookout.OFTEN:.0f} looks a second on"),
    ("signals.md", f"has not answered {lookout.PATIENCE:.0f} seconds after a signal's timeout"),
    ("signals.md", f"Every attempt is kept for {OBSERVATIONS_ARE_KEPT // DAY} days"),
    ("signals.md", f"read as far as {exchange.BODY_LIMIT // MIB} MiB, files and output {output.LIMIT // MIB} MiB"),
    ("targets.md", f"keys that end within {WARNED_BEFORE // DAY} days"),
    ("trust.md", f"the newest {KEPT} kept"),
    ("workers.md", f"Every {TICK} seconds one of the workers"),
    ("workers.md", f"due in the next {LEAD:.0f} seconds"),
    ("workers.md", f"at most {PACE.shard} probes each (`--shard`)"),
    ("workers.md", f"more than {WORTH_TELLING // SECOND} seconds off says so"),
    ("workers.md", f"`--lost-after` ({PACE.lost_after:.0f} s)"),
    ("workers.md", f"for {GRACE:.0f} seconds at most, and hands the rest"),
    ("workers.md", f"after {SILENT_AFTER:.0f} seconds it says so"),
]


@pytest.mark.parametrize(("document", "said"), SAID, ids=[f"{document}-{said[:40]}" for document, said in SAID])
def test_a_document_says_what_the_code_does(document: str, said: str) -> None:
    text = re.sub(r"\s+", " ", (REPOSITORY / "docs" / document).read_text())
    assert said in text


def test_numbers_that_are_the_same_on_both_sides_of_a_wall() -> None:
    """What cannot be imported, since a wall stands between or the import would take long, is written twice."""
    assert references.METADATA_LIMIT == capability.CAPABILITY_LIMIT == METADATA_LIMIT
    assert git.LIMIT == output.LIMIT
    assert default(worker, "concurrency") == CONCURRENCY
    assert default(worker, "shard") == PACE.shard
    assert seconds(str(default(worker, "lost_after"))) == PACE.lost_after

"""Evidence on this machine that may go once the database has taken the result that it rests on.

Results are noted in the database, and their evidence waits in this machine's outbox: two places that a kill may come
between. So evidence is held first, under a token; the token is committed in the database together with the results; and
what is held under a token goes when it is found there, or is dropped when it is not, because then the slots are
another's. Nothing is told twice, and nothing that was noted is left untold.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from vsmhub.evidence.attempts import Result
from vsmhub.evidence.claim import rfc3339
from vsmhub.evidence.cleaning import stored
from vsmhub.evidence.envelope import Envelope
from vsmhub.evidence.observations import SCHEMA as OBSERVATIONS
from vsmhub.evidence.observations import keep_attempts
from vsmhub.evidence.outbox import Outbox

SCHEMA = """
CREATE TABLE IF NOT EXISTS held (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    writer TEXT NOT NULL,
    token TEXT NOT NULL,
    envelope TEXT NOT NULL,
    held_at TEXT NOT NULL
);
"""
UNSURE_FOR = timedelta(seconds=60)
"""After this no commit can be under way any more: the database ends statements sooner."""


class Held:
    """What one writer of evidence holds in the file of an outbox."""

    def __init__(self, outbox: Outbox) -> None:
        self.writer = uuid4()
        self._outbox = outbox
        outbox.prepare(SCHEMA + OBSERVATIONS)

    def hold(self, token: UUID, evidence: Sequence[Envelope], *, hub: str, results: Sequence[Result] = ()) -> None:
        """Write evidence, and every attempt that it rests on."""
        secrets = self._outbox.secrets()
        now = rfc3339(datetime.now(UTC))
        with self._outbox.transaction() as connection:
            keep_attempts(connection, hub, results, secrets, again=True)
            connection.executemany(
                "INSERT INTO held (writer, token, envelope, held_at) VALUES (?, ?, ?, ?)",
                [(str(self.writer), str(token), stored(one.document(), secrets), now) for one in evidence],
            )

    def release(self, token: UUID) -> None:
        """Let what is held under a token go, in the order in which it was written."""
        with self._outbox.transaction() as connection:
            rows = connection.execute("SELECT envelope FROM held WHERE token = ? ORDER BY number", (str(token),))
            self._outbox.put_within(connection, [Envelope.model_validate_json(text) for (text,) in rows])
            connection.execute("DELETE FROM held WHERE token = ?", (str(token),))

    def renew(self) -> None:
        """Go on as another writer: of what this one committed last, nobody knows whether it was taken."""
        self.writer = uuid4()

    def drop(self, token: UUID) -> None:
        """Forget what is held under a token: the database took none of it."""
        with self._outbox.transaction() as connection:
            connection.execute("DELETE FROM held WHERE token = ?", (str(token),))

    def unsure(self) -> list[tuple[UUID, UUID]]:
        """Writers and tokens of what was left behind by a kill, or by a connection that broke."""
        before = rfc3339(datetime.now(UTC) - UNSURE_FOR)
        rows = self._outbox.read("SELECT DISTINCT writer, token FROM held WHERE held_at < ?", [before])
        return [(UUID(str(writer)), UUID(str(token))) for writer, token in rows]

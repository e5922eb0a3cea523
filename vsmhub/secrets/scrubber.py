"""Keeping every secret that passed through this process out of what it says."""

import logging

from vsmhub.redaction import redact
from vsmhub.secrets.place import Place
from vsmhub.secrets.record import KeyRecord
from vsmhub.secrets.secret import Secret
from vsmhub.secrets.store import SecretStore


class Scrubber(logging.Filter):
    """Knows secrets, and hides them. As a filter it belongs on handlers: a logger's own is skipped by its children."""

    def __init__(self) -> None:
        super().__init__()
        self._known: set[Secret] = set()

    def learn(self, secret: Secret) -> None:
        """Hide this one from now on."""
        self._known.add(secret)

    def clean(self, text: str) -> str:
        """`text` without any known secret, and without what looks like one."""
        return redact(text, [secret.reveal() for secret in self._known])

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record through, cleaned: message, traceback and stack."""
        record.msg, record.args = self.clean(record.getMessage()), ()
        if record.exc_info and not record.exc_text:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = self.clean(record.exc_text)
        record.exc_info = None  # a handler that formats it itself would bring it all back
        if record.stack_info:
            record.stack_info = self.clean(record.stack_info)
        return True


class WatchedStore:
    """A store whose secrets a scrubber learns as they come and go."""

    def __init__(self, store: SecretStore, scrubber: Scrubber) -> None:
        self._store = store
        self._scrubber = scrubber

    @property
    def writable(self) -> bool:
        return self._store.writable

    def describe(self, place: Place) -> str:
        return self._store.describe(place)

    def prepare(self, place: Place) -> None:
        self._store.prepare(place)

    def get(self, place: Place) -> KeyRecord | None:
        record = self._store.get(place)
        if record is not None:
            self._scrubber.learn(record.secret)
        return record

    def put(self, place: Place, record: KeyRecord) -> None:
        self._scrubber.learn(record.secret)
        self._store.put(place, record)

    def delete(self, place: Place) -> bool:
        return self._store.delete(place)

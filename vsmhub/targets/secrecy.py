"""What this process has learned of secrets, and what it says without them.

One scrubber serves the whole process, because what it guards does as well: the standard streams and logging.
"""

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import unquote

from vsmhub.secrets.errors import BadSecret
from vsmhub.secrets.scrubber import Scrubber, WatchedStore
from vsmhub.secrets.secret import Secret
from vsmhub.secrets.store import SecretStore

_SCRUBBER = Scrubber()
# A password may be an everyday word, which would then be missing from every message.
SHORTEST_PASSWORD = 8
# A password as a member of a connection string: password=secret, password='se cret', ?password=secret&…
_PASSWORD = re.compile(r"password\s*=\s*(?:'((?:[^'\\]|\\.)*)'|([^\s&']+))")


def watched(store: SecretStore) -> SecretStore:
    """`store`, whose secrets are hidden from all messages as soon as they pass."""
    return WatchedStore(store, _SCRUBBER)


def clean(text: str) -> str:
    """`text` without any secret that is known."""
    return _SCRUBBER.clean(text)


def learn(secret: Secret) -> None:
    """Hide this secret from now on."""
    _SCRUBBER.learn(secret)


def learn_password(url: str) -> None:
    """Hide a connection string, and what it holds between the user and the last `@`, also where it is malformed."""
    password = url.partition("://")[2].rpartition("@")[0].partition(":")[2]
    for text in (url if password else "", password if len(password) >= SHORTEST_PASSWORD else ""):
        try:
            _SCRUBBER.learn(Secret(text))
        except BadSecret:  # empty, or nothing that could be used
            continue


def learn_dsn(text: str) -> None:
    """Hide a connection string in either of its forms, and its password."""
    learn_password(text)
    for quoted, plain in _PASSWORD.findall(text):
        password = re.sub(r"\\(.)", r"\1", quoted) or plain
        for secret in (password, unquote(password)):
            learn_password(f"x://u:{secret}@")
    with suppress(BadSecret):
        if _PASSWORD.search(text):
            _SCRUBBER.learn(Secret(text))


@contextmanager
def clean_logs() -> Iterator[None]:
    """Clean every log record where it is made, so that no handler has to be known, whoever adds it."""
    made = logging.getLogRecordFactory()

    def cleaned(*args: object, **more: object) -> logging.LogRecord:
        record = made(*args, **more)
        _SCRUBBER.filter(record)
        return record

    logging.setLogRecordFactory(cleaned)
    try:
        yield
    finally:
        logging.setLogRecordFactory(made)

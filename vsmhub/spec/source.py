"""The text of a hand-written file, or what keeps it from being read."""

import re
from pathlib import Path

from vsmhub.spec.complaint import Complaint, quoted
from vsmhub.spec.errors import SpecError

SIZE_LIMIT = 4 * 1024 * 1024
"""In bytes; a spec of 10,000 widgets is about half of it."""

_OTHER_ENCODINGS = {b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16"}
_MARK = b"\xef\xbb\xbf"
# What YAML 1.2 calls printable (yaml.org/spec/1.2.2, 5.1).
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def read_source(file: Path) -> str:
    """The text of `file`, which is UTF-8 and at most `SIZE_LIMIT` long; SpecError when it is not."""
    try:
        with file.open("rb") as stream:
            raw = stream.read(SIZE_LIMIT + 1)
    except FileNotFoundError:
        raise _error(file, "there is no such file") from None
    except NotADirectoryError:
        raise _error(file, "there is no such file; a part of the path is no folder") from None
    except IsADirectoryError:
        raise _error(file, "this is a folder, not a file") from None
    except (OSError, ValueError) as error:
        raise _error(file, f"the file cannot be read: {getattr(error, 'strerror', None) or error}") from error
    if len(raw) > SIZE_LIMIT:
        raise _error(file, f"the file is larger than {SIZE_LIMIT // 1024 // 1024} MiB")
    return _printable(file, _decoded(file, raw))


def _decoded(file: Path, raw: bytes) -> str:
    for mark, encoding in _OTHER_ENCODINGS.items():
        if raw.startswith(mark):
            raise _error(file, f"the file is {encoding}", hint="save it as UTF-8")
    if raw.startswith(_MARK):
        raise _error(file, "the file begins with a byte order mark", hint="save it as UTF-8 without one")
    try:
        return raw.decode()
    except UnicodeDecodeError as error:
        line, column = _position(raw[: error.start].decode(errors="replace"))
        message = f"the byte 0x{raw[error.start]:02x} is not UTF-8"
        raise _error(file, message, line, column, hint="save the file as UTF-8") from error


def _printable(file: Path, text: str) -> str:
    if found := _UNPRINTABLE.search(text):
        line, column = _position(text[: found.start()])
        message = f"the character {quoted(found[0])} cannot stand in YAML"
        raise _error(file, message, line, column, hint="in double quotes, write it as an escape")
    return text


def _position(before: str) -> tuple[int, int]:
    return before.count("\n") + 1, len(before) - before.rfind("\n")


def _error(file: Path, message: str, line: int = 0, column: int = 0, *, hint: str = "") -> SpecError:
    return SpecError([Complaint(rule="file", message=message, file=file, line=line, column=column, hint=hint)])

"""Complaints in the forms that people, programs, GitHub and code scanning read.

SARIF is 2.1.0 (docs.oasis-open.org/sarif/sarif/v2.1.0); the workflow commands are GitHub's, which Gitea's runner takes
over (docs.github.com/actions/reference/workflow-commands-for-github-actions).
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from enum import StrEnum
from pathlib import Path, PurePath
from urllib.parse import quote

from vsmhub.spec.complaint import Complaint, plain

SARIF_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


class Format(StrEnum):
    """The forms a report can have."""

    TEXT = "text"
    JSON = "json"
    GITHUB = "github"
    SARIF = "sarif"


def report(complaints: Sequence[Complaint], form: Format, *, rules: Mapping[str, str], version: str) -> str:
    """All complaints in one form, ending with a line break unless there is nothing to say.

    `rules` says in a sentence what each rule asks for; `version` is that of vsmhub.
    """
    return _FORMS[form]([_printable(complaint) for complaint in complaints], rules, version)


def _printable(complaint: Complaint) -> Complaint:
    """What comes of a file that somebody else wrote: a line of its own could be a command to a runner."""
    return replace(
        complaint,
        message=_lines(complaint.message),
        hint=_lines(complaint.hint),
        pointer=tuple(plain(part) if isinstance(part, str) else part for part in complaint.pointer),
    )


def _lines(text: str) -> str:
    return "\n".join(map(plain, text.split("\n")))


def counts(complaints: Sequence[Complaint]) -> tuple[int, int]:
    """How many errors and how many warnings there are."""
    errors = sum(complaint.severity == "error" for complaint in complaints)
    return errors, len(complaints) - errors


def _text(complaints: Sequence[Complaint], _: Mapping[str, str], __: str) -> str:
    return "".join(
        plain(f"{_where(complaint)}: {complaint.severity}: {complaint.message}{_hint(complaint)} [{complaint.rule}]")
        + "\n"
        for complaint in complaints
    )


def _json(complaints: Sequence[Complaint], _: Mapping[str, str], __: str) -> str:
    errors, warnings = counts(complaints)
    facts = {"errors": errors, "warnings": warnings, "complaints": [_facts(complaint) for complaint in complaints]}
    return json.dumps(facts, indent=2, ensure_ascii=False) + "\n"


def _facts(complaint: Complaint) -> dict[str, object]:
    return {
        "rule": complaint.rule,
        "severity": complaint.severity,
        "message": complaint.message,
        "hint": complaint.hint,
        "file": str(complaint.file),
        "line": complaint.line,
        "column": complaint.column,
        "pointer": "".join(f"/{_escaped(str(part))}" for part in complaint.pointer),
    }


def _escaped(part: str) -> str:
    return part.replace("~", "~0").replace("/", "~1")  # RFC 6901


def _github(complaints: Sequence[Complaint], _: Mapping[str, str], __: str) -> str:
    lines = []
    for complaint in complaints:
        place = f",line={complaint.line},col={complaint.column}" if complaint.line else ""
        file = _property(plain(_uri_path(complaint.file)))
        title = _property(complaint.rule)
        message = _data(f"{complaint.message}{_hint(complaint)}")
        lines.append(f"::{complaint.severity} file={file}{place},title={title}::{message}\n")
    return "".join(lines)


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def _sarif(complaints: Sequence[Complaint], rules: Mapping[str, str], version: str) -> str:
    used = sorted({complaint.rule for complaint in complaints})
    driver = {
        "name": "vsmhub",
        "semanticVersion": version,
        "rules": [{"id": rule, "shortDescription": {"text": rules.get(rule, rule)}} for rule in used],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(complaint, used.index(complaint.rule)) for complaint in complaints],
    }
    return json.dumps({"$schema": SARIF_SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2, ensure_ascii=False) + "\n"


def _result(complaint: Complaint, rule: int) -> dict[str, object]:
    place: dict[str, object] = {"artifactLocation": {"uri": _uri(complaint.file)}}
    if complaint.line:
        place["region"] = {"startLine": complaint.line, "startColumn": complaint.column}
    return {
        "ruleId": complaint.rule,
        "ruleIndex": rule,
        "level": complaint.severity,
        "message": {"text": f"{complaint.message}{_hint(complaint)}"},
        "locations": [{"physicalLocation": place}],
    }


def _uri(file: Path) -> str:
    path = _uri_path(file)
    return f"file://{quote(path)}" if path.startswith("/") else quote(path)


def _uri_path(file: PurePath) -> str:
    """The path from the working directory where the file is below it, so that machines elsewhere find it too."""
    here = Path.cwd()
    return (file.relative_to(here) if file.is_relative_to(here) else file).as_posix()


def _where(complaint: Complaint) -> str:
    return f"{complaint.file}:{complaint.line}:{complaint.column}" if complaint.line else str(complaint.file)


def _hint(complaint: Complaint) -> str:
    return f" ({complaint.hint})" if complaint.hint else ""


_FORMS: dict[Format, Callable[[Sequence[Complaint], Mapping[str, str], str], str]] = {
    Format.TEXT: _text,
    Format.JSON: _json,
    Format.GITHUB: _github,
    Format.SARIF: _sarif,
}

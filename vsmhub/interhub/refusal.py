"""Turning an answer that is not a success into an error that says what, where and what to do."""

from collections.abc import Callable
from http import HTTPStatus
from urllib.parse import urlsplit

from pydantic import ValidationError

from vsmhub.interhub.errors import (
    Conflict,
    Forbidden,
    InterHubError,
    Invalid,
    Nonsense,
    NotFound,
    PreconditionFailed,
    RateLimited,
    Refused,
    ServerFault,
    Unauthorized,
)
from vsmhub.interhub.exchange import Call, Reply
from vsmhub.interhub.messages.wire import FieldProblem, Problem

KINDS: dict[int, type[Refused]] = {
    401: Unauthorized,
    403: Forbidden,
    404: NotFound,
    409: Conflict,
    412: PreconditionFailed,
    429: RateLimited,
}
HINTS: dict[type[Refused], str] = {
    Unauthorized: "Check the key: it may be wrong, expired, revoked, or of another target.",
    Forbidden: "Use another key: framework:… scopes are the operator's, hub:… ones the hub's own.",
    RateLimited: "Wait, then try again.",
    ServerFault: "The target's log tells more; what was asked can safely be asked again.",
}
ELSEWHERE = "Is the base URL that of an Inter-Hub (…/api/v2)?"
LONGEST = 2000
SHORT = 100


def refusal(
    call: Call, target: str, reply: Reply, *, clean: Callable[[str], str], unsure: bool = False, tried: str = ""
) -> InterHubError:
    """The error for `reply`, whose status is not one of success. `clean` takes secrets out of the target's words.

    `unsure` says that an earlier attempt of the same call got no answer, so that it may have been done already;
    `tried` tells how often it was asked.
    """
    where = call.at(target)
    if reply.status < 400:
        return _redirect(where, reply)
    problem, understood = _problem(reply, clean)
    said = f"{reply.status} {problem.title}".strip()
    # Targets often sum up in the detail what the fields say; once is enough.
    summed_up = bool(problem.errors) and problem.errors[0].detail in problem.detail
    if problem.detail and problem.detail != problem.title and not summed_up:
        said += f": {problem.detail}"
    if not understood:
        said += f" (no reason given; the answer was {_sort(reply)})"
    lines = [f"{where}: {said}{tried}", *(f"  {_field(one)}" for one in problem.errors)]
    kind = KINDS.get(reply.status) or (ServerFault if reply.status >= 500 else Invalid)
    hint = HINTS.get(kind, "" if understood else ELSEWHERE)
    if kind is PreconditionFailed:
        hint = "It changed since it was read: read it again, then decide."
        if unsure:
            hint = "An earlier attempt got no answer and may have made this change: read it again, then decide."
    return kind("\n".join(lines), problem=problem, hint=hint, unsure=unsure)


def nonsense(call: Call, target: str, reply: Reply, *, expected: str, places: str) -> Nonsense:
    """The error for an answer of success that is not what the contract says, with the names of the wrong members.

    It shows nothing of what they hold.
    """
    what = f"{reply.status} with {_sort(reply)}, where {expected} was expected" + (places and f" (wrong: {places})")
    return Nonsense(f"{call.at(target)}: {what}", hint=ELSEWHERE)


def _redirect(where: str, reply: Reply) -> Nonsense:
    location = printable(urlsplit(reply.headers.get("location", "")).path)[:200]
    what = f"{reply.status}" + (f" to {location}" if location else "")
    return Nonsense(
        f"{where}: {what}; an API does not redirect, so this is a page for browsers",
        hint="Is the base URL that of an Inter-Hub (…/api/v2), and does its API have this operation?",
    )


def _problem(reply: Reply, clean: Callable[[str], str]) -> tuple[Problem, bool]:
    try:
        found = Problem.model_validate_json(reply.body)
    except ValidationError:
        return Problem(title=_phrase(reply.status), status=reply.status), False

    def text(value: str) -> str:
        return clean(printable(value))[:LONGEST]

    def clear_field(one: FieldProblem) -> FieldProblem:
        value = text(one.value)[:SHORT] if isinstance(one.value, str) else None
        words = [text(word) for word in one.suggestions]
        return one.model_copy(
            update={"pointer": text(one.pointer), "detail": text(one.detail), "value": value, "suggestions": words}
        )

    clear = found.model_copy(
        update={
            "title": text(found.title) or _phrase(reply.status),
            "detail": text(found.detail),
            "instance": None if found.instance is None else text(found.instance),
            "errors": [clear_field(one) for one in found.errors],
        }
    )
    return clear, True


def _field(one: FieldProblem) -> str:
    guess = f"; did you mean {' or '.join(one.suggestions)}?" if one.suggestions else ""
    value = f" ({one.value!r})" if isinstance(one.value, str) and one.value not in one.detail else ""
    there = f" (it has the id {one.existing_id})" if one.existing_id else ""
    return f"{one.pointer or '(the whole request)'}{value}: {one.detail}{guess}{there}"


def _sort(reply: Reply) -> str:
    if not reply.body:
        return "nothing in it"
    if "html" in reply.content_type or reply.body.lstrip()[:1] == b"<":
        return "an HTML page"
    if reply.content_type.endswith("json"):
        return f"JSON of {len(reply.body)} bytes"
    return f"{len(reply.body)} bytes of {printable(reply.content_type)[:60] or 'no stated type'}"


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""


def printable(text: str) -> str:
    """`text` without what could move a terminal's cursor or forge a line."""
    return "".join(letter if letter.isprintable() else " " for letter in text)

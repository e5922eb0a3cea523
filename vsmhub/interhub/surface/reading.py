"""Reading a surface from an OpenAPI document. Pure: whether the target keeps what it says is another matter.

What the document names a little differently is adapted to where there is no doubt what is meant. Where there is, the
operation counts as not offered, and the reason says what is in doubt.
"""

from collections.abc import Iterable, Mapping

from pydantic import BaseModel, JsonValue

from vsmhub.interhub.errors import Nonsense
from vsmhub.interhub.refusal import printable
from vsmhub.interhub.surface.document import Document, Endpoint
from vsmhub.interhub.surface.listings import Unclear, batching, listing, told, unwrapped
from vsmhub.interhub.surface.matching import COUNTER, Match, match
from vsmhub.interhub.surface.model import PLAIN, Batching, Listing, Offer, Shape, Surface
from vsmhub.interhub.surface.operations import NEEDS, Form, Need, Operation

LONGEST = 500
NOT_DESCRIBED = "the document does not say what it {}; what the contract has is expected"
REUSED = "its request is described by its answer, so what only the target can know ({}) is not sent"


def read_surface(document: Mapping[str, JsonValue]) -> Surface:
    """The surface that an OpenAPI document describes. Raises Nonsense for what is no OpenAPI document."""
    if not isinstance(document.get("openapi"), str) or not isinstance(document.get("paths"), dict):
        raise Nonsense("what came as openapi.json is no OpenAPI document", hint="Is the base URL that of an Inter-Hub?")
    reading = Document(document)
    offered: dict[Operation, Offer] = {}
    gaps: dict[Operation, str] = {}
    for operation, need in NEEDS.items():
        try:
            offered[operation] = _offer(reading, need)
        except Unclear as gap:
            gaps[operation] = _words(str(gap))
    title, version = (_words(str(reading.info.get(name, ""))) for name in ("title", "version"))
    return Surface(offered, gaps, frozenset(reading.endpoints), title, version)


def _offer(document: Document, need: Need) -> Offer:
    endpoint = _endpoint(document, need)
    notes = [f"its path is {_spelt(endpoint)}"] if _spelt(endpoint) != need.path else []
    listed: Listing | None = None
    batched: Batching | None = None
    body, answer = document.body(endpoint), document.answer(endpoint)
    if need.form is Form.LIST and answer is not None:
        wrapped = unwrapped(document, answer)
        listed = listing(document, endpoint, wrapped, need.filters)
        answer = wrapped.items
        notes += told(listed)
        notes += _filtered(listed, need)
    elif need.form is Form.LIST:
        listed = Listing()
    elif need.form is Form.BATCH:
        batched, body, answer = batching(document, endpoint)
        notes += [f"at most {batched.most} at once"] if batched.most != Batching().most else []
    taken, request = _request(document, need, body, answer, notes)
    headers = {str(one.get("name", "")).lower() for one in endpoint.parameters if one.get("in") == "header"}
    if need.method == "POST" and need.path != "/token" and "idempotency-key" not in headers:
        notes.append("no Idempotency-Key, so that a request whose answer was lost is not sent again")
    tells, shape = _answer(document, need, answer, notes)
    # What it counts by is not known where it does not tell a revision.
    matched = "if-match" in headers and shape.counted
    if need.method == "PATCH" and not matched:
        notes.append("no If-Match, so that a change made by others at the same moment is not noticed")
    return Offer(
        method=endpoint.method,
        path=_spelt(endpoint),
        takes=taken,
        lacks=tuple(sorted(_fields(need.takes) - taken)),
        tells=tells,
        request=request,
        answer=shape,
        listing=listed,
        batching=batched,
        idempotent="idempotency-key" in headers,
        matched=matched,
        notes=tuple(dict.fromkeys(map(_words, notes))),
    )


def _endpoint(document: Document, need: Need) -> Endpoint:
    there = document.endpoints.get(need.path, ())
    found = [one for one in there if one.method == need.method]
    if len({one.path for one in found}) > 1:
        raise Unclear(f"{need.method} {need.path} may be {' or '.join(sorted(one.path for one in found))}")
    if found:
        return found[0]
    if not there:
        raise Unclear(f"{need.path} is not served")
    methods = ", ".join(dict.fromkeys(one.method for one in there))
    raise Unclear(f"{need.path} takes {methods} only, not {need.method}")


def _request(
    document: Document, need: Need, body: JsonValue, answer: JsonValue, notes: list[str]
) -> tuple[frozenset[str], Shape]:
    if need.takes is None:
        return frozenset(), PLAIN
    if body is None or not document.members(body).schemas:
        notes.append(NOT_DESCRIBED.format("takes"))
        return _fields(need.takes), PLAIN
    found = match(document, body, need.takes, need.called)
    required = {name for name, field in need.takes.model_fields.items() if field.is_required()}
    _refuse_missing(found, found.missing & (required | need.essential), "its request")
    unknown = found.unknown
    if unknown and document.resolved(body) == document.resolved(answer):
        notes.append(REUSED.format(", ".join(unknown)))
    elif unknown:
        raise Unclear(f"its request requires {', '.join(unknown)}, which the contract does not know")
    lacks = sorted(found.missing)
    if lacks:
        notes.append(f"does not take {', '.join(name.replace('_', ' ') for name in lacks)}")
    notes += _names(found.shape)
    return found.found, found.shape


def _answer(document: Document, need: Need, node: JsonValue, notes: list[str]) -> tuple[frozenset[str], Shape]:
    if node is None or not document.members(node).schemas:
        notes.append(NOT_DESCRIBED.format("answers"))
        return _fields(need.gives), PLAIN
    found = match(document, node, need.gives, need.called)
    required = {name for name, field in need.gives.model_fields.items() if field.is_required()}
    stands_in = {COUNTER} if "updated_at" in found.found else set()
    _refuse_missing(found, found.missing & (required | need.tells) - stands_in, "its answer")
    if not found.shape.counted:
        notes.append("keeps no revision; the time of the last write stands for it")
    notes += _names(found.shape)
    return found.found, found.shape


def _refuse_missing(found: Match, missing: frozenset[str] | set[str], where: str) -> None:
    if missing:
        raise Unclear("; ".join(f"{where} {found.why_not(name)}" for name in sorted(missing)))


def _names(shape: Shape) -> Iterable[str]:
    renamed = [f"{one.theirs} for {one.ours}" for one in shape.members if one.theirs != one.ours]
    if renamed:
        more = f" and {len(renamed) - 3} more" if len(renamed) > 3 else ""
        yield f"other names: {', '.join(renamed[:3])}{more}"


def _filtered(listed: Listing, need: Need) -> Iterable[str]:
    if len(listed.filters) < len(need.filters):
        missing = [
            name for name in need.filters if not any(name.replace("_", "") == one.lower() for one in listed.filters)
        ]
        if need.narrowed:
            raise Unclear(f"is not filtered by {', '.join(name.replace('_', ' ') for name in missing)}")
        yield f"not filtered by {', '.join(name.replace('_', ' ') for name in missing)}, which is done here"


def _words(text: str) -> str:
    """Text that has names of the document in it, for a terminal."""
    return printable(text)[:LONGEST]


def _fields(message: type[BaseModel] | None) -> frozenset[str]:
    return frozenset(message.model_fields) if message else frozenset()


def _spelt(endpoint: Endpoint) -> str:
    return "/".join("{}" if part.startswith("{") else part for part in endpoint.path.split("/"))

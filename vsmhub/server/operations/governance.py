"""The governed chain: requirement candidates, decisions, deployments, outcomes. Each is written once, for a cause."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from fastapi import Query
from sqlalchemy import Table, select
from starlette.responses import Response

from vsmhub.interhub.messages.governance import (
    Decision,
    DecisionCreate,
    Deployment,
    DeploymentCreate,
    Effect,
    Outcome,
    OutcomeCreate,
    Requirement,
    RequirementCreate,
    Verdict,
)
from vsmhub.interhub.messages.wire import Answer, FieldProblem, Line, Page, member
from vsmhub.interhub.tables import (
    annotations,
    decision_records,
    deployment_records,
    interaction_events,
    outcome_signals,
    requirement_candidates,
)
from vsmhub.server.answers import created, one
from vsmhub.server.call import Call, Calling
from vsmhub.server.caller import Needs
from vsmhub.server.identifiers import new_id
from vsmhub.server.lookups import find, get_readable
from vsmhub.server.operation import Operation
from vsmhub.server.pages import Listing, PageQuery, equal
from vsmhub.server.paths import Id
from vsmhub.server.problems import Refusal, field, invalid, pointer
from vsmhub.server.writes import insertion, kind_of


class RequirementQuery(PageQuery):
    hub_id: UUID | None = None
    interaction_event_id: UUID | None = None
    annotation_id: UUID | None = None


class DecisionQuery(PageQuery):
    hub_id: UUID | None = None
    requirement_candidate_id: UUID | None = None
    verdict: Verdict | None = None


class DeploymentQuery(PageQuery):
    hub_id: UUID | None = None
    decision_record_id: UUID | None = None
    environment: Line | None = None
    version: Line | None = None


class OutcomeQuery(PageQuery):
    hub_id: UUID | None = None
    deployment_record_id: UUID | None = None
    effect: Effect | None = None


def _listing(model: type[Answer], table: Table, query: type[PageQuery]) -> Listing:
    filters = [table.c[name] for name in query.model_fields if name not in PageQuery.model_fields]
    return Listing(model, select(table), table.c.id, equal(*filters), owner=table.c.hub_id)


REQUIREMENTS = _listing(Requirement, requirement_candidates, RequirementQuery)
DECISIONS = _listing(Decision, decision_records, DecisionQuery)
DEPLOYMENTS = _listing(Deployment, deployment_records, DeploymentQuery)
OUTCOMES = _listing(Outcome, outcome_signals, OutcomeQuery)


async def list_requirement_candidates(call: Calling, query: Annotated[RequirementQuery, Query()]) -> Response:
    """Requirement candidates of the hubs that the key may read."""
    return await REQUIREMENTS.page(call, query)


async def create_requirement_candidate(call: Calling, body: RequirementCreate) -> Response:
    """What should change, because of an event, an annotation, or both; these are of the same hub."""
    call.caller.require_write(body.hub_id)
    if body.interaction_event_id is None and body.annotation_id is None:
        raise invalid(field("/interactionEventId", "or annotationId must name the cause"))
    problems: list[FieldProblem] = []
    for name, table in (("interaction_event_id", interaction_events), ("annotation_id", annotations)):
        cause_id: UUID | None = getattr(body, name)
        cause = None if cause_id is None else await find(call.connection, table, cause_id)
        if cause_id is not None and (cause is None or cause["hub_id"] != body.hub_id):
            what = kind_of(table).removesuffix("s").replace("-", " ")
            problems.append(field(pointer(member(name)), f"is not an {what} of this hub", value=str(cause_id)))
    if problems:
        raise invalid(*problems)
    return await _made(call, Requirement, requirement_candidates, body.hub_id, body.model_dump())


async def get_requirement_candidate(call: Calling, requirement_candidate_id: Id) -> Response:
    """One requirement candidate."""
    return one(Requirement, await get_readable(call, requirement_candidates, requirement_candidate_id))


async def list_decision_records(call: Calling, query: Annotated[DecisionQuery, Query()]) -> Response:
    """Decisions of the hubs that the key may read."""
    return await DECISIONS.page(call, query)


async def create_decision_record(call: Calling, body: DecisionCreate) -> Response:
    """What was decided about a requirement candidate."""
    hub_id = await _hub_of_cause(
        call, requirement_candidates, "requirement_candidate_id", body.requirement_candidate_id
    )
    return await _made(call, Decision, decision_records, hub_id, body.model_dump())


async def get_decision_record(call: Calling, decision_record_id: Id) -> Response:
    """One decision."""
    return one(Decision, await get_readable(call, decision_records, decision_record_id))


async def list_deployment_records(call: Calling, query: Annotated[DeploymentQuery, Query()]) -> Response:
    """Deployments of the hubs that the key may read."""
    return await DEPLOYMENTS.page(call, query)


async def create_deployment_record(call: Calling, body: DeploymentCreate) -> Response:
    """What was deployed because of a decision."""
    hub_id = await _hub_of_cause(call, decision_records, "decision_record_id", body.decision_record_id)
    values = {**body.model_dump(), "deployed_at": body.deployed_at or datetime.now(UTC)}
    return await _made(call, Deployment, deployment_records, hub_id, values)


async def get_deployment_record(call: Calling, deployment_record_id: Id) -> Response:
    """One deployment."""
    return one(Deployment, await get_readable(call, deployment_records, deployment_record_id))


async def list_outcome_signals(call: Calling, query: Annotated[OutcomeQuery, Query()]) -> Response:
    """Outcomes of the hubs that the key may read."""
    return await OUTCOMES.page(call, query)


async def create_outcome_signal(call: Calling, body: OutcomeCreate) -> Response:
    """Whether a deployment helped."""
    hub_id = await _hub_of_cause(call, deployment_records, "deployment_record_id", body.deployment_record_id)
    values = {**body.model_dump(), "observed_at": body.observed_at or datetime.now(UTC)}
    return await _made(call, Outcome, outcome_signals, hub_id, values)


async def get_outcome_signal(call: Calling, outcome_signal_id: Id) -> Response:
    """One outcome."""
    return one(Outcome, await get_readable(call, outcome_signals, outcome_signal_id))


async def _hub_of_cause(call: Call, table: Table, name: str, cause_id: UUID) -> UUID:
    """The hub of a cause named in the body; 403 when it is not the caller's to write to, or is not at all."""
    cause = await find(call.connection, table, cause_id)
    if cause is None or cause["hub_id"] != call.caller.writes:
        problem = field(pointer(member(name)), "is not of a hub that the API key may write to", value=str(cause_id))
        raise Refusal(403, "This needs the scope hub:{slug}:write of the hub that the cause is in.", errors=[problem])
    hub_id: UUID = cause["hub_id"]
    return hub_id


async def _made(call: Call, model: type[Answer], table: Table, hub_id: UUID, values: Mapping[str, object]) -> Response:
    row = {**values, "id": new_id(), "hub_id": hub_id, "actor": call.caller.consumer_name}
    made = await insertion(call.author, table, [row]).row(call.connection)
    return created(model, made, kind_of(table))


_TAG = "Governance"
_READ, _WRITE = Needs.HUB_READ, Needs.HUB_WRITE
_REQUIREMENTS, _DECISIONS = "/requirement-candidates", "/decision-records"
_DEPLOYMENTS, _OUTCOMES = "/deployment-records", "/outcome-signals"
OPERATIONS = (
    Operation("GET", _REQUIREMENTS, list_requirement_candidates, _READ, Page[Requirement], _TAG),
    Operation("POST", _REQUIREMENTS, create_requirement_candidate, _WRITE, Requirement, _TAG, status=201, tagged=True),
    Operation(
        "GET",
        _REQUIREMENTS + "/{id}",
        get_requirement_candidate,
        _READ,
        Requirement,
        _TAG,
        tagged=True,
    ),
    Operation("GET", _DECISIONS, list_decision_records, _READ, Page[Decision], _TAG),
    Operation("POST", _DECISIONS, create_decision_record, _WRITE, Decision, _TAG, status=201, tagged=True),
    Operation("GET", _DECISIONS + "/{id}", get_decision_record, _READ, Decision, _TAG, tagged=True),
    Operation("GET", _DEPLOYMENTS, list_deployment_records, _READ, Page[Deployment], _TAG),
    Operation("POST", _DEPLOYMENTS, create_deployment_record, _WRITE, Deployment, _TAG, status=201, tagged=True),
    Operation("GET", _DEPLOYMENTS + "/{id}", get_deployment_record, _READ, Deployment, _TAG, tagged=True),
    Operation("GET", _OUTCOMES, list_outcome_signals, _READ, Page[Outcome], _TAG),
    Operation("POST", _OUTCOMES, create_outcome_signal, _WRITE, Outcome, _TAG, status=201, tagged=True),
    Operation("GET", _OUTCOMES + "/{id}", get_outcome_signal, _READ, Outcome, _TAG, tagged=True),
)

"""The gate: what opens it, what closes it, and what is said of each step and route."""

import pytest

from tests.interhub.surface import documents as make
from tests.interhub.surface.documents import Edit, document
from vsmhub.interhub.surface.gate import FAULTS, OLDER, Gate, judge
from vsmhub.interhub.surface.operations import Operation
from vsmhub.interhub.surface.reading import read_surface


def gate(*edits: Edit, status: int = 401) -> Gate:
    return judge(read_surface(document(*edits)), status)


def test_it_is_open_where_everything_is_there() -> None:
    found = gate()
    assert found.is_open
    assert not found.closed_by
    assert not found.notes
    # On no surface does the database make a key, whose secret it does not have.
    assert [f"{one.step.action} {one.step.kind}" for one in found.ways if one.sql] == [
        "create key",
        "revoke key",
        "create evidence",
    ]


CLOSED: dict[str, tuple[Edit, int, str]] = {
    "404, not 401": (make.both(), 404, "GET /hubs without credentials: 404: it is not there"),
    "open to all": (make.both(), 200, "GET /hubs without credentials: 200, where 401 was expected"),
    "a redirection": (make.both(), 302, "GET /hubs without credentials: 302, where 401 was expected"),
    "a required path": (make.without_path("/policy-scopes"), 401, "/policy-scopes: not served"),
    "a method": (make.without_method("/hubs", "post"), 401, "create hub: /hubs takes GET only, not POST"),
    "a request field": (
        make.without_members("ManifestCreate", "policyScopes"),
        401,
        "create manifest: its request has no policy scopes",
    ),
    "what a plan reads": (
        make.without_members("Key", "scopes"),
        401,
        "keys.list cannot be read: its answer has no scopes",
    ),
    "no way to submit events": (
        make.without_method("/interaction-events", "post"),
        401,
        "create evidence: /interaction-events takes GET only, not POST",
    ),
}


@pytest.mark.parametrize("case", CLOSED)
def test_it_is_closed_for_a_reason(case: str) -> None:
    edit, status, reason = CLOSED[case]
    found = gate(edit, status=status)
    assert not found.is_open
    assert reason in found.closed_by


OPEN: dict[str, Edit] = {
    "no batches": make.both(make.without_path("/widgets/batch"), make.without_path("/interaction-events/batch")),
    "batches alone": make.without_method("/widgets", "post"),
    "no later changes": make.without_method("/hubs/{id}", "patch"),
    "no trail": make.without_path("/audit-records"),
    "no VSM columns": make.without_members("HubCreate", "hubFamily", "vsmFunction", "vsmSystem"),
}


@pytest.mark.parametrize("case", OPEN)
def test_it_stays_open_without_what_a_first_bootstrap_can_do_without(case: str) -> None:
    assert gate(OPEN[case]).is_open


def test_the_faults_of_the_old_service_are_told_where_it_is_that() -> None:
    found = gate(lambda made: made["info"].update({"version": OLDER}))
    assert found.notes == ((Operation.EVENTS_CREATE, (FAULTS,)),)


def test_adaptations_are_told() -> None:
    found = gate(make.renamed("HubCreate", "vsmFunction", "vsm_function"), make.without_members("HubCreate", "hubKind"))
    (notes,) = [notes for operation, notes in found.notes if operation == "hubs.create"]
    assert [one.without for one in found.ways][:2] == [("hub_kind",), ()]
    assert notes == ("does not take hub kind", "other names: vsm_function for vsmFunction")

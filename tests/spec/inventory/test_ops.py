"""The inventory of ops-hub holds what its workplan states, and says of the rest that it is not known."""

from datetime import date
from pathlib import Path

import pytest

from vsmhub.spec.folder import load_folder
from vsmhub.spec.inventory.statements import statements

FOLDER = load_folder(Path(__file__).parents[3] / "hubs" / "ops")
assert FOLDER.inventory is not None
INVENTORY = FOLDER.inventory
STATEMENTS = statements(INVENTORY)

# An entry, a field of it, and what the workplan says there, with the day of the part that says it.
FACTS = [
    ("host/coulombcore", "addresses", "92.205.130.254", "2026-05-15"),
    ("host/railiance01", "addresses", "92.205.62.239", "2026-05-15"),
    ("host/railiance01", "dns_names", "hub.coulomb.social", "2026-05-19"),
    ("host/railiance01", "access", "root, worsch and ubuntu", "2026-05-19"),
    ("host/railiance01", "access", "config-hosteurope", "2026-05-19"),
    ("host/workstation", "notes", "context `default`", "2026-05-19"),
    ("cluster/coulombcore", "notes", "no deployment named inter-hub", "2026-05-19"),
    ("cluster/threephoenix", "nodes", "3", "2026-05-16"),
    ("deployment/gitea-coulombcore", "helm_release", "gitea", "2026-05-15"),
    ("deployment/gitea-coulombcore", "namespace", "default", "2026-05-15"),
    ("deployment/gitea-coulombcore", "node_port", "32166", "2026-05-15"),
    ("deployment/gitea-coulombcore", "runs_on", "cluster/coulombcore", "2026-05-15"),
    ("datastore/gitea-database", "namespace", "databases", "2026-05-15"),
    ("datastore/gitea-shared-storage", "volume_claim", "default/gitea-shared-storage", "2026-05-15"),
    ("endpoint/gitea-registry", "url", "https://gitea.coulomb.social/v2/", "2026-05-15"),
    ("endpoint/gitea-registry", "answers", "Docker-Distribution-Api-Version: registry/2.0", "2026-05-16"),
    ("service/gitea", "unproven", "encrypted Helm values", "2026-05-15"),
    ("service/gitea", "unproven", "package token", "2026-05-15"),
    ("service/gitea", "unproven", "docker login", "2026-05-15"),
    ("service/gitea", "unproven", "Pushing", "2026-05-15"),
    ("service/gitea", "unproven", "Pulling", "2026-05-15"),
    ("service/inter-hub", "owner", "inter-hub", "2026-06-06"),
    ("deployment/state-hub-local", "runs_on", "host/workstation", "2026-05-15"),
    ("deployment/postgresql-railiance01", "pod", "net-kingdom-pg-1", "2026-05-19"),
    ("deployment/postgresql-railiance01", "namespace", "databases", "2026-05-19"),
    ("endpoint/inter-hub-api", "url", "https://hub.coulomb.social/api/v2", "2026-05-16"),
    ("endpoint/inter-hub-api", "answers", "404 at /hubs", "2026-06-14"),
    ("endpoint/inter-hub-pages", "authentication", "/NewSession", "2026-05-16"),
    ("endpoint/inter-hub-openapi", "answers", "200", "2026-06-14"),
    ("secret-set/ops-hub-api-key", "notes", "framework:read, hub:ops-hub:read and hub:ops-hub:write", "2026-05-16"),
    ("secret-set/railiance01-access", "path", "~/.kube/config-hosteurope", "2026-05-19"),
    ("repository/ops-hub", "remote", "gitea-remote:coulomb/ops-hub.git", "2026-06-06"),
    ("repository/railiance-infra", "system", "S1", "2026-05-15"),
    ("repository/railiance-cluster", "system", "S2", "2026-05-15"),
    ("repository/railiance-platform", "system", "S3", "2026-05-15"),
    ("repository/railiance-enablement", "system", "S4", "2026-05-15"),
    ("repository/railiance-apps", "system", "S5", "2026-05-15"),
    ("repository/railiance-apps", "notes", "RAIL-AP-WP-0001", "2026-05-16"),
    ("repository/inter-hub", "notes", "IHUB-WP-0019", "2026-06-14"),
    ("repository/ops-hub", "notes", "OPS-WP-0002", "2026-06-14"),
    ("runbook/production-gate-probe", "exercised", "2026-06-14", "2026-06-14"),
    ("migration-wave/coulombcore-to-threephoenix", "origin", "coulombcore", "2026-05-16"),
    ("migration-wave/coulombcore-to-threephoenix", "destination", "threephoenix-prod", "2026-05-16"),
]


@pytest.mark.parametrize(("ref", "field", "text", "dated"), FACTS, ids=lambda value: value[:40])
def test_it_holds_what_the_workplan_states(ref: str, field: str, text: str, dated: str) -> None:
    found = [one for one in STATEMENTS if str(one.ref) == ref and one.field == field and text in one.text]
    assert [one.dated for one in found if one.known] == [date.fromisoformat(dated)]


UNKNOWN = [
    ("host/coulombcore", "os"),
    ("host/railiance01", "provider"),
    ("cluster/coulombcore", "version"),
    ("service/gitea", "owner"),
    ("service/state-hub", "owner"),
    ("endpoint/gitea-registry", "tls_issuer"),
    ("endpoint/gitea-registry", "dns_source"),
    ("endpoint/state-hub", "url"),
    ("datastore/state-hub-database", "runs_on"),
    ("backup/gitea-database", "policy.schedule"),
    ("backup/gitea-database", "restore_tests"),
    ("migration-wave/coulombcore-to-threephoenix", "cutover"),
]


@pytest.mark.parametrize(("ref", "field"), UNKNOWN)
def test_what_nobody_knows_is_unknown(ref: str, field: str) -> None:
    assert [one.known for one in STATEMENTS if str(one.ref) == ref and one.field == field] == [False]


def test_every_store_has_a_backup_that_somebody_has_to_find_out_about() -> None:
    assert {one.protects for one in INVENTORY.backups.values()} == set(INVENTORY.datastores)


def test_the_seed_widgets_stand_for_entries() -> None:
    named = {entry.widget for _, entry in INVENTORY.entries() if entry.widget}
    seeds = {widget.slug for widget in FOLDER.hub.widgets}
    assert seeds - named == {
        "ops-service-catalog",
        "ops-readiness-gitea-registry",
        "ops-readiness-state-hub-cluster-deploy",
    }
    assert [widget.slug for widget in FOLDER.declared().widgets][: len(seeds)] == [
        widget.slug for widget in FOLDER.hub.widgets
    ]

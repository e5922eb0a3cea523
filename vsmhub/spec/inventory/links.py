"""Where entries name others: which field of which kind, what that makes them to each other, what may stand there."""

from enum import StrEnum
from typing import NamedTuple

from vsmhub.spec.inventory.entry import EntryKind as Kind


class RelationKind(StrEnum):
    """What one entry is to another, read from the first to the second."""

    OWNED_BY = "owned by"
    PART_OF = "part of"
    RUNS_ON = "runs on"
    INSTANCE_OF = "instance of"
    EXPOSED_BY = "exposed by"
    USES = "uses"
    DEPENDS_ON = "depends on"
    PROTECTS = "protects"
    HAS_RUNBOOK = "has runbook"
    ABOUT = "about"
    LEAVES = "leaves"
    LEADS_TO = "leads to"
    MOVES = "moves"
    ROLLED_BACK_BY = "rolled back by"


class Link(NamedTuple):
    """A field that names other entries. With one kind in `targets` it holds keys, with several `kind/key`."""

    holder: Kind
    field: str
    relation: RelationKind
    targets: tuple[Kind, ...]


_PLACES = (Kind.HOST, Kind.CLUSTER)
_ANY = tuple(Kind)
_OWNED = tuple(kind for kind in Kind if kind not in {Kind.REPOSITORY, Kind.ENVIRONMENT, Kind.HOST, Kind.CLUSTER})

LINKS: tuple[Link, ...] = (
    *(Link(kind, "owner", RelationKind.OWNED_BY, (Kind.REPOSITORY,)) for kind in _OWNED),
    Link(Kind.HOST, "environments", RelationKind.PART_OF, (Kind.ENVIRONMENT,)),
    Link(Kind.CLUSTER, "environment", RelationKind.PART_OF, (Kind.ENVIRONMENT,)),
    Link(Kind.CLUSTER, "hosts", RelationKind.RUNS_ON, (Kind.HOST,)),
    Link(Kind.SERVICE, "depends_on", RelationKind.DEPENDS_ON, (*_PLACES, Kind.SERVICE, Kind.ENDPOINT, Kind.DATASTORE)),
    Link(Kind.SERVICE, "runbooks", RelationKind.HAS_RUNBOOK, (Kind.RUNBOOK,)),
    Link(Kind.DEPLOYMENT, "service", RelationKind.INSTANCE_OF, (Kind.SERVICE,)),
    Link(Kind.DEPLOYMENT, "environment", RelationKind.PART_OF, (Kind.ENVIRONMENT,)),
    Link(Kind.DEPLOYMENT, "runs_on", RelationKind.RUNS_ON, _PLACES),
    Link(Kind.DEPLOYMENT, "datastores", RelationKind.USES, (Kind.DATASTORE,)),
    Link(Kind.DEPLOYMENT, "secret_sets", RelationKind.USES, (Kind.SECRET_SET,)),
    Link(Kind.ENDPOINT, "deployment", RelationKind.EXPOSED_BY, (Kind.DEPLOYMENT,)),
    Link(Kind.DATASTORE, "runs_on", RelationKind.RUNS_ON, (*_PLACES, Kind.DEPLOYMENT)),
    Link(Kind.BACKUP, "protects", RelationKind.PROTECTS, (Kind.DATASTORE,)),
    Link(Kind.RUNBOOK, "about", RelationKind.ABOUT, _ANY),
    Link(Kind.RISK, "affects", RelationKind.ABOUT, _ANY),
    Link(Kind.MIGRATION_WAVE, "origin", RelationKind.LEAVES, (Kind.ENVIRONMENT,)),
    Link(Kind.MIGRATION_WAVE, "destination", RelationKind.LEADS_TO, (Kind.ENVIRONMENT,)),
    Link(Kind.MIGRATION_WAVE, "services", RelationKind.MOVES, (Kind.SERVICE,)),
    Link(Kind.MIGRATION_WAVE, "rollback", RelationKind.ROLLED_BACK_BY, (Kind.RUNBOOK,)),
)

"""What must not be lost or leaked: datastores, the backups that protect them, and sets of secrets."""

from typing import Annotated, Literal

from pydantic import Field

from vsmhub.spec.inventory.entry import Key, Owned, RefFact, StateFact
from vsmhub.spec.inventory.facts import Day, DayFact, Fact, FactForms, LineFact, LinesFact, SpanFact
from vsmhub.spec.model import SpecModel
from vsmhub.spec.names import Line, Name

KeepingFact = Annotated[Fact[Literal["missing", "planned", "kept"]], FactForms("KeepingFact")]


class Datastore(Owned):
    """Data that outlives the process that wrote it."""

    state: StateFact = Field(description="Whether it exists.")
    engine: LineFact = Field(description="What keeps the data, such as `PostgreSQL`.")
    version: LineFact = Field(description="Version of the engine.")
    data_class: LineFact = Field(description="What kind of data it is, and how much care that takes.")
    rpo: SpanFact = Field(description="How much may be lost, as a span of time.")
    rto: SpanFact = Field(description="How long it may be away.")
    runs_on: RefFact = Field(description="The deployment, cluster or host that it is on.")
    namespace: LineFact | None = Field(default=None, description="Kubernetes namespace.")
    volume_claim: LineFact | None = Field(default=None, description="Persistent volume claim, as namespace/name.")


class Trial(SpecModel):
    """One run of a backup, or one test of a restore."""

    at: Day = Field(description="When it was.")
    outcome: Literal["pass", "fail"] = Field(description="What came of it.")
    evidence: Line = Field(description="Where that can be seen.")
    source: Name | None = Field(default=None, description="One of `sources`; the entry's own where it is left out.")


TrialsFact = Annotated[Fact[tuple[Trial, ...]], FactForms("TrialsFact")]


class BackupPolicy(SpecModel):
    """What should be kept, how often and for how long."""

    schedule: LineFact = Field(description="When a backup is made.")
    retention: SpanFact = Field(description="How long one is kept.")
    destination: LineFact = Field(description="Where it is kept.")
    tool: LineFact = Field(description="What makes it.")


class Backup(Owned):
    """What protects a datastore. A completed backup proves no restore, so restores are tried and noted separately."""

    protects: Key = Field(description="The datastore.")
    policy: BackupPolicy = Field(description="What is meant to happen.")
    runs: TrialsFact = Field(description="What has happened; an empty list says that nothing has.")
    restore_tests: TrialsFact = Field(description="Restores that were tried.")


class SecretSet(Owned):
    """A group of secrets: where it is kept and what its keys are called; never what they hold."""

    state: KeepingFact = Field(description="Whether it is where it should be.")
    store: LineFact = Field(description="The kind of store.")
    path: LineFact = Field(description="Where in the store it is.")
    keys: LinesFact = Field(description="Names of its keys, without what they hold.")
    rotated_at: DayFact = Field(description="When its secrets were last exchanged.")
    max_age: SpanFact = Field(description="How old they may grow.")

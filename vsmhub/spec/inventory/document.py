"""`inventory.yaml` as a whole."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Literal, NamedTuple

from pydantic import Field

from vsmhub.spec.inventory.change import MigrationWave, Risk, Runbook
from vsmhub.spec.inventory.entry import Entry, EntryKind, Key
from vsmhub.spec.inventory.facts import Source
from vsmhub.spec.inventory.places import Cluster, Environment, Host, Repository
from vsmhub.spec.inventory.services import Deployment, Endpoint, Service
from vsmhub.spec.inventory.stores import Backup, Datastore, SecretSet
from vsmhub.spec.model import SpecModel
from vsmhub.spec.names import Name

INVENTORY_FORMAT = "vsmhub/inventory/v1"

SECTIONS: Mapping[EntryKind, str] = {
    EntryKind.REPOSITORY: "repositories",
    EntryKind.ENVIRONMENT: "environments",
    EntryKind.HOST: "hosts",
    EntryKind.CLUSTER: "clusters",
    EntryKind.SERVICE: "services",
    EntryKind.DEPLOYMENT: "deployments",
    EntryKind.ENDPOINT: "endpoints",
    EntryKind.DATASTORE: "datastores",
    EntryKind.BACKUP: "backups",
    EntryKind.SECRET_SET: "secret_sets",
    EntryKind.RUNBOOK: "runbooks",
    EntryKind.RISK: "risks",
    EntryKind.MIGRATION_WAVE: "migration_waves",
}
"""Under which key of the file the entries of a kind are."""


class Ref(NamedTuple):
    """An entry, by kind and key; as text `cluster/coulombcore`."""

    kind: EntryKind
    key: str

    def __str__(self) -> str:
        return f"{self.kind}/{self.key}"

    @classmethod
    def parse(cls, text: str) -> "Ref":
        """The entry that a `RefText` names; ValueError when there is no such kind."""
        kind, _, key = text.partition("/")
        return cls(EntryKind(kind), key)


class Defaults(SpecModel):
    """What the widgets of entries have that do not say it themselves."""

    policy_scopes: dict[EntryKind, Name] = Field(
        default_factory=dict, description="Policy scope of the widgets of a kind, before that of their environment."
    )
    policy_scope: Name | None = Field(default=None, description="Policy scope of widgets that have no other.")


class Inventory(SpecModel):
    """What is declared to exist. Entries are mappings by key; each key is unique among those of its kind."""

    spec: Literal["vsmhub/inventory/v1"] = Field(description="Format of this file.")
    widgets: Defaults = Field(default_factory=Defaults, description="What the entries' widgets have in common.")
    sources: Annotated[dict[Key, Source], Field(min_length=1)] = Field(description="Where the facts come from.")
    repositories: dict[Key, Repository] = Field(default_factory=dict, description="What owns things.")
    environments: dict[Key, Environment] = Field(default_factory=dict, description="Where services run.")
    hosts: dict[Key, Host] = Field(default_factory=dict, description="Machines.")
    clusters: dict[Key, Cluster] = Field(default_factory=dict, description="Kubernetes clusters.")
    services: dict[Key, Service] = Field(default_factory=dict, description="What others rely on.")
    deployments: dict[Key, Deployment] = Field(default_factory=dict, description="Services in environments.")
    endpoints: dict[Key, Endpoint] = Field(default_factory=dict, description="Where deployments answer.")
    datastores: dict[Key, Datastore] = Field(default_factory=dict, description="Data that is kept.")
    backups: dict[Key, Backup] = Field(default_factory=dict, description="What protects the data.")
    secret_sets: dict[Key, SecretSet] = Field(default_factory=dict, description="Where secrets are, by key name only.")
    runbooks: dict[Key, Runbook] = Field(default_factory=dict, description="Procedures.")
    risks: dict[Key, Risk] = Field(default_factory=dict, description="What may go wrong.")
    migration_waves: dict[Key, MigrationWave] = Field(default_factory=dict, description="What moves together.")

    def entries(self) -> Iterator[tuple[Ref, Entry]]:
        """Every entry, kind by kind, in the order of the file."""
        for kind, section in SECTIONS.items():
            for key, entry in getattr(self, section).items():
                yield Ref(kind, key), entry

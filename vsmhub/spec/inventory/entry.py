"""What every entry of an inventory has: a kind, a name to refer to it by, and facts."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from vsmhub.spec.inventory.facts import Fact, FactForms, Remarks
from vsmhub.spec.model import SpecModel
from vsmhub.spec.names import MEANING, NAME_PATTERN, Line, Name, ViewContext

KEY_LIMIT = 40
"""Characters of an entry's key: with the kind before it, it still fits into a name of Backstage (63)."""

REF_PATTERN = r"^[a-z]+(-[a-z]+)*/[a-z][a-z0-9]*(-[a-z0-9]+)*$"
ADDRESS_PATTERN = r"^([0-9]{1,3}(\.[0-9]{1,3}){3}|[0-9a-f:]*:[0-9a-f:.]*)$"
URL_PATTERN = r"^[a-z][a-z0-9+.-]*://[^\s/?#]+[^\s]*$"

MEANING[REF_PATTERN] = "it takes a kind and a name, such as `cluster/coulombcore`"
MEANING[ADDRESS_PATTERN] = "it takes an IPv4 or IPv6 address"
MEANING[URL_PATTERN] = "it takes a URL, such as `https://ops.example.org/`"

Key = Annotated[str, StringConstraints(pattern=NAME_PATTERN, min_length=1, max_length=KEY_LIMIT)]
"""What an entry is called among those of its kind."""

RefText = Annotated[str, StringConstraints(pattern=REF_PATTERN, max_length=63)]
"""An entry of any kind, such as `cluster/coulombcore`."""

Address = Annotated[str, StringConstraints(pattern=ADDRESS_PATTERN, max_length=45)]
Url = Annotated[str, StringConstraints(pattern=URL_PATTERN, max_length=500)]

State = Literal["planned", "live", "retired"]

KeyFact = Annotated[Fact[Key], FactForms("KeyFact")]
KeysFact = Annotated[Fact[tuple[Key, ...]], FactForms("KeysFact")]
RefFact = Annotated[Fact[RefText], FactForms("RefFact")]
RefsFact = Annotated[Fact[tuple[RefText, ...]], FactForms("RefsFact")]
UrlFact = Annotated[Fact[Url], FactForms("UrlFact")]
AddressesFact = Annotated[Fact[tuple[Address, ...]], FactForms("AddressesFact")]
StateFact = Annotated[Fact[State], FactForms("StateFact")]


class EntryKind(StrEnum):
    """The kinds of entry, in the order in which they are shown."""

    REPOSITORY = "repository"
    ENVIRONMENT = "environment"
    HOST = "host"
    CLUSTER = "cluster"
    SERVICE = "service"
    DEPLOYMENT = "deployment"
    ENDPOINT = "endpoint"
    DATASTORE = "datastore"
    BACKUP = "backup"
    SECRET_SET = "secret-set"  # noqa: S105 - a kind, not a secret
    RUNBOOK = "runbook"
    RISK = "risk"
    MIGRATION_WAVE = "migration-wave"


class Entry(SpecModel):
    """Anything in an inventory."""

    name: Line = Field(description="Name for people.")
    source: Name = Field(description="One of `sources`: where every fact of the entry comes from that names no other.")
    policy_scope: Name | None = Field(
        default=None, description="Policy scope of the entry's widget; its environment's where it is left out."
    )
    widget: Name | None = Field(default=None, description="Slug of the hub's own widget that stands for the entry.")
    view_context: ViewContext | None = Field(default=None, description="Where the entry's widget is seen from.")
    unproven: Remarks = Field(default=(), description="What is said of the entry without anything that proves it.")
    notes: Remarks = Field(default=(), description="Facts that have no field of their own.")


class Owned(Entry):
    """An entry that somebody answers for."""

    owner: KeyFact = Field(description="The repository that answers for it.")

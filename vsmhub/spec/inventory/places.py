"""Where things run: environments, hosts and clusters, and the repositories that answer for what runs there."""

from typing import Annotated

from pydantic import Field

from vsmhub.spec.inventory.entry import AddressesFact, Entry, KeyFact, KeysFact, StateFact, UrlFact
from vsmhub.spec.inventory.facts import Fact, FactForms, LineFact, NumberFact, Remarks
from vsmhub.spec.names import Domain

DomainsFact = Annotated[Fact[tuple[Domain, ...]], FactForms("DomainsFact")]


class Repository(Entry):
    """A repository: what owns anything here, for owners are repositories and no persons."""

    holds: LineFact = Field(description="What it is the home of.")
    system: LineFact | None = Field(default=None, description="The layer or system it answers for, such as `S1`.")
    remote: LineFact | None = Field(default=None, description="Where it is fetched from.")
    checkout: LineFact | None = Field(default=None, description="Where a working copy is.")


class Environment(Entry):
    """A place in which services run under one set of rules."""

    state: StateFact = Field(description="Whether it exists.")
    tier: LineFact = Field(description="How much depends on it, such as `transitional production`.")
    region: LineFact = Field(description="Where it is.")
    purpose: LineFact = Field(description="What it is there for.")
    unlisted: Remarks = Field(default=(), description="What is known to run here that nobody has listed.")


class Host(Entry):
    """A machine with addresses of its own."""

    state: StateFact = Field(description="Whether it exists.")
    environments: KeysFact = Field(description="The environments it is part of.")
    addresses: AddressesFact = Field(description="Its IP addresses.")
    os: LineFact = Field(description="Operating system and version.")
    provider: LineFact = Field(description="Who runs the machine.")
    dns_names: DomainsFact | None = Field(default=None, description="Names that resolve to it.")
    access: Remarks = Field(default=(), description="How an operator gets in, or does not.")
    unlisted: Remarks = Field(default=(), description="What is known to run here that nobody has listed.")


class Cluster(Entry):
    """A Kubernetes cluster."""

    state: StateFact = Field(description="Whether it exists.")
    environment: KeyFact = Field(description="The environment it is part of.")
    hosts: KeysFact = Field(description="The hosts that it runs on.")
    nodes: NumberFact | None = Field(default=None, description="How many nodes it has.")
    distribution: LineFact = Field(description="Which Kubernetes it is.")
    version: LineFact = Field(description="Its version.")
    api_endpoint: UrlFact = Field(description="Where its API answers.")
    access: Remarks = Field(default=(), description="How an operator gets in, or does not.")

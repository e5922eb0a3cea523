"""What runs: services, their deployments into environments, and the endpoints at which they answer."""

from typing import Annotated, Literal

from pydantic import Field

from vsmhub.spec.inventory.entry import (
    AddressesFact,
    Key,
    KeyFact,
    KeysFact,
    Owned,
    RefFact,
    RefsFact,
    StateFact,
    UrlFact,
)
from vsmhub.spec.inventory.facts import Fact, FactForms, LineFact, LinesFact

Port = Annotated[int, Field(ge=1, le=65535)]
PortFact = Annotated[Fact[Port], FactForms("PortFact")]
ExposureFact = Annotated[Fact[Literal["public", "internal", "local"]], FactForms("ExposureFact")]


class Service(Owned):
    """Something that others rely on, wherever it is deployed."""

    tier: LineFact = Field(description="How much depends on it.")
    rationale: LineFact = Field(description="Why it is there.")
    slo: LineFact = Field(description="The level of service that is promised.")
    provides: LinesFact | None = Field(default=None, description="What it does for others.")
    depends_on: RefsFact = Field(description="Entries that it cannot do without, wherever it runs.")
    runbooks: KeysFact | None = Field(default=None, description="The runbooks that are about it.")


class Deployment(Owned):
    """A service in an environment: what runs there, on what, and with what."""

    state: StateFact = Field(description="Whether it runs.")
    service: Key = Field(description="The service that is deployed.")
    environment: KeyFact = Field(description="The environment that it is deployed into.")
    runs_on: RefFact = Field(description="The host or the cluster that it runs on.")
    desired_release: LineFact = Field(description="The release that should run.")
    observed_release: LineFact = Field(description="The release that was seen running.")
    helm_release: LineFact | None = Field(default=None, description="Name of the Helm release.")
    namespace: LineFact | None = Field(default=None, description="Kubernetes namespace.")
    pod: LineFact | None = Field(default=None, description="A pod of it that is known by name.")
    node_port: PortFact | None = Field(default=None, description="Port on each node that leads to it.")
    datastores: KeysFact = Field(description="The datastores that it uses.")
    secret_sets: KeysFact = Field(description="The secret sets that it uses.")


class Endpoint(Owned):
    """An address at which a deployment answers."""

    state: StateFact = Field(description="Whether it is served.")
    deployment: Key = Field(description="The deployment that answers.")
    url: UrlFact = Field(description="Its address.")
    protocol: LineFact = Field(description="What is spoken there, such as `https` or `OCI distribution`.")
    exposure: ExposureFact = Field(description="Who can reach it.")
    authentication: LineFact = Field(description="How a caller proves who it is.")
    tls_issuer: LineFact = Field(description="Who issued its certificate.")
    dns_source: LineFact = Field(description="Where its name is declared.")
    resolves_to: AddressesFact | None = Field(default=None, description="What its name resolves to.")
    answers: LinesFact | None = Field(default=None, description="What it is known to answer.")

"""What people do and what may go wrong: runbooks, risks and migration waves."""

from typing import Annotated, Literal

from pydantic import Field

from vsmhub.spec.inventory.entry import Key, KeyFact, KeysFact, Owned, RefsFact, StateFact
from vsmhub.spec.inventory.facts import DayFact, Fact, FactForms, LineFact, NumberFact

WritingFact = Annotated[Fact[Literal["missing", "draft", "written"]], FactForms("WritingFact")]
SeverityFact = Annotated[Fact[Literal["low", "medium", "high", "critical"]], FactForms("SeverityFact")]
RiskFact = Annotated[Fact[Literal["open", "accepted", "mitigated", "closed"]], FactForms("RiskFact")]
Purpose = Literal["bootstrap", "deploy", "restore", "rotate", "incident", "rollback", "check"]


class Runbook(Owned):
    """A procedure that an operator follows."""

    state: WritingFact = Field(description="Whether it is there to be followed.")
    covers: tuple[Purpose, ...] = Field(min_length=1, description="What it is for.")
    about: RefsFact | None = Field(default=None, description="The entries that it is about.")
    location: LineFact = Field(description="Where it is written down.")
    reviewed: DayFact = Field(description="When somebody last checked that it is right.")
    exercised: DayFact = Field(description="When it was last followed.")


class Risk(Owned):
    """Something that may go wrong, with what is done about it."""

    severity: SeverityFact = Field(description="How bad it would be.")
    status: RiskFact = Field(description="Where it stands.")
    statement: LineFact = Field(description="What may happen, and why.")
    affects: RefsFact = Field(description="The entries that it is about.")
    treatment: LineFact = Field(description="What is done about it.")
    review_date: DayFact = Field(description="When it is looked at again.")


class MigrationWave(Owned):
    """Services that move together from one environment to another."""

    state: StateFact = Field(description="Whether it has begun.")
    sequence: NumberFact = Field(description="Its place among the waves.")
    origin: Key = Field(description="The environment that is left.")
    destination: Key = Field(description="The environment that is moved to.")
    services: KeysFact = Field(description="What moves.")
    cutover: DayFact = Field(description="The day on which responsibility changes.")
    rollback: KeyFact = Field(description="The runbook that leads back.")
    goal: LineFact | None = Field(default=None, description="What the wave is for.")

"""`gates.yaml` as a whole."""

from typing import Literal

from pydantic import Field

from vsmhub.spec.gates.conditions import Condition
from vsmhub.spec.inventory.entry import Key
from vsmhub.spec.inventory.facts import Day
from vsmhub.spec.model import SpecModel
from vsmhub.spec.names import Line, Name, Text
from vsmhub.spec.spans import Span

GATES_FORMAT = "vsmhub/gates/v1"


class Gate(SpecModel):
    """A condition that evidence must meet before a migration wave moves on. Its status is computed, never written."""

    name: Line = Field(description="Name for people.")
    owner: Key = Field(description="The repository that must bring the evidence, one of the inventory's.")
    owner_is: Literal["stated", "proposed"] = Field(
        description="Whether the source names the owner, or this file does."
    )
    source: Key = Field(description="One of the inventory's `sources`: where the gate comes from.")
    waves: tuple[Key, ...] = Field(min_length=1, description="The migration waves that wait for it.")
    requirement: Line = Field(description="What must be so.")
    why: Line = Field(description="What goes wrong without it.")
    fix: Text = Field(min_length=1, description="What to do while it is not met.")
    enforcement: Literal["blocking", "advisory"] = Field(
        default="blocking", description="Whether the wave must not go while it is not met."
    )
    max_age: Span = Field(description="How old evidence may be that does not say more strictly itself.")
    widget: Name | None = Field(default=None, description="Slug of the hub's own widget that stands for the gate.")
    policy_scope: Name | None = Field(default=None, description="Policy scope of its widget, if it is a new one.")
    condition: Condition = Field(description="The evidence that is needed.")


class SetAside(SpecModel):
    """A decision that a gate need not be met for a while. It lies over the gate's status and never hides it."""

    gate: Key = Field(description="The gate.")
    reason: Line = Field(description="Why.")
    requested_by: Line = Field(description="Who asked for it.")
    approved_by: Line = Field(description="Who approved it: somebody else.")
    granted: Day = Field(description="The first day on which it counts.")
    expires: Day = Field(description="The first day on which it no longer counts; within a year.")


class Waiver(SetAside):
    """Going on although a gate is not met, with the risk that this takes."""

    risk: Key = Field(description="The inventory's risk that is taken.")


class NotApplicable(SetAside):
    """The statement that a gate is about nothing here, until it is looked at again."""


class Gates(SpecModel):
    """Everything in `gates.yaml`."""

    spec: Literal["vsmhub/gates/v1"] = Field(description="Format of this file.")
    policy_scope: Name | None = Field(default=None, description="Policy scope of gates' widgets that have no other.")
    gates: dict[Key, Gate] = Field(default_factory=dict, description="The gates, by key.")
    waivers: tuple[Waiver, ...] = Field(default=(), description="Gates that may be passed unmet, for a while.")
    not_applicable: tuple[NotApplicable, ...] = Field(default=(), description="Gates that are about nothing here.")

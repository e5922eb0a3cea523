"""What is observed about a hub's surfaces, and what evidence comes of it: the frozen model of `signals.yaml`."""

from typing import Annotated, Literal

from pydantic import Field, JsonValue, StringConstraints

from vsmhub.spec.conditions.tokens import LENGTH_LIMIT
from vsmhub.spec.model import SpecModel
from vsmhub.spec.names import LINE_PATTERN, Name, Text, ViewContext
from vsmhub.spec.spans import Span
from vsmhub.spec.targets import Probe

SIGNALS_FORMAT = "vsmhub/signals/v1"

Expectation = Annotated[str, StringConstraints(pattern=LINE_PATTERN, min_length=1, max_length=LENGTH_LIMIT)]
"""A condition, such as `status == 401`; docs/signals.md has the language."""

Explanation = Annotated[str, StringConstraints(pattern=LINE_PATTERN, min_length=1, max_length=500)]
Count = Annotated[int, Field(ge=1, le=10)]


class Emission(SpecModel):
    """The event that each observation becomes."""

    event: Name = Field(description="One of the vocabulary's event types.")
    widget: Name = Field(description="Slug of the widget that the event is about.")
    view_context: ViewContext | None = Field(default=None, description="The widget's own if left out.")
    valid_for: Span | None = Field(
        default=None, description="How long the observation counts; three intervals if left out."
    )
    metadata: dict[str, JsonValue] = Field(
        default_factory=dict,
        description="What else the event says. In a text, `{fact}` is replaced by what was observed.",
    )


class Signal(SpecModel):
    """One check of one thing."""

    name: Name = Field(description="Unique among the hub's signals; it never changes, for evidence refers to it.")
    why: Explanation = Field(description="Why the check exists: what goes wrong unnoticed without it.")
    fix: Text = Field(min_length=1, description="What to do when it fails.")
    about: Name | None = Field(default=None, description="Entry of the inventory that the check is about.")
    probe: Probe = Field(description="What is probed.")
    every: Span = Field(default="5m", description="How often.")
    timeout: Span = Field(default="10s", description="How long one attempt may take.")
    retries: Annotated[int, Field(ge=0, le=5)] = Field(
        default=1, description="How often a failed attempt is repeated at once, before it counts."
    )
    fail_after: Count = Field(default=1, description="Failures in a row before the signal counts as failed.")
    pass_after: Count = Field(default=1, description="Successes in a row before a failed signal counts as well.")
    expect: tuple[Expectation, ...] = Field(min_length=1, description="Conditions; all must be met.")
    emits: tuple[Emission, ...] = Field(min_length=1, description="What comes of each observation.")


class Signals(SpecModel):
    """Everything in `signals.yaml`."""

    spec: Literal["vsmhub/signals/v1"] = Field(description="Format of this file.")
    signals: tuple[Signal, ...] = Field(default=(), description="The checks.")

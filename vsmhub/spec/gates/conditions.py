"""Conditions on evidence: one piece of it, or several with what must hold of them together.

There is no `not`: where evidence is missing, its opposite would hold.
"""

from typing import Annotated, TypeAlias, Union

from pydantic import Discriminator, Field, JsonValue, Tag

from vsmhub.spec.model import SpecModel
from vsmhub.spec.names import Line, Name
from vsmhub.spec.spans import Span

Several = Annotated[tuple["Condition", ...], Field(min_length=1, max_length=100)]


class EvidenceCondition(SpecModel):
    """The newest events of one type about one widget say `pass`, and are young enough."""

    event: Name = Field(description="One of the vocabulary's event types.")
    widget: Name = Field(description="Slug of the widget that the event is about.")
    shows: Line = Field(description="What it shows, in one line.")
    signal: Name | None = Field(default=None, description="Only evidence of this signal counts.")
    where: dict[Line, JsonValue] = Field(
        default_factory=dict, description="Only events count whose metadata hold these values."
    )
    attested: bool = Field(default=False, description="Only the statement of a named person counts.")
    max_age: Span | None = Field(default=None, description="How old it may be; the gate's own if left out.")


class AllOf(SpecModel):
    """Every one of several conditions."""

    all_of: Several = Field(description="Conditions that must all be met.")


class AnyOf(SpecModel):
    """One or more of several conditions."""

    any_of: Several = Field(description="Conditions of which one is enough.")


class AtLeast(SpecModel):
    """A number of several conditions."""

    at_least: Annotated[int, Field(ge=1, le=100)] = Field(description="How many of them must be met.")
    of: Several = Field(description="The conditions.")


def _form(written: object) -> str:
    """Which kind of condition it is, as written in a file or as a value."""
    for model, key, form in ((AllOf, "all_of", "[all]"), (AnyOf, "any_of", "[any]"), (AtLeast, "at_least", "[some]")):
        if isinstance(written, model) or (isinstance(written, dict) and key in written):
            return form
    return "[evidence]"


Condition: TypeAlias = Annotated[
    Union[  # noqa: UP007 - the parts refer to each other by name
        Annotated[EvidenceCondition, Tag("[evidence]")],
        Annotated[AllOf, Tag("[all]")],
        Annotated[AnyOf, Tag("[any]")],
        Annotated[AtLeast, Tag("[some]")],
    ],
    Discriminator(_form),
]
"""Which of the four a mapping is, its keys tell."""

for _model in (AllOf, AnyOf, AtLeast):
    _model.model_rebuild()

"""Facts: a value with its source, or the statement that nobody knows it.

Three things are kept apart. A field that is left out does not apply. A field that is `unknown` applies, and what it
should hold is not known. An empty list is known to be empty.
"""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Generic, TypeVar, get_args

from pydantic import Field, GetCoreSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from vsmhub.spec.model import SpecModel
from vsmhub.spec.names import MEANING, Line, Name
from vsmhub.spec.spans import Span

T = TypeVar("T")

UNKNOWN = "unknown"
NOT_RECORDED = "nobody has recorded it"
DAY_PATTERN = r"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"
MEANING[DAY_PATTERN] = "a day is written as `2026-05-16`"


_SOURCE = "One of `sources`; the entry's own where it is left out."
_NOTE = "What else is to be known about it, in one line."


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise PydanticCustomError("day", "there is no such day") from None


class _DayForm:
    """A day as text in files, as a date in Python; pydantic alone would take a number of seconds as well."""

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        text = core_schema.str_schema(pattern=DAY_PATTERN, strict=True)
        made = core_schema.to_string_ser_schema()
        return core_schema.no_info_after_validator_function(_day, text, serialization=made)


Day = Annotated[date, _DayForm()]


class Source(SpecModel):
    """Where facts come from, and the day as of which they hold."""

    document: Line = Field(description="What was read, such as a workplan's id.")
    section: Line | None = Field(default=None, description="The part of it.")
    repository: Name | None = Field(default=None, description="The repository that the document is in.")
    dated: Day = Field(description="The day as of which its facts hold.")
    note: Line | None = Field(default=None, description="What else is to be known about it.")


class Unknown(SpecModel):
    """The statement that something is not known."""

    unknown: Line = Field(description="Why it is not known, or who could tell.")
    source: Name | None = Field(default=None, description=_SOURCE)
    note: Line | None = Field(default=None, description=_NOTE)


@dataclass(frozen=True, slots=True)
class Fact(Generic[T]):
    """Something known, or something known to be unknown: then `value` is None and `unknown` says why.

    `source` names one of the inventory's sources; None stands for the source of the entry that the fact is in.
    """

    value: T | None
    unknown: str = ""
    source: str | None = None
    note: str | None = None

    @property
    def is_known(self) -> bool:
        """Whether there is a value."""
        return self.value is not None

    def or_else(self, other: T) -> T:
        """The value, or `other` when it is not known."""
        return other if self.value is None else self.value


def _form(written: object) -> str:
    if isinstance(written, dict):
        return "[unknown]" if "unknown" in written else "[stated]"
    return "[word]" if written == UNKNOWN else "[value]"


def _fact(written: object) -> Fact[Any]:
    match written:
        case Unknown():
            return Fact(None, written.unknown, written.source, written.note)
        case dict():
            return Fact(written["value"], source=written.get("source"), note=written.get("note"))
        case "unknown":
            return Fact(None, NOT_RECORDED)
        case _:
            return Fact(written)


def _as_written(fact: Fact[Any]) -> dict[str, Any]:
    found = {"value": fact.value} if fact.is_known else {"unknown": fact.unknown}
    return found | {name: text for name in ("source", "note") if (text := getattr(fact, name)) is not None}


def _member(schema: CoreSchema, description: str, *, required: bool = False) -> core_schema.TypedDictField:
    told = {"pydantic_js_updates": {"description": description}}
    return core_schema.typed_dict_field(schema, required=required, metadata=told)


@dataclass(frozen=True, slots=True)
class FactForms:
    """The four ways to write a fact: the value, the word `unknown`, and each of them as a mapping with its source.

    The value is no mapping itself. `name` is what JSON Schema calls the fact; one name stands for one type.
    """

    name: str

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        value = handler.generate_schema(get_args(source)[0])
        stated = {
            "value": _member(value, "What is so.", required=True),
            "source": _member(handler.generate_schema(Name), _SOURCE),
            "note": _member(handler.generate_schema(Line), _NOTE),
        }
        forms = core_schema.tagged_union_schema(
            {
                "[value]": value,
                "[word]": core_schema.literal_schema([UNKNOWN]),
                "[stated]": core_schema.typed_dict_schema(stated, extra_behavior="forbid"),
                "[unknown]": handler.generate_schema(Unknown),
            },
            discriminator=_form,
        )
        written = core_schema.plain_serializer_function_ser_schema(_as_written)
        # With a reference it stands once in the JSON Schema, however many fields hold such a fact.
        return core_schema.no_info_after_validator_function(
            _fact, forms, serialization=written, ref=f"{__name__}.{self.name}:fact"
        )


LineFact = Annotated[Fact[Line], FactForms("LineFact")]
LinesFact = Annotated[Fact[tuple[Line, ...]], FactForms("LinesFact")]
DayFact = Annotated[Fact[Day], FactForms("DayFact")]
NumberFact = Annotated[Fact[int], FactForms("NumberFact")]
SpanFact = Annotated[Fact[Span], FactForms("SpanFact")]

Remarks = tuple[LineFact, ...]
"""Facts that have no field of their own, one line each."""

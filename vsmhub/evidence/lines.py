"""Events as JSON lines: what `vsmhub emit --from` reads, checked like one that is given on the command line."""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, JsonValue, StringConstraints, ValidationError
from pydantic.alias_generators import to_camel

from vsmhub.errors import VsmhubError
from vsmhub.evidence.envelope import Envelope
from vsmhub.evidence.errors import EvidenceError
from vsmhub.evidence.judgement import Outcome
from vsmhub.evidence.statement import Subject, event
from vsmhub.spec.model import HubSpec
from vsmhub.spec.spans import Span, seconds

Short = Annotated[str, StringConstraints(min_length=1, max_length=500)]


class Line(BaseModel):
    """One event. Members are those of the command's options, in camelCase."""

    model_config = ConfigDict(frozen=True, extra="forbid", alias_generator=to_camel)

    event: str
    widget: str
    metadata: dict[str, JsonValue] = Field(default_factory=dict)
    outcome: Outcome | None = None
    valid_for: Span | None = None
    view_context: Short | None = None
    at: AwareDatetime | None = None
    actor: Short | None = None
    name: Short | None = None


class Lines:
    """Turns lines into envelopes of one hub. `where` is what the lines come from, for complaints."""

    def __init__(self, spec: HubSpec, where: str) -> None:
        self.read = 0
        """How many lines were read, empty ones included."""
        self._spec = spec
        self._where = where
        self._subjects: dict[str, Subject] = {}

    def envelopes(self, lines: Iterable[str]) -> Iterator[Envelope]:
        """The event of each line that is not empty. EvidenceError, with its place, for the first that is none."""
        for text in lines:
            self.read += 1
            if text.strip():
                try:
                    yield self._envelope(text)
                except ValidationError as error:
                    said = error.errors()[0]
                    place = ".".join(map(str, said["loc"]))
                    raise self._wrong(f"{place}: {said['msg']}" if place else said["msg"]) from error
                except VsmhubError as error:
                    raise self._wrong(error.message, error.hint) from error

    def _envelope(self, text: str) -> Envelope:
        line = Line.model_validate_json(text)
        subject = self._subjects.get(line.widget)
        if subject is None:
            subject = self._subjects[line.widget] = Subject(spec=self._spec, widget=line.widget)
        return event(
            subject,
            line.event,
            metadata=line.metadata,
            view_context=line.view_context,
            outcome=line.outcome,
            valid_for=timedelta(seconds=seconds(line.valid_for)) if line.valid_for else None,
            at=line.at,
            actor=line.actor,
            name=line.name,
        )

    def _wrong(self, said: str, hint: str = "") -> EvidenceError:
        form = 'one event in JSON on each line, such as {"event": "…", "widget": "…", "metadata": {}}'
        return EvidenceError(f"{self._where}:{self.read}: {said}", hint=hint or form)

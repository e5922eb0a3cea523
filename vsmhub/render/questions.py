"""What a template asks: the questions of its copier.yml, and how answers to them are found and judged."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from vsmhub.render.engine import rendered, rendered_default
from vsmhub.render.errors import BadAnswer, RenderError

Answers = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question. `choices` maps what can be answered to what it means; a computed one is never asked."""

    name: str
    help: str
    default: str | None = None
    validator: str = ""
    choices: Mapping[str, str] = field(default_factory=dict)
    computed: bool = False


Ask = Callable[[Question, str], str]
"""Puts a question to a person and returns the answer; the text is what was wrong with the last one, at first empty."""


def answers(questions: Sequence[Question], given: Answers, folder: str, ask: Ask | None = None) -> dict[str, str]:
    """An answer to each question, in order: the one given, else the default, else what `ask` brings.

    `folder` is the name of the destination's folder, from which defaults may be made. A given answer that is empty
    counts as none. BadAnswer when an answer is refused, or there is none and nobody to ask; an answer that `ask`
    brought is asked for again instead.
    """
    known = {question.name for question in questions if not question.computed}
    for name in given:
        if name not in known:
            raise RenderError(f"the template does not ask for `{name}`", hint=f"it asks for {', '.join(sorted(known))}")
    found: dict[str, str] = {}
    for question in questions:
        values = {**found, "_folder_name": folder}
        found[question.name] = _answer(question, given.get(question.name, ""), values, ask)
    return found


def _answer(question: Question, given: str, values: Answers, ask: Ask | None) -> str:
    answer: str | None = given
    if not given:
        answer = rendered_default(question.default, values, question.name) if question.default is not None else None
    if question.computed:
        return answer or ""
    if answer is not None:
        if problem := _problem(question, answer, values):
            raise BadAnswer(problem, question=question.name)
        return answer
    if ask is None:
        options = f"; one of {', '.join(question.choices)}" if question.choices else ""
        raise BadAnswer(f"{_called(question)} is not known: {question.help}{options}", question=question.name)
    problem = ""
    while True:
        answer = ask(question, problem)
        problem = _problem(question, answer, values)
        if not problem:
            return answer


def _problem(question: Question, answer: str, values: Answers) -> str:
    """Why an answer is refused, or nothing."""
    shown = answer if len(answer) <= 40 else f"{answer[:40]}…"
    if question.choices and answer not in question.choices:
        return f"{_called(question)} {shown!r} is not one of {', '.join(question.choices)}"
    said = rendered(question.validator, {**values, question.name: answer}, f"{question.name}'s validator").strip()
    return f"{_called(question)} {shown!r} {said}" if said else ""


def _called(question: Question) -> str:
    """A question's name for people."""
    return f"the {question.name.removeprefix('hub_').removeprefix('vsm_').replace('_', ' ')}"

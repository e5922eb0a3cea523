"""Answers to questions about the catalog: rows of cells, from which text, JSON, CSV and Markdown are made."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias, TypeVar

from pydantic import JsonValue

from vsmhub.spec.inventory.facts import Fact
from vsmhub.spec.inventory.statements import value_text

T = TypeVar("T")

Cell: TypeAlias = str | int | list[str] | dict[str, str] | None
"""A text, a number, a list of texts; None where the question does not apply; `{"unknown": why}` where nobody knows."""

Row: TypeAlias = Mapping[str, Cell]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What was asked, and a row for each thing found; `columns` gives the cells' names and order."""

    question: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()

    def document(self) -> dict[str, JsonValue]:
        """For programs."""
        rows: list[JsonValue] = [{name: _json(row.get(name)) for name in self.columns} for row in self.rows]
        return {"question": self.question, "rows": rows, "notes": list(self.notes)}


def _json(cell: Cell) -> JsonValue:
    match cell:
        case list():
            return [*cell]
        case dict():
            return {**cell}
        case _:
            return cell


def unknown(why: str) -> Cell:
    """The cell of what nobody knows."""
    return {"unknown": why}


def of(fact: Fact[T] | None) -> Cell:
    """The cell of a fact."""
    if fact is None:
        return None
    if not fact.is_known:
        return unknown(fact.unknown)
    if isinstance(fact.value, tuple):
        return [value_text(one) for one in fact.value]
    return fact.value if isinstance(fact.value, int) else value_text(fact.value)


def text(cell: Cell) -> str:
    """A cell as a person reads it."""
    match cell:
        case None:
            return "-"
        case dict():
            return "unknown"
        case list():
            return ", ".join(cell) or "none"
        case _:
            return str(cell)


def csv_text(answer: Answer) -> str:
    """Comma-separated, with a heading (RFC 4180); what does not apply is empty."""
    import csv
    import io

    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(answer.columns)
    for row in answer.rows:
        writer.writerow(["" if row.get(name) is None else _harmless(text(row.get(name))) for name in answer.columns])
    return out.getvalue()


def _harmless(value: str) -> str:
    """A text that no spreadsheet takes for a formula (OWASP, CSV injection)."""
    return f"'{value}" if value[:1] in ("=", "+", "-", "@", "\t", "\r") else value


def markdown(answer: Answer) -> str:
    """A table, with the question as heading."""
    lines = [f"# {answer.question}", ""]
    if answer.rows:
        lines += [
            table_line([name.replace("_", " ") for name in answer.columns]),
            table_line(["---"] * len(answer.columns)),
        ]
        lines += [table_line([text(row.get(name)) for name in answer.columns]) for row in answer.rows]
    else:
        lines.append("Nothing.")
    return "\n".join([*lines, *(f"\n{note}" for note in answer.notes)]) + "\n"


def table_line(cells: Sequence[str]) -> str:
    """A row of a table in Markdown, whatever the cells hold."""
    return (
        "| "
        + " | ".join(
            " ".join(cell.split()).replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;").replace("](", "]\\(")
            for cell in cells
        )
        + " |"
    )

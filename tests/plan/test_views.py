"""What a plan shows a person before anything is done."""

from pydantic import JsonValue

from vsmhub.plan.fields import differs
from vsmhub.plan.model import Action, Change, FieldChange, Kind, Plan
from vsmhub.plan.views import text


def change(name: str, *fields: tuple[str, JsonValue, JsonValue], why: str = "") -> Change:
    moved = tuple(FieldChange(field=field, before=before, after=after) for field, before, after in fields)
    return Change(kind=Kind.WIDGET, name=name, action=Action.UPDATE, reason=why or differs(moved), fields=moved)


def shown(*changes: Change, unchanged: int = 0) -> str:
    counted = {Kind.WIDGET: unchanged} if unchanged else {}
    return "\n".join(line.text for line in text(Plan(hub="syn-hub", target="t", changes=changes, unchanged=counted)))


def test_each_of_many_says_what_it_becomes() -> None:
    said = shown(
        change("one", ("name", "Old", "New")),
        change("other", ("name", "A", "B"), ("metadata", {"a": 1, "b": [1, 2]}, {"a": 1, "b": [2, 1], "c": None})),
        change("third", ("status", "active", "retired"), why="no longer declared; in use by 3 events, which stay"),
        unchanged=2,
    ).splitlines()
    assert said[0].endswith("3 to update; 2 unchanged")
    assert said[2:] == [
        "  ~ update 3 widgets via api",
        "      one    name: Old -> New",
        "      other  name: A -> B; metadata.b: 1, 2 -> 2, 1; metadata.c: none -> none",
        "      third  no longer declared; in use by 3 events, which stay: status: active -> retired",
    ]


def test_a_reason_of_all_is_said_once() -> None:
    why = "the last apply changed it"
    said = shown(change("one", ("name", "A", "B"), why=why), change("two", ("name", "C", "D"), why=why)).splitlines()
    assert said[2:] == [f"  ~ update 2 widgets via api: {why}", "      one  name: A -> B", "      two  name: C -> D"]


def test_of_an_object_only_what_differs_is_shown() -> None:
    before: JsonValue = {"long": "x" * 200, "role": "a", "deep": {"same": 1, "other": 2}}
    after: JsonValue = {"long": "x" * 200, "role": "b", "deep": {"same": 1, "other": 3}}
    said = shown(change("one", ("metadata", before, after)))
    assert "metadata.role        a -> b" in said
    assert "metadata.deep.other  2 -> 3" in said
    assert "xxx" not in said
    # What is not counted is not said to be nothing.
    assert "unchanged" not in said

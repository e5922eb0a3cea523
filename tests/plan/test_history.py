"""What a journal tells of an apply, however that ended."""

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.plan.operators import Operator, fresh_hub
from vsmhub.interhub.messages.framework import HubUpdate
from vsmhub.plan.bootstrap import carry_out
from vsmhub.plan.desired import Desired
from vsmhub.plan.drift import Direction, drifts, journal_base
from vsmhub.plan.errors import JournalDamaged, TargetMoved
from vsmhub.plan.history import Run, open_runs, runs, take_up
from vsmhub.plan.journal import KEPT, Journal
from vsmhub.plan.model import Action, Change, Kind, Plan
from vsmhub.plan.undo import last_run

pytestmark = pytest.mark.server
NOW = datetime(2026, 11, 23, 17, 5, tzinfo=UTC)


def journal(folder: Path, **over: str) -> Journal:
    return Journal(folder, by="ada@test", version="1", now=lambda: NOW, **over)  # type: ignore[arg-type]


def applied(
    operator: Operator, wanted: Desired, folder: Path, stop: type[BaseException] | None = None, *, after: int = 2
) -> None:
    """An apply with a journal; with `stop` it ends that way after so many changes."""
    left = [after]

    def progress(_: Change) -> None:
        left[0] -= 1
        if stop is not None and not left[0]:
            raise stop

    plan = operator.look(wanted).plan
    carry_out(wanted, operator, plan, progress=progress, again=lambda *_: None, recorder=journal(folder))


def only(folder: Path) -> Run:
    (run,) = runs(folder)
    return run


def test_an_apply_that_its_user_ends(operator: Operator, tmp_path: Path) -> None:
    wanted = fresh_hub()
    with pytest.raises(KeyboardInterrupt):
        applied(operator, wanted, tmp_path, KeyboardInterrupt)
    run = only(tmp_path)
    assert run.ended
    assert (run.ended.outcome, len(run.done), run.is_finished) == ("interrupted", 2, False)
    said = f"an apply of {wanted.hub} by ada@test at 2026-11-23 17:05:00 UTC was interrupted after 2 of 9 changes"
    assert run.explained() == said
    assert open_runs(tmp_path) == (run,)
    take_up(run, "eve@test", NOW)
    (again,) = open_runs(tmp_path)  # what it did is still to be told to the target
    assert (again.is_taken_up, again.needs_telling) == (True, True)


def test_an_apply_of_thousands_is_told_of_at_once(tmp_path: Path) -> None:
    """In the time that grows with the changes, not with their square; what an earlier plan did does not count."""
    many = tuple(Change(kind=Kind.WIDGET, name=f"w-{one}", action=Action.CREATE, reason="new") for one in range(3000))
    recorder = journal(tmp_path)
    for plan in (many[:1], tuple(one.model_copy(update={"reason": "again"}) for one in many)):
        recorder.planned(Plan(hub="test-hub", target="local", changes=plan), None)
        recorder.about(plan)
        for change in plan:
            recorder.done(change)
    run = only(tmp_path)
    began = time.perf_counter()
    assert run.explained().endswith("was cut off after 3000 of 3000 changes")
    assert time.perf_counter() - began < 1


def test_the_last_apply_is_found_without_reading_those_before_it(tmp_path: Path) -> None:
    (tmp_path / "20200101T000000.000000Z-00000000.jsonl").write_text("of another time\n")
    one = Change(kind=Kind.WIDGET, name="w", action=Action.CREATE, reason="new")
    # A name leads to no file elsewhere.
    recorder = journal(tmp_path, continues="../journal/20200101T000000.000000Z-00000000")
    recorder.planned(Plan(hub="test-hub", target="local", changes=(one,)), None)
    recorder.about([one])
    run = last_run(tmp_path, "test-hub")
    assert (run.name, run.goes_on_from) == (max(file.stem for file in tmp_path.iterdir()), ())


def test_an_apply_that_fails(operator: Operator, tmp_path: Path) -> None:
    class Secretive(TargetMoved):
        def __init__(self) -> None:
            super().__init__("the key planted-secret is wrong")

    wanted, seen = fresh_hub(), []
    recorder = Journal(
        tmp_path, by="ada@test", version="1", now=lambda: NOW, clean=lambda text: text.replace("planted-secret", "…")
    )

    def again(_: Plan, moved: TargetMoved) -> None:
        seen.append(moved)
        raise moved

    def progress(_: Change) -> None:
        raise Secretive

    plan = operator.look(wanted).plan
    with pytest.raises(TargetMoved):
        carry_out(wanted, operator, plan, progress=progress, again=again, recorder=recorder)
    assert seen
    run = only(tmp_path)
    assert run.ended
    assert (run.ended.outcome, run.ended.said) == ("failed", "the key … is wrong")


def test_lines_that_are_cut_off_or_foreign(operator: Operator, tmp_path: Path) -> None:
    wanted = fresh_hub()
    applied(operator, wanted, tmp_path)
    whole = only(tmp_path)
    lines = whole.file.read_bytes().splitlines(keepends=True)
    assert [step.change.id for step in whole.steps] == [step.change.id for step in whole.done]
    for number in range(len(lines)):
        # Cut off anywhere, it tells what it had told until then.
        whole.file.write_bytes(b"".join(lines[:number]) + lines[number][: len(lines[number]) // 2])
        found = list(runs(tmp_path))
        assert len(found) == (1 if number else 0), number
        assert all(not run.is_finished for run in found)
    for foreign in (b"{}\n", b'{"entry": "later"}\n', b"[]\n", b'{"entry": "done", "change": "create hub/other"}\n'):
        whole.file.write_bytes(b"".join(lines[:3]) + foreign)
        with pytest.raises(JournalDamaged, match=r"jsonl:4: the journal does not say what vsmhub writes"):
            list(runs(tmp_path))
    whole.file.write_bytes(b"".join(lines[1:]))
    with pytest.raises(JournalDamaged, match=r"jsonl:1: "):
        list(runs(tmp_path))


def test_old_journals_go(operator: Operator, tmp_path: Path) -> None:
    for number in range(KEPT + 5):
        (tmp_path / f"20200101T000000.{number:06}Z-00000000.jsonl").touch()
    applied(operator, fresh_hub(), tmp_path)
    assert len(list(tmp_path.iterdir())) == KEPT
    assert len(list(runs(tmp_path))) == 1


def test_a_clock_that_was_put_back_does_not_turn_applies_round(operator: Operator, tmp_path: Path) -> None:
    first, second = fresh_hub(), fresh_hub()
    (tmp_path / f"{NOW + timedelta(hours=1):%Y%m%dT%H%M%S.%f}Z-00000000.jsonl").touch()
    for wanted in (first, second):
        applied(operator, wanted, tmp_path)
    assert [run.begun.hub for run in runs(tmp_path)] == [second.hub, first.hub]
    assert {run.begun.at for run in runs(tmp_path)} == {NOW}


def test_what_was_applied_in_part_counts_as_applied(operator: Operator, tmp_path: Path) -> None:
    """After a whole apply, one that ended after the hub's name: that is what live is compared with."""
    wanted = fresh_hub()
    applied(operator, wanted, tmp_path / "first")
    newer = replace(wanted, hub_fields={**wanted.hub_fields, "name": "Later", "description": "Later"})
    with pytest.raises(KeyboardInterrupt):
        applied(operator, newer, tmp_path / "second", KeyboardInterrupt, after=1)
    (first,), (second,) = runs(tmp_path / "first"), runs(tmp_path / "second")
    base = journal_base(iter([second, first]))
    assert base
    live = operator.look(newer).live
    assert live.hub
    assert drifts(newer, live, base.snapshot) == ()
    operator.operator.update_hub(live.hub.id, HubUpdate(name="By hand"), revision=live.hub.revision)
    (field,) = drifts(newer, operator.look(newer).live, base.snapshot)
    assert (field.field, field.last, field.direction) == ("name", "Later", Direction.LIVE)

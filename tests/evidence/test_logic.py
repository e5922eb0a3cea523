"""Three-valued logic: what is open stays open only while it could still decide."""

from itertools import product

import pytest

from vsmhub.evidence.logic import OPEN, Status, all_of, any_of, at_least

P, F, S, U, E = Status.PASS, Status.FAIL, Status.STALE, Status.UNKNOWN, Status.ERROR

TABLE = [
    (all_of([]), U),
    (all_of([P]), P),
    (all_of([P, P]), P),
    (all_of([P, U]), U),
    (all_of([P, F, U]), F),
    (all_of([S, U]), U),
    (all_of([S, U, E]), E),
    (all_of([P, S]), S),
    (any_of([]), U),
    (any_of([F, P]), P),
    (any_of([F, F]), F),
    (any_of([F, U]), U),
    (any_of([E, P]), P),
    (any_of([E, U, S]), S),
    (any_of([E, U]), U),
    (at_least(2, [P, P, F]), P),
    (at_least(2, [P, F, F]), F),
    (at_least(2, [P, S, F]), S),
    (at_least(2, [U, S, F]), U),
    (at_least(2, [U, S, S]), S),
    (at_least(1, []), U),
    (at_least(3, [P, P]), F),
    (at_least(0, [P]), U),
    (at_least(-1, [F]), U),
]


@pytest.mark.parametrize(("found", "wanted"), TABLE)
def test_the_table(found: Status, wanted: Status) -> None:
    assert found is wanted


def test_it_is_right_whatever_the_open_ones_turn_out_to_be() -> None:
    """The definition of Kleene's logic: decided exactly when every way to settle what is open decides the same."""
    for count in range(1, 5):
        for found in product([P, F, U], repeat=count):
            for wanted in range(1, count + 1):
                ways = product(*[[P, F] if one is U else [one] for one in found])
                outcomes = {way.count(P) >= wanted for way in ways}
                expected = {True: P, False: F}[outcomes.pop()] if len(outcomes) == 1 else U
                assert at_least(wanted, found) is expected, (wanted, found)


def test_which_way_of_not_knowing_never_decides() -> None:
    for count in range(1, 5):
        for found in product(Status, repeat=count):
            plain = [U if one in OPEN else one for one in found]
            for wanted in range(1, count + 1):
                one, other = at_least(wanted, found), at_least(wanted, plain)
                assert (one in OPEN) == (other is U), (wanted, found)
                assert one is other or one in OPEN

"""`vsmhub status` where not all that an apply needs is at hand."""

from pathlib import Path

import pytest

from tests.cli.reaching import NAME, Reached, written
from tests.plan.operators import fresh_spec

pytestmark = pytest.mark.server


def test_a_hub_is_shown_where_its_key_is_not_held_whatever_is_pending(reached: Reached) -> None:
    spec = fresh_spec()
    assert reached.run("apply", written("hub", spec), "--yes").code == 0
    (reached.typed.keys / NAME / f"{spec.hub.slug}.json").unlink()
    hub: Path = written("hub", spec, **{'"Board ': '"New board '})
    refused = reached.run("plan", hub)
    assert (refused.code, "is not in this store, and this plan needs it" in refused.err) == (1, True)
    done = reached.run("status", hub)
    assert (done.code, done.err) == (2, "")
    assert "is in use and is not in this store" in done.out
    assert "; vsmhub plan shows them where its key is kept\n" in done.out

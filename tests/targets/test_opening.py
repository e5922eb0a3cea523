"""A target that is open for long, such as for whoever observes."""

import gc
import weakref
from pathlib import Path

from tests.interhub.examples import HUB
from tests.interhub.scripted import page, scripted
from vsmhub.interhub.client import InterHub
from vsmhub.interhub.surface.reference import reference
from vsmhub.paths import Paths
from vsmhub.secrets.secret import Secret
from vsmhub.secrets.stores import StoreSettings, open_store
from vsmhub.targets.choice import Target
from vsmhub.targets.opening import Opened
from vsmhub.targets.settings import TargetSettings


def test_clients_go_when_they_are_closed_and_their_requests_stay_counted(tmp_path: Path) -> None:
    paths = Paths.from_environment({"VSMHUB_HOME": str(tmp_path)})
    store = open_store("file", StoreSettings(paths.keys, {}, None))
    with scripted(*[page(HUB)] * 3) as server, InterHub(server.base) as operator:
        target = Target("far", server.base, TargetSettings(base=server.base))
        at = Opened(target, paths, store, operator, surface=reference())
        clients = []
        for _ in range(3):
            with at.as_hub(Secret("ihk_" + "0" * 40)) as client:
                assert [one.slug for one in client.hubs()] == [HUB["slug"]]
            clients.append(weakref.ref(client))
        del client
        gc.collect()
        assert [one() for one in clients] == [None] * 3
        assert at.requests_made == 6  # each exchanges the key first

"""What hands an outbox on to an Inter-Hub, again and again, as a process of its own."""

import os
import sys
import time
from pathlib import Path

from vsmhub.evidence.delivery import deliver
from vsmhub.evidence.outbox import Outbox
from vsmhub.interhub.client import InterHub
from vsmhub.interhub.retry import RetryPolicy
from vsmhub.secrets.secret import Secret

if __name__ == "__main__":
    # The outbox, the hub, and the Inter-Hub's socket; the key is in the environment.
    path, slug, socket = sys.argv[1:]
    key = Secret(os.environ["HANDING_KEY"])
    with Outbox(Path(path)) as outbox:
        while True:
            retries = RetryPolicy(attempts=2, base=0.01)
            with InterHub("http://local", key, socket=Path(socket), retries=retries) as target:
                while not deliver(outbox, target, slug).stopped:
                    time.sleep(0.02)
            time.sleep(0.05)

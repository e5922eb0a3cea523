"""Who works here: the account and the machine, as journals, locks and the target's evidence name them."""

import getpass
import os
import socket


def author() -> str:
    """Such as `ada@workstation`; the account's number where it has no name."""
    try:
        account = getpass.getuser()
    except (OSError, KeyError):  # no such account: a container that runs under a number
        account = str(os.getuid())
    return f"{account}@{socket.gethostname()}"[:200]

"""`vsmhub serve` in a process of its own."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager

from tests.cli.commands import Home


@contextmanager
def served(home: Home, *options: str, ended_by: signal.Signals = signal.SIGTERM) -> Iterator[str]:
    """The API's URL of a server in this home; in the end it stops in order, by that signal."""
    process = home.start("serve", "--port", "0", *options)
    try:
        assert process.stdout is not None
        first = process.stdout.readline()
        assert first.startswith("Inter-Hub serves at http://127.0.0.1:"), first + process.communicate()[1]
        yield f"{first.split()[-1]}/api/v2"
        process.send_signal(ended_by)
        out, err = process.communicate(timeout=30)
        assert process.returncode == 0
        assert "ihk_" not in first + out + err
        assert err == "Ctrl-C stops it.\nStopped; the data stays for the next time.\n", err
    finally:
        if process.poll() is None:
            process.kill()
            process.communicate()

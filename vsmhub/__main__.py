"""The command `vsmhub`, also as `python -m vsmhub`."""

import gc
import os
import sys

from vsmhub import __version__

OBJECTS = 200_000
"""How many more objects there may be before the youngest are looked through for garbage; Python's default is 700."""
YOUNGER = 20
"""How often younger objects are looked through before older ones are."""

UTF_8 = ("utf-8", "utf8")


def main() -> None:
    """Run the command line and exit with its status."""
    _open_streams()
    # Answered before anything is imported: a version is asked for by scripts, many times.
    if sys.argv[1:] in (["--version"], ["-V"]):
        sys.stdout.write(f"vsmhub {__version__}\n")
        return
    settle()
    try:
        import signal

        from vsmhub.cli.app import run

        code = run(sys.argv[1:])
        # All is done and said: what Python does at its end is not for an interrupt to break into with a traceback.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    except KeyboardInterrupt:  # before anything was begun, or once more while it was being told
        code = 130
    # At its end Python looks through everything once more for garbage; the system takes it all back anyway.
    gc.freeze()
    sys.exit(code)


def settle() -> None:
    """Have Python go about memory and imports as suits a command, which does one thing and ends."""
    # A command makes much that stays and little that could be collected: at Python's own pace, the collector takes an
    # eighth of an apply for walking over modules and models again and again.
    gc.set_threshold(OBJECTS, YOUNGER, YOUNGER)
    # For these, pydantic reads what every installed package says of itself; nothing here is for them to see.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    # httpx's own command line, which it does without where it cannot be imported: with it come click and pygments.
    sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type] # None is how Python is told so


def _open_streams() -> None:
    """Let everything be said somewhere: a stream may be closed, or take fewer letters than there are."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115, PTH123 - open to the end
        elif stream.encoding.lower() not in UTF_8:
            stream.reconfigure(errors="replace")


if __name__ == "__main__":
    main()

"""The command `vsmhub`, also as `python -m vsmhub`."""

import sys

from vsmhub import __version__


def main() -> None:
    """Run the command line and exit with its status."""
    # Answered before anything is imported: a version is asked for by scripts, many times.
    if sys.argv[1:] in (["--version"], ["-V"]):
        sys.stdout.write(f"vsmhub {__version__}\n")
        return
    try:
        from vsmhub.cli.app import run

        code = run(sys.argv[1:])
    except KeyboardInterrupt:  # before anything was begun, or once more while it was being told
        code = 130
    sys.exit(code)


if __name__ == "__main__":
    main()

"""Handing over what a person or another program carries out."""

import sys
from pathlib import Path


def deliver(text: str, out: Path | None) -> None:
    """Put `text` on standard output, or into the file `out`, which is said."""
    from vsmhub.cli.output import tell
    from vsmhub.files import write_atomically

    if out is None:
        sys.stdout.write(text)
        return
    write_atomically(out, text)
    tell(f"written: {out}")

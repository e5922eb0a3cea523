"""Documents whose commands are run: what stands in their `sh` blocks, and what they say comes out."""

import re
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_MARK = "---- the end of block {} ----"


@dataclass(frozen=True)
class Block:
    """Commands, and the output that the document shows for them, if it shows any."""

    commands: str
    shown: str | None


def blocks(document: Path) -> list[Block]:
    """The `sh` blocks of a document; a `text` block that follows one at once is what it shows."""
    found: list[Block] = []
    after = 0
    text = document.read_text(encoding="utf-8")
    for match in _BLOCK.finditer(text):
        language, content = match.groups()
        if language == "sh":
            found.append(Block(content, None))
            after = match.end()
        elif language == "text" and found and not text[after : match.start()].strip():
            found[-1] = Block(found[-1].commands, content)
    return found


def needs(*programs: str) -> pytest.MarkDecorator:
    missing = [program for program in programs if shutil.which(program) is None]
    return pytest.mark.skipif(bool(missing), reason=f"not installed on this machine: {', '.join(missing)}")


def programs(folder: Path) -> Path:
    """A folder with `vsmhub` and `python3` as an installation has them."""
    folder.mkdir()
    for name, arguments in (("vsmhub", "-m vsmhub"), ("python3", "")):
        program = folder / name
        program.write_text(f'#!/bin/sh\nexec {sys.executable} {arguments} "$@"\n')
        program.chmod(0o755)
    return folder


def run(several: Sequence[Block], folder: Path, environ: Mapping[str, str], typed: str = "") -> list[str]:
    """Run blocks in one bash, as a reader would who types `typed`, and stop at the first that fails; their outputs."""
    script = "set -euo pipefail\n"
    for number, block in enumerate(several):
        script += f"{block.commands}\necho '{_MARK.format(number)}'\n"
    done = subprocess.run(
        ["/bin/bash", "-c", script],
        cwd=folder,
        env=dict(environ),
        input=typed,
        capture_output=True,
        text=True,
        timeout=250,
        check=False,
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    outputs = []
    rest = done.stdout
    for number, block in enumerate(several):
        output, _, rest = rest.partition(f"{_MARK.format(number)}\n")
        assert block.shown is None or output == block.shown, f"{block.commands}\nshows\n{output}"
        outputs.append(output)
    return outputs

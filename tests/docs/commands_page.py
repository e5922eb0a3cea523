"""The reference of all commands, `docs/commands.md`, as typer writes it from the code."""

import re
import subprocess
import sys

_ITEM = re.compile(r"^\* `([a-z-]+)`: .*$", re.MULTILINE)
_SECTION = re.compile(r"^##+ `vsmhub ([a-z -]+)`\n\n(.+?)\n\n", re.MULTILINE | re.DOTALL)


def commands_page() -> str:
    """Markdown. Where typer cuts a command's first line short in a list, the whole of it stands, with a link."""
    words = [
        sys.executable,
        "-m",
        "typer",
        "vsmhub.cli.app",
        "utils",
        "docs",
        "--name",
        "vsmhub",
        "--title",
        "Commands",
    ]
    made = subprocess.run(words, check=True, capture_output=True, text=True, env={"LANG": "C.UTF-8"}).stdout
    made = "\n".join(line.rstrip() for line in made.strip().splitlines()) + "\n"
    first = {name: " ".join(said.split()) for name, said in _SECTION.findall(made)}
    above = ""

    def item(found: re.Match[str]) -> str:
        name = f"{above} {found[1]}".strip()
        return f"* [`vsmhub {name}`](#vsmhub-{name.replace(' ', '-')}): {first[name]}" if name in first else found[0]

    parts = re.split(r"(?m)^(?=##+ `vsmhub )", made)
    pages = []
    for part in parts:
        heading = re.match(r"## `vsmhub ([a-z-]+)`", part)
        above = heading[1] if heading else ""
        body, listed, commands = part.partition("**Commands**:\n")
        pages.append(body + listed + _ITEM.sub(item, commands))
    return "".join(pages)


if __name__ == "__main__":
    sys.stdout.write(commands_page())

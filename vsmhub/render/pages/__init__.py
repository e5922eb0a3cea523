"""The pages that people read, from Jinja templates beside this module, each compiled once per process."""

import functools
import json
import re
from collections.abc import Mapping

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from vsmhub.render.notice import COMMAND, NOTICE, SOURCE
from vsmhub.spec.indented import indented


def page(template: str, values: Mapping[str, object]) -> str:
    """The text that the template of this name makes of `values`."""
    return _template(template).render(values)


@functools.cache
def _template(name: str) -> Template:
    return _environment().get_template(name)


@functools.cache
def _environment() -> Environment:
    # Markdown, TOML and Python come out, never HTML: what must be escaped differs by place, so filters do it.
    environment = Environment(  # noqa: S701
        loader=PackageLoader("vsmhub.render", "pages"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
    )
    environment.filters |= {
        "prose": prose,
        "code": code,
        "cell": cell,
        "block": block,
        "json": indented,
        "quoted": quoted,
    }
    environment.globals |= {"NOTICE": NOTICE, "SOURCE": SOURCE, "COMMAND": COMMAND}
    return environment


def prose(text: str) -> str:
    """A text on one line of Markdown; whoever wrote it may have used inline Markdown, but no HTML."""
    return " ".join(text.split()).replace("<", "&lt;")


def code(text: str) -> str:
    """A value to type, as a code span that shows it to the letter."""
    ticks = "`" * (_longest_run(text) + 1)
    padding = " " if text.startswith(("`", " ")) or text.endswith(("`", " ")) else ""
    return f"{ticks}{padding}{text}{padding}{ticks}"


def cell(markdown: str) -> str:
    """Markdown as it must stand in a table, where a bar would end the cell."""
    return markdown.replace("|", "\\|")


def block(text: str, language: str = "text") -> str:
    """Values of several lines, as a fenced block that shows them to the letter."""
    fence = "`" * max(3, _longest_run(text) + 1)
    return f"{fence}{language}\n{text}\n{fence}"


def quoted(text: str) -> str:
    """A text in quotes, as TOML takes it."""
    return json.dumps(text, ensure_ascii=False)


def _longest_run(text: str) -> int:
    return max(map(len, re.findall("`+", text))) if "`" in text else 0

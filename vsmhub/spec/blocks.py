"""A YAML text cut into its entries, each with the comments above it, for files that change their structure.

Cutting goes by lines: what is not taken apart keeps every character, comments, quotes and folding included.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import yaml

_BARE = re.compile(r"\s*(#.*)?$")


@dataclass(frozen=True, slots=True)
class Block:
    """One entry of a mapping or of a list.

    `above` holds the comments and blank lines over it, without indentation; `lines` its own lines as they are, without
    the indentation of their level. The first of them begins with the key or the dash.
    """

    key: str
    above: tuple[str, ...]
    lines: tuple[str, ...]


def entries(text: str) -> tuple[tuple[Block, ...], tuple[str, ...]]:
    """The entries of a mapping in block style, and the lines behind the last.

    Raises yaml.YAMLError when the text is no YAML, and ValueError when it is no such mapping.
    """
    node = yaml.compose(text, Loader=yaml.SafeLoader)
    if not isinstance(node, yaml.MappingNode) or node.flow_style:
        raise ValueError("not a mapping in block style")
    starts = [(key.start_mark.line, str(key.value)) for key, _ in node.value]
    return _cut(text.splitlines(), starts, node.start_mark.column)


def items(block: Block) -> tuple[tuple[Block, ...], tuple[str, ...]]:
    """The items of the list that an entry holds, and the lines behind the last; none when it holds no block list."""
    text = "\n".join(block.lines)
    node = yaml.compose(text, Loader=yaml.SafeLoader)
    held = node.value[0][1] if isinstance(node, yaml.MappingNode) and node.value else None
    if not isinstance(held, yaml.SequenceNode) or held.flow_style or not held.value:
        return (), ()
    column = held.start_mark.column
    lines = text.splitlines()
    starts = [(_dash(lines, item.start_mark.line, column), "") for item in held.value]
    return _cut(lines, starts, column, first=1)


def texts(block: Block) -> list[tuple[str, str, tuple[str, ...]]]:
    """The items of a list of plain texts in any style: each with the comment behind it and the lines above it."""
    found, _ = items(block)
    if not found:
        node = yaml.compose("\n".join(block.lines), Loader=yaml.SafeLoader)
        held = node.value[0][1] if isinstance(node, yaml.MappingNode) else None
        behind = remark(block)
        values = [str(item.value) for item in held.value] if isinstance(held, yaml.SequenceNode) else []
        return [(value, behind if number == 0 else "", ()) for number, value in enumerate(values)]
    told = []
    carried: tuple[str, ...] = ()
    for item in found:
        first, *rest = item.lines
        value = yaml.safe_load("\n".join(item.lines))[0]
        *others, behind = ["", *filter(None, map(_behind, (first, *(line for line in rest if not _BARE.match(line)))))]
        told.append((str(value), behind, (*carried, *item.above, *filter(None, others))))
        carried = tuple(line.strip() for line in rest if _BARE.match(line))
    return told


def remark(block: Block) -> str:
    """The comment behind an entry's first line, with its `#`; empty when there is none."""
    return _behind(block.lines[0])


def after_key(block: Block) -> tuple[str, ...]:
    """An entry's lines without its key: what stands behind the colon, then the lines below."""
    first, *rest = block.lines
    return (re.sub(r"""^("[^"]*"|'[^']*'|[^:#]+?)\s*:""", "", first, count=1), *rest)


def _cut(
    lines: Sequence[str], starts: Sequence[tuple[int, str]], column: int, first: int = 0
) -> tuple[tuple[Block, ...], tuple[str, ...]]:
    """Lines cut at `starts`; comments of the level's own indentation belong to what comes below them."""
    found = []
    above = _stripped(lines[first : starts[0][0]])
    ends = [start for start, _ in starts[1:]] + [len(lines)]
    for (start, key), end in zip(starts, ends, strict=True):
        own = end
        while own > start + 1 and _is_between(lines[own - 1], column):
            own -= 1
        found.append(Block(key, above, tuple(line[column:] for line in lines[start:own])))
        above = _stripped(lines[own:end])
    return tuple(found), above


def _is_between(line: str, column: int) -> bool:
    """Whether a line is blank, or a comment that is not indented deeper than the level."""
    return not line.strip() or (line.lstrip().startswith("#") and len(line) - len(line.lstrip()) <= column)


def _dash(lines: Sequence[str], line: int, column: int) -> int:
    """The line of the dash of an item whose content begins at `line`."""
    while not lines[line][column:].startswith("-"):
        line -= 1
    return line


def _stripped(lines: Sequence[str]) -> tuple[str, ...]:
    return tuple(line.strip() for line in lines)


def _behind(line: str) -> str:
    """The comment at the end of a line: the first `#` after a space that is in no quotes."""
    quote = before = ""
    for index, character in enumerate(line):
        if quote:
            if character == "\\" and quote == '"':
                before = "" if before == "\\" else character
                continue
            if character == quote and before != "\\":
                quote = ""
        elif character in "\"'" and before in " :-[{,":
            quote = character
        elif character == "#" and before in " \t":
            return line[index:]
        before = character
    return ""

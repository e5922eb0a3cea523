"""The walls, as docs/architecture.md draws them: an import that its tables lack fails, and so does a dead entry."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent / "vsmhub"
TEXT = (ROOT.parent / "docs" / "architecture.md").read_text()
EVERYTHING = "everything"
LONGEST = 350
PACKAGES = {path.stem for path in ROOT.iterdir() if (path / "__init__.py").is_file() or path.suffix == ".py"} - {
    "__init__",
    "__main__",
}


def table(head: str) -> dict[str, set[str]]:
    """What the first two columns of the table below `head` say."""
    rows = TEXT.partition(head)[2].partition("\n\n")[0].splitlines()[2:]
    cells = [[cell.strip() for cell in row.split("|")[1:3]] for row in rows]
    return {
        one.strip("`").removeprefix("vsmhub."): set(re.findall(r"`([^`]+)`", others)) or {others} - {""}
        for one, others in cells
    }


MAY_IMPORT = table("| package | may import")
USED_BY = table("| package of `vsmhub.server` | used by")
LEAVES = set(re.findall(r"`(\w+)`", TEXT.partition("that all may use")[0].rpartition("\n\n")[2]))


def imports_of(file: Path) -> set[str]:
    """The parts of vsmhub that a file imports, wherever in it, without the leading `vsmhub.`."""
    found = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}: imports are absolute"
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    names = {name.removeprefix("vsmhub.") for name in found if name.startswith("vsmhub.")}
    return names - {"__version__"}


def files_of(part: str) -> list[Path]:
    return sorted((ROOT / part).rglob("*.py")) if (ROOT / part).is_dir() else [ROOT / f"{part}.py"]


def within(name: str, parts: set[str]) -> bool:
    return any(name == part or name.startswith(f"{part}.") for part in parts)


@pytest.mark.parametrize("part", sorted(PACKAGES))
def test_arrows(part: str) -> None:
    may = MAY_IMPORT.get(part, set())
    names = {(file.relative_to(ROOT), name) for file in files_of(part) for name in imports_of(file)}
    others = {(file, name) for file, name in names if not within(name, LEAVES | {part})}
    if may != {EVERYTHING}:
        assert {f"{file}: {name}" for file, name in others if not within(name, may)} == set()
        assert {one for one in may if not any(within(name, {one}) for _, name in others)} == set(), "drawn, not there"


def test_every_part_has_a_place() -> None:
    assert set(MAY_IMPORT) | LEAVES == PACKAGES


def test_leaves_stand_on_leaves() -> None:
    assert {
        name for leaf in LEAVES for file in files_of(leaf) for name in imports_of(file) if not within(name, LEAVES)
    } == set()


def test_walls_inside_the_server() -> None:
    server = ROOT / "server"
    assert set(USED_BY) == {path.parent.name for path in server.glob("*/__init__.py")}
    for part, users in USED_BY.items():
        files = [
            file for file in server.rglob("*.py") if any(within(name, {f"server.{part}"}) for name in imports_of(file))
        ]
        found = {file.relative_to(server).parts[0].removesuffix(".py") for file in files}
        assert found - {part} == users, part


def test_commands_stand_beside_each_other() -> None:
    users = {
        file.relative_to(ROOT / "cli")
        for file in files_of("cli")
        for name in imports_of(file)
        if within(name, {"cli.commands"})
    }
    assert {str(file) for file in users} == {"app.py"}


def test_tests_stand_alone() -> None:
    """What several test modules use is in a module without tests."""
    assert {
        f"{file.relative_to(ROOT.parent)}: {name}"
        for file in (ROOT.parent / "tests").rglob("*.py")
        for name in re.findall(r"^from (tests\.[\w.]*\btest_\w+) import", file.read_text(), re.MULTILINE)
    } == set()


def test_modules_are_short() -> None:
    """One subject each; what is longer has two."""
    files = [file for part in ("vsmhub", "tests", "benchmarks") for file in (ROOT.parent / part).rglob("*.py")]
    assert {str(file): lines for file in files if (lines := file.read_text().count("\n")) > LONGEST} == {}

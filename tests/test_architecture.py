"""The walls: which package of vsmhub may import which. An arrow that is not drawn here fails."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent / "vsmhub"

# Every package may use these; they stand on nothing but each other.
LEAVES = {"errors", "files", "locks", "logs", "paths", "redaction"}

MAY_IMPORT: dict[str, set[str]] = {
    "spec": set(),
    "vocabulary": {"spec"},
    "constellation": {"spec", "vocabulary"},
    "render": {"spec"},
    "interhub": set(),
    "plan": {"spec", "interhub"},
    "evidence": {"spec", "interhub"},
    "fleet": {"spec", "evidence", "server.database"},
    "secrets": set(),
    "server": {"interhub.messages", "interhub.tables"},
    "cli": {
        "targets",
        "spec",
        "vocabulary",
        "constellation",
        "render",
        "interhub",
        "plan",
        "evidence",
        "fleet",
        "secrets",
        "server",
    },
    "sdk": {"spec", "interhub", "plan", "targets"},
    "targets": {"interhub", "plan", "secrets", "server"},
    "__main__": {"cli"},
}

PACKAGES = sorted(path.stem for path in ROOT.iterdir() if path.is_dir() or path.suffix == ".py")


def imports_of(file: Path) -> set[str]:
    """The parts of vsmhub that a file imports, wherever in it, without the leading `vsmhub.`."""
    found = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}: imports are absolute"
            found.add(str(node.module))
            if node.module == "vsmhub":
                found |= {f"vsmhub.{alias.name}" for alias in node.names}
    return {name.removeprefix("vsmhub.") for name in found if name.startswith("vsmhub.")}


def files_of(part: str) -> list[Path]:
    return sorted((ROOT / part).rglob("*.py")) if (ROOT / part).is_dir() else [ROOT / f"{part}.py"]


@pytest.mark.parametrize("part", [part for part in PACKAGES if part not in {"__init__", "__pycache__", "templates"}])
def test_arrows(part: str) -> None:
    allowed = MAY_IMPORT.get(part, set()) | LEAVES | {part}
    for file in files_of(part):
        for name in imports_of(file):
            if name == "__version__":
                continue
            assert any(name == one or name.startswith(f"{one}.") for one in allowed), (
                f"{file.relative_to(ROOT)} imports {name}; {part} may import {sorted(allowed)}"
            )


def test_every_part_has_a_place() -> None:
    assert set(PACKAGES) - {"__init__", "__pycache__", "templates"} <= set(MAY_IMPORT) | LEAVES

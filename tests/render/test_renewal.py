"""Scaffolds on a disk and templates that move on: nothing a person did is lost, and nothing is half done."""

import json
import resource
import shutil
import signal
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from vsmhub.files import FileError
from vsmhub.render.destination import place
from vsmhub.render.errors import BadAnswer, RenderError, UpdateRefused
from vsmhub.render.merge import has_markers
from vsmhub.render.questions import answers
from vsmhub.render.record import RECORD, read_record
from vsmhub.render.renewal import adopt, carry_out, renewal
from vsmhub.render.scaffold import scaffold
from vsmhub.render.template import Form, load_template, templates_root
from vsmhub.render.update import Fate

CONFIG = "slug: {type: str, default: syn-hub}\n_skip_if_exists: [hub.yaml]\n_always_rewritten: [made.json]\n"
OLD = {
    "README.md.jinja": "# {{ slug }}\n\nfirst\n\nmiddle\n\nlast\n",
    "hub.yaml.jinja": "hub: {{ slug }}\n",
    "made.json.jinja": "{}\n",
    "dropped.md.jinja": "a\nb\nc\n",
    "old-name.md.jinja": "one\ntwo\nthree\nfour\n",
}
NEW = {
    "README.md.jinja": "# {{ slug }}\n\nfirst, better\n\nmiddle\n\nlast\n",
    "hub.yaml.jinja": "hub: {{ slug }}\nmore: true\n",
    "made.json.jinja": '{"made": true}\n',
    "docs/new-name.md.jinja": "one\ntwo\nthree\nfour\nfive\n",
    "added.md.jinja": "added\n",
}


def template(root: Path, files: dict[str, str], config: str = CONFIG) -> Path:
    """Templates in `root` with these files, and only these."""
    shutil.rmtree(root / "hub", ignore_errors=True)
    for name, text in {"copier.yml": config, **files}.items():
        (root / "hub" / name).parent.mkdir(parents=True, exist_ok=True)
        (root / "hub" / name).write_text(text)
    return root


def make(hub: Path, root: Path, form: Form = Form.HUB, **given: str) -> None:
    of = load_template(form, root)
    place(scaffold(of, answers(of.questions, given, hub.name)).complete(), hub)


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """Templates as they were."""
    return template(tmp_path / "old", OLD)


@pytest.fixture
def new(tmp_path: Path) -> Path:
    """Templates as they are now."""
    return template(tmp_path / "new", NEW)


@pytest.fixture
def hub(tmp_path: Path, old: Path) -> Path:
    """A scaffold made when the templates were old."""
    make(tmp_path / "hub", old)
    return tmp_path / "hub"


def contents(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_text()
        for path in folder.rglob("*")
        if path.is_file() and path.name != RECORD
    }


def replaced(path: Path, old: str, new: str) -> None:
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new))


def test_an_untouched_scaffold_becomes_what_the_template_is_now(hub: Path, new: Path) -> None:
    carry_out(renewal(hub, new))
    assert contents(hub) == {
        "README.md": "# syn-hub\n\nfirst, better\n\nmiddle\n\nlast\n",
        "hub.yaml": "hub: syn-hub\n",
        "made.json": '{"made": true}\n',
        "docs/new-name.md": "one\ntwo\nthree\nfour\nfive\n",
        "added.md": "added\n",
    }
    again = renewal(hub, new)
    assert again.changes == {}
    assert {step.fate for step in again.steps} == {Fate.LEFT}


def test_edits_in_every_file_are_kept(hub: Path, new: Path) -> None:
    for path in hub.rglob("*"):
        if path.is_file() and path.name != RECORD:
            path.write_text(path.read_text() + "mine\n")
    (hub / "own.md").write_text("all mine\n")
    (hub / "added.md").write_text("added\n")
    told = renewal(hub, new)
    assert told.conflicts == 1
    carry_out(told)
    found = contents(hub)
    assert found.pop("docs/new-name.md").count("mine\n") == 1
    (beside,) = (name for name in found if name.startswith("made.json.old-"))
    assert found == {
        "README.md": "# syn-hub\n\nfirst, better\n\nmiddle\n\nlast\nmine\n",
        "hub.yaml": "hub: syn-hub\nmine\n",
        "made.json": '{"made": true}\n',
        beside: "{}\nmine\n",
        "dropped.md": "a\nb\nc\nmine\n",
        "added.md": "added\n",
        "own.md": "all mine\n",
    }


def test_a_conflict_is_refused_until_it_is_settled(hub: Path, new: Path) -> None:
    replaced(hub / "README.md", "first\n", "first of mine\n")
    told = renewal(hub, new)
    assert told.conflicts == 1
    carry_out(told)
    assert has_markers((hub / "README.md").read_bytes())
    with pytest.raises(UpdateRefused, match=r"conflict markers stand in .*README\.md"):
        renewal(hub, new)
    (hub / "README.md").write_text("# syn-hub\n\nfirst of mine, better\n\nmiddle\n\nlast\n")
    assert renewal(hub, new).changes == {}


def test_a_round_trip_of_the_real_templates(tmp_path: Path) -> None:
    """From an older version of them, in which each file was a little different, with an edit in each file."""
    old = tmp_path / "old"
    shutil.copytree(templates_root(), old)
    merged = []
    for path in sorted((old / "standalone").rglob("*.jinja")):
        lines = path.read_text().splitlines(keepends=True)
        name = path.name
        if len(lines) > 12 and "schema" not in name and name != f"{RECORD}.jinja":
            path.write_text("".join([*lines[:2], "of the older template\n", *lines[2:]]))
            merged.append(path)
    assert len(merged) > 8
    hub = tmp_path / "xyz-hub"
    make(hub, old, Form.STANDALONE, slug="xyz-hub", vsm_function="SYN")
    files = [path for path in hub.rglob("*") if path.is_file() and path.name != RECORD]
    for path in files:
        path.write_text(path.read_text() + f"\nmine, in {path.name}\n")
    told = renewal(hub)
    carry_out(told)
    assert told.conflicts == 0
    now = contents(hub)
    for path in files:
        mine = [name for name, content in now.items() if f"mine, in {path.name}\n" in content]
        assert mine, f"the edit in {path} is lost"
    of = load_template(Form.STANDALONE)
    fresh = scaffold(of, answers(of.questions, {"slug": "xyz-hub", "vsm_function": "SYN"}, "xyz-hub"))
    assert now["README.md"] == fresh.tree["README.md"].content.decode() + "\nmine, in README.md\n"
    assert "of the older template" in now["hub.yaml"], "the person's own"


def test_a_scaffold_by_copier_keeps_its_edits_and_gets_a_record(tmp_path: Path) -> None:
    import copier

    hub = tmp_path / "syn"
    copier.run_copy(str(templates_root() / "hub"), hub, defaults=True, quiet=True)
    replaced(hub / "README.md", "# Syn Hub", "# The Syn Hub")
    (hub / "tests" / "test_syn_hub.py").unlink()
    record = read_record(hub)
    assert record is not None
    assert record.files is None
    before = contents(hub)
    told = renewal(hub)
    assert "counts as edited by hand" in {step.path: step.why for step in told.steps}["README.md"]
    carry_out(told)
    assert contents(hub) == {**before, "tests/test_syn_hub.py": contents(hub)["tests/test_syn_hub.py"]}
    assert renewal(hub).changes == {}


def test_a_folder_that_nobody_scaffolded_is_adopted(tmp_path: Path, new: Path) -> None:
    hub = tmp_path / "mine"
    hub.mkdir()
    (hub / "README.md").write_text("mine\n")
    with pytest.raises(UpdateRefused, match="has no") as refused:
        renewal(hub, new)
    assert "--adopt" in refused.value.hint
    carry_out(adopt(hub, Form.HUB, {"slug": "my-hub"}, new))
    assert contents(hub)["README.md"] == "mine\n"
    assert contents(hub)["hub.yaml"] == "hub: my-hub\nmore: true\n"
    assert renewal(hub, new).changes == {}


def test_questions_come_and_go(hub: Path, tmp_path: Path) -> None:
    record = read_record(hub)
    assert record is not None
    config = "name: {type: str, default: 'Hub {{ _folder_name }}'}\n_skip_if_exists: []\n"
    moved = template(tmp_path / "moved", {"README.md.jinja": "# {{ name }}\n"}, config)
    carry_out(renewal(hub, moved))
    assert "# Hub hub\n" in contents(hub)["README.md"]
    required = template(tmp_path / "required", {"README.md.jinja": "{{ x }}"}, "x: {type: str}\n")
    with pytest.raises(BadAnswer, match="the x is not known"):
        renewal(hub, required)


def test_what_changed_meanwhile_is_not_written_over(hub: Path, new: Path) -> None:
    told = renewal(hub, new)
    (hub / "README.md").write_text("typed just now\n")
    before = contents(hub)
    with pytest.raises(UpdateRefused, match=r"README\.md has changed meanwhile"):
        carry_out(told)
    assert contents(hub) == before


def test_nothing_is_written_through_links(hub: Path, new: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "README.md").write_text("mine\n")
    (hub / "README.md").unlink()
    (hub / "README.md").symlink_to(outside / "README.md")
    (hub / "docs").symlink_to(outside)
    told = renewal(hub, new)
    assert told.conflicts == 2
    carry_out(told)
    assert contents(outside) == {"README.md": "mine\n"}
    assert (hub / "README.md").is_symlink()


@pytest.mark.parametrize("what", ["folder", "file above"])
def test_something_else_where_a_file_goes(what: str, hub: Path, new: Path) -> None:
    if what == "folder":
        (hub / "added.md").mkdir()
    else:
        (hub / "docs").write_text("a file\n")
    told = renewal(hub, new)
    assert told.conflicts == 1
    carry_out(told)
    assert (hub / "made.json").read_text() == '{"made": true}\n'


def mangled(change: Callable[[dict[str, object]], object]) -> Callable[[Path], object]:
    def mangle(path: Path) -> None:
        told = json.loads(path.read_text())
        change(told)
        path.write_text(json.dumps(told))

    return mangle


def files_of(told: dict[str, object]) -> dict[str, dict[str, object]]:
    files = told["files"]
    assert isinstance(files, dict)
    return files


def _a_folder_instead(path: Path) -> None:
    path.unlink()
    path.mkdir()


DAMAGED: dict[str, tuple[Callable[[Path], object], str]] = {
    "no JSON": (lambda path: path.write_text("<<<<<<< yours\n"), "is damaged: it is not of the right shape"),
    "not text": (lambda path: path.write_bytes(b"\xff"), "cannot be read"),
    "gone": (Path.unlink, "has no"),
    "a folder": (_a_folder_instead, "cannot be read"),
    "another format": (mangled(lambda told: told.update(format="vsmhub/scaffold/v9")), "has the format"),
    "another template": (mangled(lambda told: told.update(template="nonsense")), "is damaged"),
    "an unknown member": (mangled(lambda told: told.update(extra=1)), "is damaged"),
    "no base64": (mangled(lambda told: files_of(told)["README.md"].update(base="?")), "is damaged"),
    "not packed": (mangled(lambda told: files_of(told)["README.md"].update(base="AAAA")), "is damaged"),
    "another content": (mangled(lambda told: files_of(told)["README.md"].update(sha256="0")), "does not match"),
}


@pytest.mark.parametrize("case", DAMAGED)
def test_a_damaged_record(case: str, hub: Path, new: Path) -> None:
    damage, message = DAMAGED[case]
    damage(hub / RECORD)
    before = contents(hub)
    with pytest.raises(RenderError, match=message):
        renewal(hub, new)
    assert contents(hub) == before


def test_a_record_leads_nowhere_else(hub: Path, new: Path) -> None:
    """What a record says was rendered is only ever sought inside: a dropped file elsewhere is not removed."""
    outside = hub.parent / "outside.txt"
    outside.write_text("a\nb\nc\n")
    path = hub / RECORD
    told = json.loads(path.read_text())
    told["files"]["../outside.txt"] = told["files"]["dropped.md"]
    told["files"][str(outside)] = told["files"]["dropped.md"]
    path.write_text(json.dumps(told))
    carry_out(renewal(hub, new))
    assert outside.read_text() == "a\nb\nc\n"


def test_a_record_that_is_written_again_stays_the_same(hub: Path, old: Path) -> None:
    before = (hub / RECORD).read_bytes()
    record = read_record(hub)
    assert record is not None
    assert record.to_bytes() == before
    assert renewal(hub, old).changes == {}


Unprivileged = Callable[[], AbstractContextManager[None]]


def test_a_file_that_cannot_be_read(folder: Path, old: Path, unprivileged: Unprivileged) -> None:
    new = template(folder / "new", NEW)
    make(folder / "hub", old)
    renewal(folder / "hub", new)
    (folder / "hub" / "README.md").chmod(0)
    with unprivileged(), pytest.raises(FileError, match=r"README\.md cannot be read: Permission denied"):
        renewal(folder / "hub", new)


def test_a_read_only_scaffold_stays_as_it_was(folder: Path, old: Path, new: Path, unprivileged: Unprivileged) -> None:
    make(folder / "hub", old)
    now = renewal(folder / "hub", new)
    before = contents(folder / "hub")
    with unprivileged(), pytest.raises(FileError, match="Permission denied") as failed:
        carry_out(now)
    assert failed.value.hint == "its files are as they were"
    assert contents(folder / "hub") == before


def test_a_disk_that_is_full(hub: Path, new: Path) -> None:
    """A limit on the size of files stands in for the disk: the kernel fails the write in the same place."""
    template(new, {**NEW, "large.txt.jinja": "x" * 100_000 + "\n"})
    now = renewal(hub, new)
    before = contents(hub)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, limits[1]))
        with pytest.raises(FileError, match="File too large"):
            carry_out(now)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, handler)
    assert contents(hub) == before
    carry_out(renewal(hub, new))
    assert "large.txt" in contents(hub)

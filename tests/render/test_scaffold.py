"""Templates render to hubs that hold together, the same by our engine and by copier's command, whatever is answered."""

import filecmp
import json
import os
import subprocess
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path

import pytest
import yaml

from vsmhub.render.errors import BadAnswer, RenderError, TemplateBroken
from vsmhub.render.questions import answers
from vsmhub.render.record import RECORD
from vsmhub.render.scaffold import Scaffold, scaffold
from vsmhub.render.template import Form, load_template, templates_root
from vsmhub.render.tree import Owner, outline
from vsmhub.spec.load import HUB as HUB_KIND
from vsmhub.spec.load import parse_hub
from vsmhub.spec.model import SYSTEM_OF, VsmFunction
from vsmhub.spec.schema import schema_text
from vsmhub.vocabulary.rules import RESERVED_PREFIXES, RESERVED_SLUGS

FORMS = list(Form)


def made(form: Form, given: Mapping[str, str], folder: str = "folder") -> Scaffold:
    template = load_template(form)
    return scaffold(template, answers(template.questions, given, folder))


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("function", list(VsmFunction))
def test_a_new_hub_is_valid_from_the_start(form: Form, function: VsmFunction) -> None:
    slug = f"{function.lower()}-hub"
    spec = parse_hub(made(form, {"slug": slug}).tree["hub.yaml"].content.decode())
    assert (spec.hub.slug, spec.vsm.vsm_function, spec.vsm.vsm_system) == (slug, function, SYSTEM_OF[function])
    assert f"{function.lower()}-algedonic-raised" in spec.vocabulary.event_types
    assert len(spec.widgets) == 1


ANSWERS: dict[str, dict[str, str]] = {
    "only the slug": {"slug": "syn-hub"},
    "a hub of another name": {"slug": "night-watch", "vsm_function": "AUD", "domain": "watch.example.org"},
    "all of them": {
        "slug": "env-hub",
        "prefix": "umwelt",
        "hub_name": "Umwelt & Grenze, für alle",
        "domain": "env.example.org",
        "purpose": "Wer draußen ist: Nutzer, Märkte, Partner.",
        "schema": "../../docs/schemas/hub.v1.schema.json",
    },
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("case", ANSWERS)
def test_copiers_own_command_makes_the_same(form: Form, case: str, tmp_path: Path) -> None:
    given = ANSWERS[case]
    data = [part for name, answer in given.items() for part in ("--data", f"{name}={answer}")]
    copier = Path(sys.executable).parent / "copier"
    source = templates_root() / form.value
    subprocess.run(
        [copier, "copy", "--defaults", "--quiet", *data, source, tmp_path / "hub"], check=True, capture_output=True
    )
    ours = made(form, given, "hub")
    theirs = {
        path.relative_to(tmp_path / "hub").as_posix(): path.read_bytes()
        for path in (tmp_path / "hub").rglob("*")
        if path.is_file()
    }
    # What copier leaves in the record are the answers alone.
    record = json.loads(theirs.pop(RECORD))
    assert record["answers"] == dict(ours.record().answers)
    assert theirs == {path: file.content for path, file in ours.tree.items()}
    assert not any(os.access(tmp_path / "hub" / path, os.X_OK) != file.executable for path, file in ours.tree.items())


@pytest.mark.parametrize("form", FORMS)
def test_templates_are_plain(form: Form) -> None:
    root = templates_root() / form.value
    config = yaml.safe_load((root / "copier.yml").read_text())
    for name in ("_tasks", "_migrations", "_jinja_extensions", "_subdirectory"):
        assert name not in config
    files = [path for path in root.rglob("*") if path.is_file()]
    assert {path.name for path in files if path.suffix != ".jinja"} == {"copier.yml"}
    assert not any(path.is_symlink() for path in root.rglob("*"))


def test_what_both_templates_have_is_the_same() -> None:
    hub, standalone = (templates_root() / form.value for form in (Form.HUB, Form.STANDALONE))
    asked, asked_too = (
        {one.name: one for one in load_template(form).questions} for form in (Form.HUB, Form.STANDALONE)
    )
    assert asked == {name: asked_too[name] for name in asked}
    shared = {path.relative_to(hub) for path in hub.rglob("*.jinja")} - {
        Path("README.md.jinja"),
        Path(f"{RECORD}.jinja"),
    }
    assert len(shared) == 3
    _, different, missing = filecmp.cmpfiles(hub, standalone, map(str, shared), shallow=False)
    assert (different, missing) == ([], [])


@pytest.mark.parametrize("form", FORMS)
def test_the_schema_is_the_published_one(form: Form) -> None:
    file = made(form, {"slug": "syn-hub"}).tree["hub.schema.json"]
    assert file.content.decode() == schema_text(HUB_KIND), (
        "write it again: vsmhub schema --out for each templates/*/*hub.schema.json*.jinja"
    )
    assert file.owner is Owner.GENERATED
    assert "hub.schema.json" not in made(form, {"slug": "syn-hub", "schema": "../schema.json"}).tree


def test_what_is_generated_says_so() -> None:
    tree = made(Form.STANDALONE, {"slug": "syn-hub"}).tree
    generated = [path for path, file in tree.items() if file.owner is Owner.GENERATED and path != "hub.schema.json"]
    assert generated == [".gitea/workflows/ci.yml", ".github/workflows/ci.yml"]
    for path in generated:
        assert b"written again by `vsmhub update`" in tree[path].content.splitlines()[0]
    assert tree["hub.yaml"].owner is Owner.USER


def test_ci_runs_the_pythons_that_vsmhub_was_run_on() -> None:
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text())["project"]
    named = (text.removeprefix("Programming Language :: Python :: ") for text in project["classifiers"])
    pythons = [text for text in named if text.startswith("3.")]
    assert project["requires-python"] == f">={pythons[0]}"
    tree = made(Form.STANDALONE, {"slug": "syn-hub"}).tree
    for path in (".gitea/workflows/ci.yml", ".github/workflows/ci.yml"):
        jobs = yaml.safe_load(tree[path].content)["jobs"]
        assert jobs["test"]["strategy"]["matrix"]["python"] == pythons


def test_a_standalone_hub_is_well_formed(tmp_path: Path) -> None:
    tree = made(Form.STANDALONE, {"slug": "night-watch", "vsm_function": "AUD"}).tree
    assert tomllib.loads(tree["pyproject.toml"].content.decode())["project"]["name"] == "night-watch-collectors"
    for path, file in tree.items():
        if path.endswith((".yml", ".yaml")):
            yaml.safe_load(file.content)
        assert b"{{" not in file.content.replace(b"${{", b"")
        assert b"{%" not in file.content
        assert not any(line.endswith(b" ") for line in file.content.splitlines()), f"{path}: space at a line's end"
    for path, file in tree.items():
        target = tmp_path / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(file.content)
    for command in (["check"], ["format", "--check"]):
        subprocess.run([sys.executable, "-m", "ruff", *command], cwd=tmp_path, check=True)
    # What pre-commit names one by one is no more looked at than the rest of what is generated.
    (tmp_path / "client").mkdir()
    (tmp_path / "client" / "made.py").write_text("import b\nimport a\n")
    hooks = yaml.safe_load(tree[".pre-commit-config.yaml"].content)["repos"][0]["hooks"]
    (style,) = (one["entry"].split() for one in hooks if one["id"] == "ruff")
    subprocess.run([sys.executable, "-m", *style, "client/made.py"], cwd=tmp_path, check=True)
    assert "NIGHTWATCH-WP-0001-bootstrap.md" in " ".join(tree)
    for repository in ("inter-hub", "helix-forge", "railiance-infra", "railiance-apps"):
        assert f"`{repository}`".encode() in tree["docs/boundary.md"].content


HOSTILE = [
    ("slug", "../outside"),
    ("slug", "/etc"),
    ("slug", "a/b"),
    ("slug", "a\\b"),
    ("slug", "."),
    ("slug", ".."),
    ("slug", "~root"),
    ("slug", "con-hub"),
    ("slug", "class"),
    ("slug", "vsmhub"),
    ("slug", "inter-hub"),
    ("slug", "a" * 64),
    ("slug", "x" * 1_000_000),
    ("slug", "über-hub"),
    ("slug", "syn‑hub"),  # noqa: RUF001 - a hyphen that is none is the case
    ("slug", "Syn-hub"),
    ("slug", "syn--hub"),
    ("slug", "-hub"),
    ("slug", "syn-hub\n"),
    ("slug", "syn-hub\0"),
    ("slug", "{{ 7 * 7 }}"),
    ("prefix", "../x"),
    ("prefix", "s-y"),
    ("prefix", "s"),
    ("prefix", "s" * 17),
    ("prefix", "hub"),
    ("prefix", "ops"),
    ("hub_name", 'a"\nhub: {}'),
    ("hub_name", "{{ ''.__class__ }}"),
    ("hub_name", "<script>"),
    ("hub_name", " "),
    ("hub_name", "right\u202eleft"),
    ("vsm_function", "XYZ"),
    ("vsm_function", "OPS"),
    ("domain", "nodots"),
    ("domain", "a..b"),
    ("domain", "a.b\n"),
    ("domain", "a." * 200 + "b"),
    ("domain", "-" * 100_000),
    ("purpose", "two\nlines"),
    ("purpose", "x" * 201),
    ("schema", "/etc/passwd.json"),
    ("schema", "https://example.org/x.json"),
    ("workplan_prefix", "../WP"),
    ("workplan_prefix", "wp"),
]


@pytest.mark.parametrize(("question", "answer"), HOSTILE, ids=lambda value: ascii(value)[:30])
def test_answers_that_are_refused(question: str, answer: str) -> None:
    with pytest.raises(BadAnswer) as refused:
        made(Form.STANDALONE, {"slug": "syn-hub", question: answer})
    assert refused.value.question == question
    assert len(refused.value.message) < 300
    assert refused.value.message.isprintable()


RESERVED = [("slug", one) for one in sorted(RESERVED_SLUGS)] + [("prefix", one) for one in sorted(RESERVED_PREFIXES)]


@pytest.mark.parametrize(("question", "answer"), RESERVED)
def test_what_check_would_refuse_is_refused_before(question: str, answer: str) -> None:
    with pytest.raises(BadAnswer, match="is reserved"):
        made(Form.HUB, {"slug": "xyz-hub", "vsm_function": "SYN", question: answer})


# One of each kind; copier takes its time.
FOR_COPIER = {question: (question, answer) for question, answer in HOSTILE if len(answer) < 70}


@pytest.mark.parametrize(("question", "answer"), [*FOR_COPIER.values(), ("slug", "../outside"), ("slug", "/etc")])
def test_copier_refuses_them_as_well(question: str, answer: str, tmp_path: Path) -> None:
    import copier

    with pytest.raises(ValueError, match=r"Validation error|Invalid choice"):
        copier.run_copy(
            str(templates_root() / "standalone"),
            tmp_path / "here" / "hub",
            data={"slug": "syn-hub", question: answer},
            defaults=True,
            quiet=True,
        )
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_function_must_be_given_where_it_does_not_follow() -> None:
    with pytest.raises(BadAnswer, match=r"the function is not known.*SYN") as missing:
        made(Form.HUB, {"slug": "xyz-hub"})
    assert missing.value.question == "vsm_function"


def test_a_person_is_asked_only_for_that_and_again_when_wrong() -> None:
    asked = []

    def ask(question: object, problem: str) -> str:
        asked.append(problem)
        return "SYN" if problem else "nonsense"

    template = load_template(Form.HUB)
    assert answers(template.questions, {"slug": "xyz-hub"}, "xyz", ask)["vsm_function"] == "SYN"
    assert [bool(problem) for problem in asked] == [False, True]
    assert answers(template.questions, {"slug": "syn-hub"}, "syn", ask)["vsm_function"] == "SYN"
    assert len(asked) == 2


def test_an_answer_to_no_question_is_refused() -> None:
    with pytest.raises(RenderError, match="does not ask for `vsm_system`"):
        made(Form.HUB, {"slug": "syn-hub", "vsm_system": "S2"})


def handmade(root: Path, files: Mapping[str, str], config: str = "x: {type: str}\n") -> Path:
    for name, text in {"copier.yml": config, **files}.items():
        path = root / "hub" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


ESCAPES = ["..", ".", "../../outside", "/etc/passwd", "a/b", "a\\b", "a\0b", "a\nb", "n" * 256]


@pytest.mark.parametrize("answer", ESCAPES, ids=ascii)
def test_no_answer_leads_out_of_the_destination(answer: str, tmp_path: Path) -> None:
    """Also where a template asks without a validator and uses the answer as a path."""
    root = handmade(tmp_path, {"{{ x }}.jinja": "content", "{{ x }}/below.jinja": "content"})
    template = load_template(Form.HUB, root)
    with pytest.raises(TemplateBroken, match="cannot be the name of a file"):
        scaffold(template, {"x": answer})


BROKEN = {
    "unclosed": ({"a.md.jinja": "one\n{{ x\n"}, None, r"hub/a\.md\.jinja:2 is broken"),
    "unknown variable": ({"a.md.jinja": "one\n\n{{ y }}\n"}, None, r"hub/a\.md\.jinja:3 is broken: 'y' is undefined"),
    "unknown filter": ({"a.md.jinja": "{{ x | nonsense }}"}, None, r"hub/a\.md\.jinja:1 is broken.*nonsense"),
    "an error inside": ({"a.md.jinja": "{{ x + 1 }}"}, None, r"hub/a\.md\.jinja:1 is broken"),
    "out of the sandbox": ({"a.md.jinja": "{{ x.__class__.__mro__ }}"}, None, r"hub/a\.md\.jinja:1 is broken.*unsafe"),
    "two files in one place": ({"a.jinja": "", "{{ 'a' }}.jinja": ""}, None, "two files go to a"),
    "no YAML": ({}, "a: [", r"copier\.yml is not YAML"),
    "no mapping": ({}, "- a", r"copier\.yml must hold a mapping"),
    "no question": ({}, "x: 1", "the question `x` must be a mapping"),
    "no patterns": ({}, "_skip_if_exists: hub.yaml", "`_skip_if_exists` must be a list"),
    "a broken default": ({}, "x: {type: str, default: '{{ nope }}'}", "template x.* is broken"),
    "a broken validator": ({}, "x: {type: str, default: a, validator: '{% if %}'}", "x's validator.* is broken"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_template_broken_by_hand(case: str, tmp_path: Path) -> None:
    files, config, message = BROKEN[case]
    root = handmade(tmp_path, files, config or "x: {type: str, default: a}\n")
    with pytest.raises(TemplateBroken, match=message):
        _made_from(root)


def _made_from(root: Path) -> Scaffold:
    template = load_template(Form.HUB, root)
    return scaffold(template, answers(template.questions, {}, "folder"))


def test_a_template_that_is_missing_or_unreadable(tmp_path: Path) -> None:
    with pytest.raises(TemplateBroken, match=r"copier\.yml cannot be read"):
        load_template(Form.HUB, tmp_path)
    handmade(tmp_path, {})
    (tmp_path / "hub" / "a.jinja").write_bytes(b"\xff")
    with pytest.raises(TemplateBroken, match="cannot be read"):
        load_template(Form.HUB, tmp_path)
    (tmp_path / "hub" / "a.jinja").unlink()
    (tmp_path / "hub" / "a.jinja").symlink_to("/etc/passwd")
    with pytest.raises(TemplateBroken, match="is not a file"):
        load_template(Form.HUB, tmp_path)


def test_a_part_of_a_path_that_renders_to_nothing_leaves_its_files_out(tmp_path: Path) -> None:
    root = handmade(tmp_path, {"{{ x }}/a.jinja": "", "b.jinja": "B\n"})
    assert list(scaffold(load_template(Form.HUB, root), {"x": ""}).tree) == ["b"]
    assert scaffold(load_template(Form.HUB, root), {"x": ""}).tree["b"].content == b"B\n"


def test_a_tree_is_drawn_with_its_notes() -> None:
    assert outline({"b/c": "note", "a": "", "b/d/e": ""}) == [
        "├── a",
        "└── b/",
        "    ├── c      note",
        "    └── d/",
        "        └── e",
    ]

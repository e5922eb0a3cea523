"""Every mistake in a `hub.yaml` is told at its place, in plain words, and all of them at once."""

import os
from pathlib import Path

import pytest

from tests.spec.examples import HUB, hub_text
from vsmhub.spec.errors import SpecError
from vsmhub.spec.load import load_hub, parse_hub, read_hub, read_hub_text
from vsmhub.spec.model import HubSpec, VsmFunction, VsmSystem
from vsmhub.spec.names import LINE_PATTERN, MEANING, NAME_PATTERN, SCOPE_PATTERN

Change = tuple[str, str]

# What was changed, and what must be said: line:column, rule, message with its hint.
CASES: list[tuple[str, list[Change], list[str]]] = [
    ("nothing", [], []),
    (
        "unknown key, near one that is missing",
        [("vsm_function", "vsm_funtion")],
        ["8:3 unknown-key unknown key `vsm_funtion` in `vsm` (did you mean `vsm_function`?)"],
    ),
    (
        "unknown key, near one that is there",
        [("  name: Xyz Hub\n", "  name: Xyz Hub\n  nmae: Xyz\n")],
        ["5:3 unknown-key unknown key `nmae` in `hub` (did you mean `name`?)"],
    ),
    (
        "unknown key, near nothing",
        [("vsm:\n", "colour: blue\nvsm:\n")],
        ["7:1 unknown-key unknown key `colour`"],
    ),
    (
        "unknown key in a term",
        [("{description: Who has what}", "{description: Who has what, deprecatd: {since: 1.0.0}}")],
        [
            (
                "17:44 unknown-key unknown key `deprecatd` in `vocabulary.widget_types.xyz-claim` "
                "(did you mean `deprecated`?)"
            ),
        ],
    ),
    ("missing at the top", [("manifest:\n  version: 1.0.0\n", "")], ["1:1 missing-key `manifest` is missing"]),
    ("missing in a list", [("    type: xyz-board\n", "")], ["30:5 missing-key `widgets[0].type` is missing"]),
    (
        "wrong choice",
        [("vsm_system: S2", "vsm_system: s2")],
        [
            (
                "9:15 wrong-choice `vsm.vsm_system` must be one of S1, S2, S3, S3*, S4, S5, ENV, not `s2` "
                "(did you mean `S2`?)"
            ),
        ],
    ),
    (
        "wrong choice among one",
        [("  vsm_function", "  hub_family: vms\n  vsm_function")],
        ["8:15 wrong-choice `vsm.hub_family` must be `vsm`, not `vms`"],
    ),
    (
        "a number for a text",
        [("name: Xyz Hub", "name: 42")],
        ["4:9 wrong-kind `hub.name` must be a text, not the number 42 (put it in quotes)"],
    ),
    (
        "true for a text",
        [("name: Xyz Hub", "name: true")],
        ["4:9 wrong-kind `hub.name` must be a text, not true (put it in quotes)"],
    ),
    (
        "nothing for a list",
        [("  - kind: coordination\n    to: abc-hub\n    carries: [xyz-claimed]\n", "")],
        ["39:10 wrong-kind `channels` must be a list, but is empty"],
    ),
    (
        "a list for a term",
        [("xyz-board: Where work is seen", "xyz-board: [1]")],
        ["16:16 wrong-kind `vocabulary.widget_types.xyz-board` must be a text or a mapping, not a list"],
    ),
    (
        "an empty description",
        [("xyz-board: Where work is seen", 'xyz-board: ""')],
        ["16:16 wrong-text `vocabulary.widget_types.xyz-board.description` is empty"],
    ),
    (
        "a name of a wrong shape, complained of once",
        [("widget: xyz-main", "widget: Xyz_Main")],
        [
            f"38:11 wrong-text `registration.widget` cannot be `Xyz_Main` ({MEANING[NAME_PATTERN]})",
        ],
    ),
    (
        "a key of a wrong shape",
        [("xyz-pairwise: Between two", "xyz-pairwise: Between two\n    xyz--twice: Between two")],
        [
            f"24:5 wrong-text `vocabulary.policy_scopes` cannot have the key `xyz--twice` ({MEANING[NAME_PATTERN]})",
        ],
    ),
    (
        "a list too short",
        [("[framework:read, hub:xyz-hub:write]", "[]")],
        ["28:13 wrong-count `consumer.key.scopes` needs at least 1"],
    ),
    (
        "a list with only wrong items, complained of once",
        [("[framework:read, hub:xyz-hub:write]", "[admin]")],
        [
            f"28:14 wrong-text `consumer.key.scopes[0]` cannot be `admin` ({MEANING[SCOPE_PATTERN]})",
        ],
    ),
    (
        "a list too long",
        [("To be an example", f"To be an example\n  includes: {[f'x{number}' for number in range(51)]}")],
        ["12:13 wrong-count `scope.includes` holds 51; it takes at most 50"],
    ),
    (
        "a mapping too long",
        [("annotation_categories: {}", f"annotation_categories: {{{', '.join(f'xyz-{n}: x' for n in range(1001))}}}")],
        ["21:26 wrong-count `vocabulary.annotation_categories` holds 1001; it takes at most 1000"],
    ),
    (
        "a prefix too short",
        [("prefix: xyz", "prefix: x")],
        ["5:11 wrong-text `hub.prefix` is too short; it takes 2 characters or more"],
    ),
    (
        "a list for a choice",
        [("vsm_system: S2", "vsm_system: [S2]")],
        ["9:15 wrong-kind `vsm.vsm_system` must be one of S1, S2, S3, S3*, S4, S5, ENV, not a list"],
    ),
    (
        "a text too long",
        [("Main board", "x" * 201)],
        ["31:11 wrong-text `widgets[0].name` is 201 characters long; it takes at most 200"],
    ),
    (
        "a text with a line break",
        [("name: Main board", 'name: "Main\\nboard"')],
        [
            f"31:11 wrong-text `widgets[0].name` cannot be `Main\\nboard` ({MEANING[LINE_PATTERN]})",
        ],
    ),
    (
        "a format that did not say its name",
        [(HUB, "# A draft.\nslug: xyz-hub\nvsmFunction: SYN\nwidgetTypes: []\n")],
        [
            (
                "2:1 format `spec` is missing, and what is here is older than `vsmhub/hub/v1` "
                "(`vsmhub update` brings the file to it)"
            ),
        ],
    ),
    (
        "another format",
        [("vsmhub/hub/v1", "vsmhub/hub/v7"), ("manifest", "manifesto")],
        [
            "1:7 format `spec` must be `vsmhub/hub/v1`, not `vsmhub/hub/v7` (a newer vsmhub may read this file)",
        ],
    ),
    (
        "a format with a slip",
        [("vsmhub/hub/v1", "vsmhub/hubs/v1")],
        ["1:7 format `spec` must be `vsmhub/hub/v1`, not `vsmhub/hubs/v1` (did you mean `vsmhub/hub/v1`?)"],
    ),
    (
        "a wrong type, a wrong structure and a wrong number, in file order",
        [("type: xyz-board", "type: xyz-bord"), ("  name: Xyz Hub\n", ""), ("number: 1", "number: 01")],
        [
            "3:3 missing-key `hub.name` is missing",
            "31:11 widget-type `xyz-bord` is not declared in `vocabulary.widget_types` (did you mean `xyz-board`?)",
            "34:24 yaml-number `01` is not taken: a number does not begin with 0 (put it in quotes if it is a text)",
        ],
    ),
]


def said(text: str) -> list[str]:
    return [
        f"{complaint.line}:{complaint.column} {complaint.rule} {str(complaint).split(': ', 1)[1]}"
        for complaint in read_hub_text(text).complaints
    ]


@pytest.mark.parametrize(("changes", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_complaints(changes: list[Change], expected: list[str]) -> None:
    assert said(hub_text(*changes)) == expected


def test_a_good_spec_is_a_frozen_value() -> None:
    spec = parse_hub(HUB)
    assert (spec.vsm.vsm_function, spec.vsm.vsm_system) == (VsmFunction.SYN, VsmSystem.S2)
    assert spec.vocabulary.widget_types["xyz-claim"].description == "Who has what"
    assert spec.widgets[0].metadata == {"number": 1, "since": "2026-05-16", "on": "yes"}
    assert HubSpec.model_validate_json(spec.model_dump_json()) == spec


def test_a_folder_and_its_file_are_the_same_hub(tmp_path: Path) -> None:
    (tmp_path / "hub.yaml").write_text(HUB)
    assert load_hub(tmp_path) == load_hub(tmp_path / "hub.yaml") == parse_hub(HUB)


def test_the_error_holds_every_complaint_with_its_file(tmp_path: Path) -> None:
    file = tmp_path / "hub.yaml"
    file.write_text(hub_text(("S2", "S3"), ("to: abc-hub", "to: xyz-hub")))
    with pytest.raises(SpecError) as caught:
        load_hub(tmp_path)
    assert str(caught.value) == (
        f"{file}:9:15: the function SYN belongs to system S2, not S3\n"
        f"{file}:41:9: a channel leads to another hub, not to its own"
    )


FILES: list[tuple[str, bytes | None, str]] = [
    ("missing", None, "hub.yaml: there is no such file"),
    ("empty", b"", "hub.yaml: the file holds nothing"),
    ("only a comment", b"# nothing\n", "hub.yaml: the file holds nothing"),
    ("only null", b"~\n", "hub.yaml:1:1: the file must hold a mapping, beginning with `spec:`"),
    ("a list", b"- spec\n", "hub.yaml:1:1: the file must hold a mapping, beginning with `spec:`"),
    ("not UTF-8", b"spec: vsmhub\nhub: \xe4\n", "hub.yaml:2:6: the byte 0xe4 is not UTF-8 (save the file as UTF-8)"),
    ("UTF-16", "spec: x".encode("utf-16"), "hub.yaml: the file is UTF-16 (save it as UTF-8)"),
    (
        "a byte order mark",
        b"\xef\xbb\xbfspec: x",
        "hub.yaml: the file begins with a byte order mark (save it as UTF-8 without one)",
    ),
    (
        "a control character",
        b"spec: x\nhub: a\x1b[31m\n",
        "hub.yaml:2:7: the character `\\x1b` cannot stand in YAML (in double quotes, write it as an escape)",
    ),
    ("too large", b"#" * (4 * 1024 * 1024 + 1), "hub.yaml: the file is larger than 4 MiB"),
]


@pytest.mark.parametrize(("content", "expected"), [case[1:] for case in FILES], ids=[case[0] for case in FILES])
def test_files_that_hold_no_spec(tmp_path: Path, content: bytes | None, expected: str) -> None:
    if content is not None:
        (tmp_path / "hub.yaml").write_bytes(content)
    (complaint,) = read_hub(tmp_path).complaints
    assert str(complaint) == f"{tmp_path}/{expected}"


def test_paths_that_lead_to_no_file(tmp_path: Path) -> None:
    file = tmp_path / "hub.yaml"
    file.write_text(HUB)
    assert str(read_hub(tmp_path / "none").complaints[0]) == f"{tmp_path}/none: there is no such file"
    assert "a part of the path is no folder" in str(read_hub(file / "hub.yaml").complaints[0])
    file.unlink()
    file.mkdir()
    assert "this is a folder, not a file" in str(read_hub(tmp_path).complaints[0])
    assert "cannot be read" in str(read_hub(Path("\0")).complaints[0])


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read anything")
def test_a_file_without_permission(tmp_path: Path) -> None:
    file = tmp_path / "hub.yaml"
    file.write_text(HUB)
    file.chmod(0)
    assert "cannot be read: Permission denied" in str(read_hub(tmp_path).complaints[0])

"""A term is deprecated in place, and a renamed one keeps its old name; the diff is the whole of the edit."""

import pytest

from tests.spec.examples import hub_text
from tests.vocabulary.edits import FILE, diff
from vsmhub.spec.load import parse_hub
from vsmhub.vocabulary.edit import deprecate_term, rename_term

DEPRECATIONS: list[tuple[str, list[tuple[str, str]], list[str]]] = [
    (
        "a text",
        [],
        [
            "-    xyz-claimed: Somebody took something",
            "+    xyz-claimed:",
            "+      description: Somebody took something",
            "+      deprecated:",
            "+        since: 1.1.0",
            "+        replaced_by: xyz-registered",
            '+        reason: "no: longer"',
        ],
    ),
    (
        "a text in quotes with a comment",
        [("xyz-claimed: Somebody took something", 'xyz-claimed:  "Somebody: took"  # really')],
        [
            '-    xyz-claimed:  "Somebody: took"  # really',
            "+    xyz-claimed:",
            '+      description: "Somebody: took"  # really',
            "+      deprecated:",
            "+        since: 1.1.0",
            "+        replaced_by: xyz-registered",
            '+        reason: "no: longer"',
        ],
    ),
    (
        "a folded text",
        [
            (
                "xyz-claimed: Somebody took something",
                "xyz-claimed: >-  # folded\n      Somebody\n      took\n",
            )
        ],
        [
            "-    xyz-claimed: >-  # folded",
            "-      Somebody",
            "-      took",
            "+    xyz-claimed:",
            "+      description: >-  # folded",
            "+        Somebody",
            "+        took",
            "+      deprecated:",
            "+        since: 1.1.0",
            "+        replaced_by: xyz-registered",
            '+        reason: "no: longer"',
        ],
    ),
    (
        "a text on a line of its own",
        [("xyz-claimed: Somebody took something", "xyz-claimed:  # who?\n       Somebody\n       took")],
        [
            "-       Somebody",
            "-       took",
            "+       description: Somebody",
            "+         took",
            "+       deprecated:",
            "+         since: 1.1.0",
            "+         replaced_by: xyz-registered",
            '+         reason: "no: longer"',
        ],
    ),
    (
        "a mapping",
        [("xyz-claimed: Somebody took something", "xyz-claimed:\n        description: x  # y\n        # z")],
        [
            "+        deprecated:",
            "+          since: 1.1.0",
            "+          replaced_by: xyz-registered",
            '+          reason: "no: longer"',
        ],
    ),
    (
        "a mapping in brackets",
        [("xyz-claimed: Somebody took something", "xyz-claimed: { description: x }  # y")],
        [
            "-    xyz-claimed: { description: x }  # y",
            (
                "+    xyz-claimed: { description: x, deprecated: {since: 1.1.0, replaced_by: xyz-registered, "
                'reason: "no: longer"} }  # y'
            ),
        ],
    ),
]


@pytest.mark.parametrize(
    ("changes", "expected"), [case[1:] for case in DEPRECATIONS], ids=[case[0] for case in DEPRECATIONS]
)
def test_deprecate(changes: list[tuple[str, str]], expected: list[str]) -> None:
    text = hub_text(*changes, ("[xyz-claimed]", "[]"))
    edited = deprecate_term(text, FILE, "xyz-claimed", replaced_by="xyz-registered", reason="no: longer")
    assert diff(text, edited.text) == expected
    assert (edited.version, edited.needed) == ("1.0.0", "1.1.0")
    deprecated = edited.text.replace("version: 1.0.0", "version: 1.1.0")
    assert parse_hub(deprecated).vocabulary.event_types["xyz-claimed"].deprecated is not None


def test_deprecate_within_brackets_and_raise_the_version() -> None:
    text = hub_text(("annotation_categories: {}", "annotation_categories: {xyz-a: one, xyz-b: two}"))
    edited = deprecate_term(text, FILE, "xyz-a", bump=True)
    assert (edited.version, edited.needed) == ("1.1.0", "1.1.0")
    assert diff(text, edited.text) == [
        "-  version: 1.0.0",
        "+  version: 1.1.0",
        "-  annotation_categories: {xyz-a: one, xyz-b: two}",
        "+  annotation_categories: {xyz-a: {description: one, deprecated: {since: 1.1.0}}, xyz-b: two}",
    ]
    assert edited.done == (
        "deprecated the annotation category `xyz-a`",
        "raised the manifest's version from 1.0.0 to 1.1.0",
    )


def test_rename_moves_what_the_hub_declares_and_keeps_the_old_name() -> None:
    text = hub_text(
        ("[xyz-claimed]", "['xyz-claimed', \"xyz-registered\"]  # both"),
        ("  event_types:", "  event_types:  # said\n    # first"),
    )
    edited = rename_term(text, FILE, "xyz-claimed", "xyz-taken", bump=True)
    assert diff(text, edited.text) == [
        "-  version: 1.0.0",
        "+  version: 1.1.0",
        "-    xyz-claimed: Somebody took something",
        "+    xyz-taken: Somebody took something",
        "+    xyz-claimed:",
        "+      description: Somebody took something",
        "+      deprecated:",
        "+        since: 1.1.0",
        "+        replaced_by: xyz-taken",
        "-    carries: ['xyz-claimed', \"xyz-registered\"]  # both",
        "+    carries: ['xyz-taken', \"xyz-registered\"]  # both",
    ]
    assert edited.done[1] == "moved `channels[0].carries[0]` to `xyz-taken`"
    again = rename_term(edited.text, FILE, "xyz-registered", "xyz-known", description="It is there", bump=True)
    spec = parse_hub(again.text)
    assert spec.manifest.version == "1.2.0"
    assert list(spec.vocabulary.event_types) == ["xyz-known", "xyz-registered", "xyz-taken", "xyz-claimed"]
    assert spec.registration.event_type == "xyz-known"
    assert spec.channels[0].carries == ("xyz-taken", "xyz-known")

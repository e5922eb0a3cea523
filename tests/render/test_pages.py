"""The pages that people read, as a Markdown reader sees them: every value to the letter, in its place."""

import json
from collections.abc import Iterable, Iterator

from hypothesis import given
from markdown_it import MarkdownIt
from markdown_it.token import Token

from tests.render.specs import FEW, ops, spec_of, specs
from tests.spec.examples import hub_data
from vsmhub.render.runbook import runbook
from vsmhub.render.vocabulary_page import vocabulary_page
from vsmhub.spec.capability import capability
from vsmhub.spec.model import HubSpec


def tokens(markdown: str) -> list[Token]:
    return MarkdownIt("commonmark").enable("table").parse(markdown)


def tables(markdown: str) -> Iterator[list[list[Token]]]:
    """Each table as rows of cells."""
    rows: list[list[Token]] = []
    cell = False
    for token in tokens(markdown):
        if token.type == "table_open":
            rows = []
        elif token.type == "tr_open":
            rows.append([])
        elif token.type in {"td_open", "th_open"}:
            cell = True
        elif token.type == "inline" and cell:
            rows[-1].append(token)
            cell = False
        elif token.type == "table_close":
            yield rows


def typed(cell: Token) -> list[str]:
    """What a cell asks a person to type."""
    return [child.content for child in cell.children or () if child.type == "code_inline"]


def fields(markdown: str) -> list[tuple[str, list[str]]]:
    """The fields of all forms, in order: label and values."""
    return [(row[0].content, typed(row[1])) for table in tables(markdown) for row in table[1:]]


def blocks(markdown: str, language: str) -> list[str]:
    return [token.content for token in tokens(markdown) if token.type == "fence" and token.info == language]


@given(specs())
@FEW
def test_the_runbook_shows_every_value_to_the_letter(spec: HubSpec) -> None:
    text = runbook(spec)
    widget = spec.widgets[0]
    assert fields(text) == [
        ("Slug", [spec.hub.slug]),
        ("Name", [spec.hub.name]),
        ("Domain", [spec.hub.domain]),
        ("Hub kind", ["domain"]),
        ("Hub family", ["vsm"]),
        ("VSM function", ["SYN"]),
        ("VSM system", ["S2"]),
        ("Hub", [spec.hub.slug]),
        ("Version", [spec.manifest.version]),
        ("Hub", [spec.hub.slug]),
        ("Manifest", [f"{spec.hub.slug} {spec.manifest.version}"]),
        ("Name", [spec.consumer.name]),
        ("Consumer", [spec.consumer.name]),
        ("Name", [spec.consumer.key.name]),
        ("Scopes", ["framework:read"]),
        ("Slug", [widget.slug]),
        ("Name", [widget.name]),
        ("Widget type", [widget.type]),
        ("Policy scope", [widget.policy_scope]),
        ("View context", [widget.view_context]),
    ]
    if spec.hub.description:
        assert blocks(text, "text") == [f"{spec.hub.description}\n"]
    documents = [json.loads(block) for block in blocks(text, "json")]
    vocabulary = spec.vocabulary
    lists: tuple[Iterable[str], ...] = (
        vocabulary.widget_types,
        vocabulary.event_types,
        vocabulary.annotation_categories,
        vocabulary.policy_scopes,
    )
    expected = [*map(list, lists), capability(spec)] + ([widget.metadata] if widget.metadata else [])
    assert documents == expected


def test_the_runbook_of_ops_hub_names_every_page_of_the_old_inter_hub() -> None:
    text = runbook(ops())
    for path in ("/Hubs/new", "/HubCapabilityManifests", "/ApiConsumers", "/ApiKeys"):
        assert f"`{path}`" in text
    assert text.count("**Check:**") == 6
    assert [values for label, values in fields(text) if label == "Scopes"] == [
        ["framework:read", "hub:ops-hub:read", "hub:ops-hub:write"]
    ]


@given(specs())
@FEW
def test_the_vocabulary_page_has_a_row_for_every_name(spec: HubSpec) -> None:
    vocabulary = spec.vocabulary
    shown = [[typed(row[0])[0] for row in table[1:]] for table in tables(vocabulary_page(spec))]
    lists = (
        vocabulary.widget_types,
        vocabulary.event_types,
        vocabulary.annotation_categories,
        vocabulary.policy_scopes,
    )
    assert shown == [list(names) for names in lists if names]


def test_the_vocabulary_page_says_what_is_deprecated_and_what_is_used() -> None:
    data = hub_data()
    data["vocabulary"]["event_types"]["xyz-claimed"]["deprecated"] = {
        "since": "1.0.0",
        "replaced_by": "xyz-registered",
        "reason": "Nobody knew by whom",
    }
    rows = {typed(row[0])[0]: row for table in tables(vocabulary_page(spec_of(data))) for row in table[1:]}
    said = rows["xyz-claimed"][1].content
    assert said == (
        "Somebody took something. **Deprecated since 1.0.0; use `xyz-registered` instead.** Nobody knew by whom"
    )
    assert typed(rows["xyz-claimed"][2]) == ["abc-hub"]
    assert typed(rows["xyz-board"][2]) == ["xyz-main"]

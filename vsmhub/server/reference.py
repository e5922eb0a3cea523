"""The API's reference as one page of HTML, made from the OpenAPI document: no scripts, nothing from elsewhere."""

import re
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Any

Schema = Mapping[str, Any]

HEADERS = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'"}

_STYLE = """
:root { color-scheme: light dark; --line: #8884; --soft: #8881; --accent: light-dark(#0b57a4, #8ec5ff); }
body { font: 16px/1.5 system-ui, sans-serif; margin: 0; display: grid; grid-template-columns: 17rem minmax(0, 1fr); }
nav { padding: 1.5rem 1rem; border-right: 1px solid var(--line); height: 100vh; box-sizing: border-box;
  overflow: auto; position: sticky; top: 0; font-size: .875rem; }
nav ul { list-style: none; margin: 0 0 1rem; padding: 0; } nav a { display: block; padding: .1rem 0; }
main { padding: 1.5rem 2rem; max-width: 60rem; } a { color: var(--accent); text-decoration: none; }
a:hover, a:focus { text-decoration: underline; } code { font: .9em ui-monospace, monospace; }
article { border-top: 1px solid var(--line); padding: 1rem 0; } h3 { margin: 0; } h4 { margin: 1rem 0 .25rem; }
.verb { font-weight: 700; color: var(--accent); } table { border-collapse: collapse; width: 100%; font-size: .9rem; }
th, td { text-align: left; vertical-align: top; padding: .3rem .6rem .3rem 0; border-bottom: 1px solid var(--line); }
.skip { position: absolute; left: -99rem; } .skip:focus { left: 1rem; top: 1rem; }
@media (max-width: 50rem) { body { display: block; } nav { position: static; height: auto; border: 0; } }
"""


def page(document: Schema) -> str:
    """The whole page."""
    return "".join(_page(document))


def _page(document: Schema) -> Iterator[str]:
    title = escape(f"{document['info']['title']} {document['info']['version']}")
    groups = _groups(document)
    yield f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f'<style>{_STYLE}</style></head><body><nav aria-label="Operations">'
    yield '<a class="skip" href="#main">Skip to the reference</a>'
    for tag, operations in groups.items():
        yield f"<strong>{escape(tag)}</strong><ul>"
        for _, _, operation in operations:
            yield f'<li><a href="#{_anchor(operation)}">{escape(operation["summary"])}</a></li>'
        yield "</ul>"
    yield f'</nav><main id="main"><h1>{title}</h1>{_prose(document["info"]["description"])}'
    yield '<p>The same for programs: <a href="openapi.json">openapi.json</a></p>'
    for tag, operations in groups.items():
        yield f"<section><h2>{escape(tag)}</h2>"
        for method, path, operation in operations:
            yield from _operation(method, path, operation, document["components"]["responses"])
        yield "</section>"
    yield "<section><h2>Messages</h2>"
    for name, schema in sorted(document["components"]["schemas"].items()):
        yield f'<article id="schema-{escape(name)}"><h3>{escape(name)}</h3>{_prose(schema.get("description", ""))}'
        yield from _members(schema)
        yield "</article>"
    yield "</section></main></body></html>"


def _groups(document: Schema) -> dict[str, list[tuple[str, str, Schema]]]:
    groups: dict[str, list[tuple[str, str, Schema]]] = {}
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            groups.setdefault(operation["tags"][0], []).append((method.upper(), path, operation))
    return groups


def _anchor(operation: Schema) -> str:
    return escape(operation["operationId"])


def _operation(method: str, path: str, operation: Schema, refusals: Schema) -> Iterator[str]:
    yield f'<article id="{_anchor(operation)}"><h3><span class="verb">{method}</span> <code>{escape(path)}</code></h3>'
    yield _prose(operation.get("description", ""))
    scope = operation.get("x-required-scope")
    yield f"<p>Needs <code>{escape(scope)}</code>.</p>" if scope else "<p>Needs no access token.</p>"
    parameters = operation.get("parameters", [])
    if parameters:
        rows = [
            (_code(one["name"]), one["in"], _type(one["schema"]), _inline(_about(one, one["schema"])))
            for one in parameters
        ]
        yield from _table("Parameters", ("Name", "In", "Type", "About"), rows)
    if "requestBody" in operation:
        yield f"<h4>Body</h4><p>{_type(_json(operation['requestBody']))}</p>"
    answers = [
        (escape(status), refusals[_last(answer["$ref"])] if "$ref" in answer else answer)
        for status, answer in sorted(operation["responses"].items())
    ]
    told = [(status, _type(_json(answer)), _inline(answer["description"])) for status, answer in answers]
    yield from _table("Answers", ("Status", "Message", "When"), told)
    yield "</article>"


def _json(part: Schema) -> Schema:
    for media in part.get("content", {}).values():
        schema: Schema = media.get("schema", {})
        return schema
    return {}


def _members(schema: Schema) -> Iterator[str]:
    required = schema.get("required", ())
    rows = [
        (_code(name), _type(one), "yes" if name in required else "", _inline(_about(one, one)))
        for name, one in schema.get("properties", {}).items()
    ]
    if rows:
        yield from _table("", ("Member", "Type", "Required", "About"), rows)
    elif "enum" in schema:
        yield f"<p>{_type(schema)}</p>"


def _about(part: Schema, schema: Schema) -> str:
    said = str(part.get("description", ""))
    default = schema.get("default")
    return f"{said} Default: `{default}`.".strip() if default not in (None, "", [], {}) else said


def _type(schema: Schema) -> str:
    if "$ref" in schema:
        name = _last(schema["$ref"])
        return f'<a href="#schema-{escape(name)}">{escape(name)}</a>'
    if "anyOf" in schema:
        return " or ".join(_type(one) for one in schema["anyOf"])
    if "enum" in schema or "const" in schema:
        return ", ".join(_code(str(value)) for value in schema.get("enum", [schema.get("const")]))
    if schema.get("type") == "array":
        return f"list of {_type(schema.get('items', {}))}"
    return escape(" ".join(str(schema[key]) for key in ("type", "format") if key in schema))


def _last(reference: str) -> str:
    return reference.rpartition("/")[2]


def _table(title: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    if title:
        yield f"<h4>{title}</h4>"
    yield f"<table><thead><tr>{''.join(f'<th scope=col>{head}</th>' for head in heads)}</tr></thead><tbody>"
    for row in rows:
        yield f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>"
    yield "</tbody></table>"


def _code(text: str) -> str:
    return f"<code>{escape(text)}</code>"


def _prose(text: str) -> str:
    return "".join(f"<p>{_inline(part)}</p>" for part in text.split("\n\n") if part.strip())


def _inline(text: str) -> str:
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text))

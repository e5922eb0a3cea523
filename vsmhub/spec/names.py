"""The shapes that names and texts in a spec may have.

A name is kebab-case ASCII, as the workplan's vocabularies are, and at most `NAME_LIMIT` characters long: Kubernetes
labels and DNS labels end at 63, so a name can be carried into either.
"""

from typing import Annotated

from pydantic import StringConstraints

NAME_LIMIT = 63
NAME_PATTERN = r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$"
PREFIX_PATTERN = r"^[a-z][a-z0-9]*$"
# No control characters, C1 included, and no line separators: PostgreSQL refuses NUL, and the others would reach a
# terminal. The patterns mean the same to Rust (pydantic), to ECMA-262 (JSON Schema) and, `$` apart, to Python.
LINE_PATTERN = (
    r"^[^\x00-\x1f\x7f-\x9f\u2028\u2029]*[^\x00-\x20\x7f-\x9f\u2028\u2029][^\x00-\x1f\x7f-\x9f\u2028\u2029]*$"
)
TEXT_PATTERN = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]*$"
DOMAIN_PATTERN = r"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)+$"
# Semantic Versioning 2.0.0 without build metadata: two versions that differ only there would have no order.
VERSION_PATTERN = (
    r"^(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)"
    r"(-(0|[1-9][0-9]*|[0-9]*[A-Za-z-][0-9A-Za-z-]*)(\.(0|[1-9][0-9]*|[0-9]*[A-Za-z-][0-9A-Za-z-]*))*)?$"
)
SCOPE_PATTERN = r"^(framework:(read|admin)|hub:[a-z][a-z0-9]*(-[a-z0-9]+)*:(read|write))$"

MEANING = {
    NAME_PATTERN: "a name is made of lower-case letters, digits and single hyphens, and begins with a letter",
    PREFIX_PATTERN: "a prefix is made of lower-case letters and digits, and begins with a letter",
    LINE_PATTERN: "it takes one line of text, without control characters, and not only spaces",
    TEXT_PATTERN: "it takes text without control characters",
    DOMAIN_PATTERN: "a domain is lower-case DNS labels with dots between them, such as `ops.example.org`",
    VERSION_PATTERN: "a version is semantic, such as `1.4.0`, without build metadata",
    SCOPE_PATTERN: "a key scope is `framework:read`, `hub:<slug>:read` or `hub:<slug>:write`",
}
"""What each pattern asks for, in words."""

Name = Annotated[str, StringConstraints(pattern=NAME_PATTERN, min_length=1, max_length=NAME_LIMIT)]
"""Kebab-case, such as `ops-service-catalog`."""

Prefix = Annotated[str, StringConstraints(pattern=PREFIX_PATTERN, min_length=2, max_length=16)]
"""A hub's short name, such as `ops`; each name of its vocabulary begins with it and a hyphen."""

Line = Annotated[str, StringConstraints(pattern=LINE_PATTERN, min_length=1, max_length=200)]
"""One line of text with something in it."""

Text = Annotated[str, StringConstraints(pattern=TEXT_PATTERN, max_length=4000)]
"""Any text; line breaks and tabs are the only control characters."""

ViewContext = Annotated[str, StringConstraints(pattern=LINE_PATTERN, min_length=1, max_length=500)]
"""Where a widget or an event is seen from, as a path that a person can follow."""

Domain = Annotated[str, StringConstraints(pattern=DOMAIN_PATTERN, max_length=253)]
Version = Annotated[str, StringConstraints(pattern=VERSION_PATTERN, max_length=64)]
KeyScope = Annotated[str, StringConstraints(pattern=SCOPE_PATTERN, max_length=128)]

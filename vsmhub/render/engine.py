"""Jinja as copier sets it up, as far as the templates need it: sandboxed, and with errors that say where."""

import re
import traceback
from collections.abc import Mapping
from functools import lru_cache
from types import TracebackType
from typing import NoReturn

from jinja2 import TemplateError, TemplateSyntaxError, UndefinedError
from jinja2.runtime import StrictUndefined
from jinja2.sandbox import SandboxedEnvironment

from vsmhub.render.errors import TemplateBroken

Values = Mapping[str, object]


class Unset(UndefinedError):
    """A default that is none: the template rendered `UNSET`, copier's word for a question without a default."""


def rendered(source: str, values: Values, where: str) -> str:
    """What a template's text becomes with these values; TemplateBroken when it cannot, with `where` in the message."""
    try:
        template = _environment().from_string(source)
        return template.render(values)
    except Unset:
        raise
    except TemplateSyntaxError as error:
        _broken(where, error.lineno, error)
    except TemplateError as error:
        _broken(where, _line(error.__traceback__), error)
    except (TypeError, ValueError, AttributeError, ArithmeticError, LookupError) as error:
        _broken(where, _line(error.__traceback__), error)


def rendered_default(source: str, values: Values, where: str) -> str | None:
    """The default that a template computes, or None when it says there is none."""
    try:
        return rendered(source, {**values, "UNSET": StrictUndefined(name="UNSET", exc=Unset)}, where)
    except Unset:
        return None


@lru_cache(maxsize=1)
def _environment() -> SandboxedEnvironment:
    environment = SandboxedEnvironment(
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        autoescape=False,
    )
    environment.filters["regex_search"] = _regex_search
    return environment


def _regex_search(text: str, pattern: str) -> str | None:
    """What of the text matches: the filter of this name that copier takes from jinja2-ansible-filters."""
    found = re.search(pattern, text)
    return found.group() if found else None


def _line(trace: TracebackType | None) -> int | None:
    """The line of the template that an error comes from; Jinja puts it into the traceback."""
    lines = [frame.lineno for frame in traceback.extract_tb(trace) if frame.filename == "<template>"]
    return lines[-1] if lines else None


def _broken(where: str, line: int | None, error: Exception) -> NoReturn:
    place = f"{where}:{line}" if line else where
    raise TemplateBroken(f"the template {place} is broken: {error}") from error

"""Lists as one sequence: pages are fetched when the reader gets there."""

from collections.abc import Callable, Iterator
from typing import TypeVar

from vsmhub.interhub.errors import Nonsense
from vsmhub.interhub.messages.limits import PAGE_LIMIT
from vsmhub.interhub.messages.wire import Page

T = TypeVar("T")


def pages(fetch: Callable[[int, str | None], Page[T]], *, where: str, limit: int = PAGE_LIMIT) -> Iterator[T]:
    """Every item of a list. `fetch` takes how many are wanted and the cursor, and gives one page; `where` names it.

    A page that is too big to be read is asked for again with half as many items. Raises Nonsense for a list that
    comes back to where it was.
    """
    cursor: str | None = None
    seen: set[str] = set()
    while True:
        try:
            page = fetch(limit, cursor)
        except Nonsense as error:
            if not error.too_big or limit == 1:
                raise
            limit //= 2
            continue
        yield from page.data
        cursor = page.next_cursor
        if cursor is None:
            return
        if cursor in seen:
            raise Nonsense(f"{where}: the list's cursor repeats, so that it would never end")
        seen.add(cursor)

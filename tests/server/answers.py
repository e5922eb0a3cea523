"""What tests look for in answers."""

from typing import Any

import httpx


def problem(answer: httpx.Response, status: int) -> dict[str, Any]:
    """The problem that an answer tells of."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    told: dict[str, Any] = answer.json()
    assert told["status"] == status
    assert told["title"]
    assert told["detail"]
    return told


def pointers(answer: httpx.Response, status: int) -> list[str]:
    """Where the errors of a problem are."""
    return [error["pointer"] for error in problem(answer, status)["errors"]]


def ids(answer: httpx.Response) -> list[str]:
    """The ids on a page."""
    assert answer.status_code == 200, answer.text
    return [one["id"] for one in answer.json()["data"]]

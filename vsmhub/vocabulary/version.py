"""Semantic versions (semver.org, 2.0.0): their order, and what a change asks of the next one."""

from enum import IntEnum
from functools import total_ordering
from typing import NamedTuple, Self


class Step(IntEnum):
    """Which part of a version has to move; a larger one asks for more."""

    NONE = 0
    PATCH = 1
    MINOR = 2
    MAJOR = 3


class _Core(NamedTuple):
    major: int
    minor: int
    patch: int


@total_ordering
class SemanticVersion:
    """A version such as `1.4.0` or `2.0.0-rc.1`; the text must have the spec's pattern for versions."""

    __slots__ = ("core", "prerelease", "text")

    def __init__(self, text: str) -> None:
        core, _, prerelease = text.partition("-")
        major, minor, patch = core.split(".")
        self.text = text
        self.core = _Core(int(major), int(minor), int(patch))
        self.prerelease = tuple(prerelease.split(".")) if prerelease else ()

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return f"SemanticVersion({self.text!r})"

    def __hash__(self) -> int:
        return hash(self.text)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SemanticVersion) and self.text == other.text

    def __lt__(self, other: "SemanticVersion") -> bool:
        return self._order() < other._order()

    def _order(self) -> tuple[_Core, bool, tuple[tuple[bool, int, str], ...]]:
        # Numbers come before words, a shorter pre-release before a longer one, and any of them before the release.
        parts = tuple((not one.isdigit(), int(one) if one.isdigit() else 0, one) for one in self.prerelease)
        return self.core, not self.prerelease, parts

    def after(self, step: Step) -> Self:
        """The lowest release that a change asking for `step` may have; a pre-release's own release will do.

        While the major version is 0 there is no promise yet: what would be a major step is a minor one, and everything
        else a patch.
        """
        major, minor, patch = self.core
        if step is Step.NONE or self.prerelease:
            return type(self)(f"{major}.{minor}.{patch}") if step is not Step.NONE else self
        if major == 0:
            step = Step.MINOR if step is Step.MAJOR else Step.PATCH
        if step is Step.MAJOR:
            return type(self)(f"{major + 1}.0.0")
        return type(self)(f"{major}.{minor + 1}.0" if step is Step.MINOR else f"{major}.{minor}.{patch + 1}")

    def allows(self, following: "SemanticVersion", step: Step) -> bool:
        """Whether `following` may come after this version with changes that ask for `step`.

        A pre-release promises nothing, so that any later version may follow it; and the pre-release of a version that
        would do will do.
        """
        if step is Step.NONE:
            return following >= self
        if following <= self:
            return False
        return bool(self.prerelease) or following.core >= self.after(step).core

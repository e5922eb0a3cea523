"""The four vocabularies of a hub, and what people call a name of each."""

from enum import StrEnum

from vsmhub.spec.complaint import Pointer, quoted
from vsmhub.spec.near import did_you_mean
from vsmhub.vocabulary.errors import NotPossible


class Kind(StrEnum):
    """A vocabulary, by what one of its names is called."""

    WIDGET_TYPE = "widget-type"
    EVENT_TYPE = "event-type"
    ANNOTATION_CATEGORY = "annotation-category"
    POLICY_SCOPE = "policy-scope"

    @property
    def key(self) -> str:
        """The vocabulary's key in a spec."""
        return _KEYS[self]

    @property
    def pointer(self) -> Pointer:
        """Where the vocabulary stands in a spec."""
        return ("vocabulary", self.key)

    @property
    def words(self) -> str:
        """One of its names, in words."""
        return self.replace("-", " ")

    @property
    def one(self) -> str:
        """One of its names, in words, with the article."""
        return f"{'an' if self[0] in 'aeiou' else 'a'} {self.words}"


_KEYS = {
    Kind.WIDGET_TYPE: "widget_types",
    Kind.EVENT_TYPE: "event_types",
    Kind.ANNOTATION_CATEGORY: "annotation_categories",
    Kind.POLICY_SCOPE: "policy_scopes",
}


def kind_called(word: str) -> Kind:
    """The vocabulary that somebody means, such as `event-type` or `event_types`; NotPossible when it is none."""
    plain = word.strip().lower().replace("_", "-")
    for kind in Kind:
        if plain in {kind, kind.key.replace("_", "-")}:
            return kind
    hint = did_you_mean(plain, Kind) or f"there are {', '.join(Kind)}"
    raise NotPossible(f"{quoted(word)} is no vocabulary", hint=hint)

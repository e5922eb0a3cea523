"""The four vocabularies of a hub, and what people call a name of each."""

from enum import StrEnum

from vsmhub.spec.complaint import Pointer


class Kind(StrEnum):
    """A vocabulary, by what one of its names is called; `-` or `_` and the plural are taken too."""

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


_KEYS = {
    Kind.WIDGET_TYPE: "widget_types",
    Kind.EVENT_TYPE: "event_types",
    Kind.ANNOTATION_CATEGORY: "annotation_categories",
    Kind.POLICY_SCOPE: "policy_scopes",
}
KIND_OF = {key: kind for kind, key in _KEYS.items()}
"""The kind of a vocabulary by its key in a spec."""

"""How working on a vocabulary fails.

VocabularyError
├── NotPossible       the vocabulary cannot be changed like that
└── HistoryError      Git cannot give the version to compare with
"""

from vsmhub.errors import VsmhubError


class VocabularyError(VsmhubError):
    """Something about a vocabulary cannot be done."""


class NotPossible(VocabularyError):
    """The vocabulary cannot be changed like that."""


class HistoryError(VocabularyError):
    """Git cannot give the version to compare with."""

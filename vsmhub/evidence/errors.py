"""How gathering evidence fails."""

from vsmhub.errors import VsmhubError


class EvidenceError(VsmhubError):
    """Evidence cannot be gathered, kept or handed on."""

"""What can go wrong between workers and the database that they share."""

from vsmhub.errors import VsmhubError


class FleetError(VsmhubError):
    """Observing on many machines is not possible as it was asked for."""


class DatabaseLost(FleetError):
    """The database that workers share does not answer; what was claimed is taken up again when it does."""

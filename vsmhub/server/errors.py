"""What keeps the embedded Inter-Hub from running.

ServerError
├── AddressInUse                 another process listens where this one should
└── PostgresError                the embedded PostgreSQL cannot run
    ├── PostgresMissing             it is not installed
    ├── DataUnusable                its data cannot be used as it is
    └── DiskFull                    there is no room for its data
"""

from vsmhub.errors import VsmhubError


class ServerError(VsmhubError):
    """The embedded Inter-Hub or its PostgreSQL cannot run."""


class AddressInUse(ServerError):
    """Another process listens where this one should."""


class PostgresError(ServerError):
    """The embedded PostgreSQL cannot be made, started or stopped."""


class PostgresMissing(PostgresError):
    """The embedded PostgreSQL is not installed."""


class DataUnusable(PostgresError):
    """The data directory is of another version, damaged, or not this user's to use."""


class DiskFull(PostgresError):
    """There is no room left where the data directory lies."""

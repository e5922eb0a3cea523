"""What keeps the embedded Inter-Hub from running.

ServerError
├── AddressInUse                 another process listens where this one should
├── PostgresError                the embedded PostgreSQL cannot run
│   ├── PostgresMissing             it is not installed
│   ├── DataUnusable                its data cannot be used as it is
│   └── DiskFull                    there is no room for its data
├── DatabaseError                the database named cannot be worked with
│   ├── DatabaseDown                nothing answers where it should be
│   ├── DatabaseRefused             it answers, but not to this user or password
│   ├── DatabaseMissing             the server runs, but has no such database
│   └── DatabaseUnfit               it cannot be brought to the schema that this version needs
└── SettingError                 a setting cannot be understood
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


class DatabaseError(ServerError):
    """The database named cannot be worked with."""


class DatabaseDown(DatabaseError):
    """Nothing answers where the database should be."""


class DatabaseRefused(DatabaseError):
    """The database server does not let this user in."""


class DatabaseMissing(DatabaseError):
    """The database server runs, but has no such database."""


class DatabaseUnfit(DatabaseError):
    """The database cannot be brought to the schema that this version needs."""


class SettingError(ServerError):
    """A setting cannot be understood."""

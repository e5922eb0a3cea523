"""The surfaces that can be served."""

from enum import StrEnum


class Surface(StrEnum):
    """An API that the embedded Inter-Hub can serve: the whole contract, or the one of May 2026 with its gaps."""

    REFERENCE = "reference"
    OF_2026_05 = "2026-05"

"""How a spec fails."""

from collections.abc import Sequence

from vsmhub.errors import VsmhubError
from vsmhub.spec.complaint import Complaint


class SpecError(VsmhubError):
    """A hub's files do not say what a hub needs; `complaints` holds all there is to complain of, in file order."""

    def __init__(self, complaints: Sequence[Complaint]) -> None:
        self.complaints = tuple(complaints)
        super().__init__("\n".join(map(str, self.complaints)))

"""What a planning is asked for besides what is declared."""

from vsmhub.plan.model import PlanModel


class Asked(PlanModel):
    """A new key; an end to what is no longer declared; a taking over of what others have made."""

    replace_key: bool = False
    prune: bool = False
    adopt: bool = False

    def options(self) -> tuple[str, ...]:
        """The same as options of a command."""
        return tuple(f"--{name.replace('_', '-')}" for name, value in self if value)

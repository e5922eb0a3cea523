"""Commands need a running Inter-Hub: the one that planning is tested with."""

from tests.plan.conftest import operator

__all__ = ["operator"]

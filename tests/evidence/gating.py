"""Gates to evaluate."""

from typing import Any

from vsmhub.spec.gates.document import Gates

LEAF = {"event": "xyz-claimed", "widget": "xyz-main", "shows": "It is so"}


def gates(condition: Any = LEAF, *, max_age: str = "1d", **more: Any) -> Gates:
    gate = {
        "name": "Gate",
        "owner": "tools",
        "owner_is": "stated",
        "source": "book",
        "waves": ("move",),
        "requirement": "r",
        "why": "w",
        "fix": "f",
        "max_age": max_age,
        "condition": condition,
    }
    return Gates.model_validate({"spec": "vsmhub/gates/v1", "gates": {"one": gate | more}}, strict=False)

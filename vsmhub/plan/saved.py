"""A plan in a file, so that it can be reviewed and then applied as it is."""

import hashlib
import json
from pathlib import Path
from typing import Any, Literal

from pydantic import AwareDatetime, Field, ValidationError

from vsmhub.plan.asked import Asked
from vsmhub.plan.desired import Desired
from vsmhub.plan.errors import PlanFileWrong
from vsmhub.plan.history import moment
from vsmhub.plan.model import Plan, PlanModel

FORMAT = "vsmhub/saved-plan/v1"
LIMIT = 256 * 1024 * 1024
"""Bytes of a file that is read; a plan of 10,000 widgets takes about 10 MB."""


class SavedPlan(PlanModel):
    """The plan for one hub, with what it leads to, so that the spec is not needed to apply it."""

    plan: Plan
    declared: Desired
    asked: Asked = Field(default_factory=Asked)


class Saved(PlanModel):
    """The file. `base` is the URL of the target's API, empty for the embedded one."""

    format: Literal["vsmhub/saved-plan/v1"] = "vsmhub/saved-plan/v1"
    target: str
    base: str
    made_at: AwareDatetime
    made_by: str
    version: str = Field(description="Of vsmhub.")
    plans: tuple[SavedPlan, ...] = Field(min_length=1)

    def text(self) -> str:
        """The file's content: this, and a digest by which a change to it is noticed."""
        facts = self.model_dump(mode="json")
        return json.dumps({**facts, "digest": _digest(facts)}, indent=2, ensure_ascii=False) + "\n"


def read_saved(path: Path) -> Saved:
    """The saved plan in a file; PlanFileWrong for anything else, and for one that was changed since it was written."""
    facts = _document(path)
    written = facts.get("format")
    if written != FORMAT:
        if str(written).startswith("vsmhub/plan/"):
            raise _wrong(path, "is a plan of an older form, which holds too little to be applied")
        named = f"says it is {written!r}" if written else "does not say what it is"
        raise _wrong(path, f"is no saved plan: it {named}")
    digest = facts.pop("digest", None)
    if digest != _digest(facts):
        raise _wrong(path, "was changed after it was made: its digest is another one")
    try:
        return Saved.model_validate_json(json.dumps(facts))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(map(str, first["loc"]))
        raise _wrong(path, f"is not as this vsmhub writes plans ({where}: {first['msg'].lower()})") from error


def check_target(saved: Saved, target: str, base: str) -> None:
    """PlanFileWrong when a plan was made for another target than the one that is meant."""
    if (saved.target, saved.base) == (target, base):
        return
    # In one line, whoever wrote the file.
    named = " ".join(saved.target.split())
    sides = ((named, " ".join(saved.base.split())), (target, base))
    made_for, meant = (f"{name} ({url})" if url else name for name, url in sides)
    if saved.target == target:
        hint = "make a new plan with vsmhub plan --out"
    else:
        # A target without a name of its own is called by its address.
        hint = f"add --base {named}" if "://" in named else f"add --target {named}"
    raise PlanFileWrong(f"the plan was made for {made_for}, and what is meant here is {meant}", hint=hint)


def _document(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            content = file.read(LIMIT + 1)
    except OSError as error:
        raise PlanFileWrong(f"{path} cannot be read: {error.strerror}") from error
    if len(content) > LIMIT:
        raise _wrong(path, f"is larger than {LIMIT // 1024 // 1024} MiB")
    try:
        facts = json.loads(content)
    except json.JSONDecodeError as error:
        raise _wrong(f"{path}:{error.lineno}:{error.colno}", f"is not JSON: {error.msg.lower()}") from error
    except (UnicodeDecodeError, RecursionError) as error:
        raise _wrong(path, "is not JSON") from error
    if not isinstance(facts, dict):
        raise _wrong(path, "is no saved plan")
    return facts


def _digest(facts: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(facts, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def _wrong(path: Path | str, what: str) -> PlanFileWrong:
    return PlanFileWrong(f"{path} {what}", hint="make a new one with vsmhub plan --out")


def made(saved: Saved) -> str:
    """When and by whom the plan was made, for people."""
    # In one line, whoever wrote the file.
    return f"made by {' '.join(saved.made_by.split())} at {moment(saved.made_at)}"

"""Which Inter-Hub is meant, and how it is opened."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from vsmhub.errors import UsageError
from vsmhub.secrets.place import kebab
from vsmhub.targets.settings import Settings, TargetSettings

LOCAL = "local"
OPERATOR = "operator"


@dataclass(frozen=True, slots=True)
class Target:
    """An Inter-Hub by name; `base` is None for the embedded one."""

    name: str
    base: str | None
    settings: TargetSettings
    is_named: bool = True

    @property
    def title(self) -> str:
        """What plans call it: its name in the settings, or its address where only that was given."""
        return self.name if self.base is None or self.is_named else self.base

    @property
    def label(self) -> str:
        """What a person calls it."""
        if self.base is None:
            return f"{self.name} (the embedded Inter-Hub)"
        return f"{self.name} ({self.base})" if self.is_named else self.base


def choose(name: str | None, base: str | None, settings: Settings, environ: Mapping[str, str]) -> Target:
    """The target that is meant: `--base`, then `--target`, `IHUB_BASE`, the settings' own, and `local` at last.

    Raises UsageError for a name that nothing defines.
    """
    if name and base:
        raise UsageError("--target and --base name two targets", hint="give one of them")
    if base is None and name is None and environ.get("IHUB_BASE"):
        base = environ["IHUB_BASE"]
    if base is not None:
        known = next((one for one, its in settings.targets.items() if its.base and _same(its.base, base)), None)
        if known:
            return Target(known, base, settings.targets[known])
        return Target(_name_of(base), base, TargetSettings(base=base), is_named=False)
    name = name or settings.target or LOCAL
    if name in settings.targets:
        its = settings.targets[name]
        if its.base is None and name != LOCAL:
            raise UsageError(f"target {name} has no base in vsmhub.toml", hint='add base = "https://…"')
        return Target(name, its.base, its)
    if name == LOCAL:
        return Target(LOCAL, None, TargetSettings())
    from difflib import get_close_matches

    near = get_close_matches(name, [LOCAL, *settings.targets], n=1)
    raise UsageError(
        f"there is no target {name}" + (f"; did you mean {near[0]}?" if near else ""),
        hint=f"known are: {', '.join(dict.fromkeys([LOCAL, *settings.targets]))}; add others to vsmhub.toml, "
        "or give --base URL",
    )


def _same(one: str, other: str) -> bool:
    return _plain(one) == _plain(other)


def _plain(base: str) -> str:
    """An address as those that mean the same have it: the API's path is the root's."""
    return base.rstrip("/").removesuffix("/api/v2").rstrip("/")


def _name_of(base: str) -> str:
    """A name for a target that is given by its address alone, under which its keys are kept.

    Another one for every other address and for every name of a target, for they would be handed each other's keys.
    """
    parts = urlsplit(_plain(base))
    # Without a password that does not belong there; what was given is refused for it where it is opened.
    host = parts.netloc.rpartition("@")[2].lower()
    return kebab(f"{parts.scheme}://{host}{parts.path}")

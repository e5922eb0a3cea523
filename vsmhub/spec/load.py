"""A hub's `hub.yaml` as a value, or all that is wrong with it."""

from pathlib import Path
from typing import TypeAlias

from vsmhub.spec import reading
from vsmhub.spec.file_names import HUB_FILE
from vsmhub.spec.model import SPEC_FORMAT, HubSpec
from vsmhub.spec.reading import Kind
from vsmhub.spec.references import reference_findings

HUB = Kind(file_name=HUB_FILE, format=SPEC_FORMAT, model=HubSpec, rules=reference_findings)

Reading: TypeAlias = reading.Reading[HubSpec]


def hub_file(path: Path) -> Path:
    """The `hub.yaml` that `path` names: itself, or the one in that folder. It need not exist."""
    return path / HUB_FILE if path.is_dir() else path


def load_hub(path: Path) -> HubSpec:
    """The spec in a hub's folder or in its `hub.yaml`; SpecError with all complaints when there is one."""
    return read_hub(path).value()


def parse_hub(text: str, file: Path = Path(HUB_FILE)) -> HubSpec:
    """The spec that `text` holds; `file` is for the complaints. SpecError with all of them when there is one."""
    return read_hub_text(text, file).value()


def read_hub(path: Path) -> Reading:
    """What a hub's folder or its `hub.yaml` holds, complaints included; raises nothing on bad input."""
    return reading.read(HUB, hub_file(path))


def read_hub_text(text: str, file: Path = Path(HUB_FILE)) -> Reading:
    """What `text` says as a `hub.yaml`; for one that comes from elsewhere than a file, such as Git."""
    return reading.read_text(HUB, text, file)

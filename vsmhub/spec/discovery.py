"""Which hubs are meant where a command takes several."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from vsmhub.errors import UsageError
from vsmhub.spec.file_names import HUB_FILE
from vsmhub.spec.load import hub_file


def hub_files(paths: Sequence[Path], here: Path = Path()) -> tuple[Path, ...]:
    """The `hub.yaml` of each hub that is named, each once.

    A path is such a file, a hub's folder, or a folder of hubs. Without any it is the hub in the folder `here`, or else
    all in its folder `hubs`. What is named need not exist; UsageError when nothing is named and nothing is there.
    """
    if paths:
        return tuple(dict.fromkeys(file for path in paths for file in _named(path)))
    if (here / HUB_FILE).is_file():
        return (here / HUB_FILE,)
    if found := tuple(_in_folder(here / "hubs")):
        return found
    raise UsageError(
        f"there is no {HUB_FILE} here, and no hubs/*/{HUB_FILE}",
        hint="name a hub's folder, or make a hub with vsmhub new",
    )


def _named(path: Path) -> Iterator[Path]:
    file = hub_file(path)
    several = tuple(_in_folder(path)) if path.is_dir() and not file.exists() else ()
    yield from several or (file,)


def _in_folder(folder: Path) -> Iterator[Path]:
    return iter(sorted(folder.glob(f"*/{HUB_FILE}")))

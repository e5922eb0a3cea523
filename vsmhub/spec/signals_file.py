"""A hub's `signals.yaml` as a value, or all that is wrong with it."""

from dataclasses import replace
from pathlib import Path
from typing import TypeAlias

from vsmhub.spec import reading
from vsmhub.spec.document import in_file_order
from vsmhub.spec.expectations import hub_findings, signal_findings
from vsmhub.spec.file_names import SIGNALS_FILE
from vsmhub.spec.model import HubSpec
from vsmhub.spec.reading import Kind
from vsmhub.spec.signals import SIGNALS_FORMAT, Signals

SIGNALS = Kind(file_name=SIGNALS_FILE, format=SIGNALS_FORMAT, model=Signals, rules=signal_findings)

Reading: TypeAlias = reading.Reading[Signals]


def signals_file(path: Path) -> Path:
    """The `signals.yaml` that `path` names: itself, or the one in that folder. It need not exist."""
    return path / SIGNALS_FILE if path.is_dir() else path


def read_signals(path: Path, hub: HubSpec | None = None, *, more_widgets: frozenset[str] = frozenset()) -> Reading:
    """What a hub's folder or its `signals.yaml` holds, complaints included; raises nothing on bad input.

    With the `hub` the names that signals use are checked too; `more_widgets` are slugs that exist besides its own.
    """
    found = reading.read(SIGNALS, signals_file(path))
    if hub is None or found.document is None:
        return found
    slugs = more_widgets | {widget.slug for widget in hub.widgets}
    findings = hub_findings(found.document.data, event_types=hub.vocabulary.event_types, widgets=slugs)
    known = {complaint.pointer for complaint in found.complaints}
    more = found.located(finding for finding in findings if finding.pointer not in known)
    return replace(found, complaints=in_file_order((*found.complaints, *more)))


def load_signals(path: Path, hub: HubSpec | None = None, *, more_widgets: frozenset[str] = frozenset()) -> Signals:
    """The signals in a hub's folder; SpecError with all complaints when there is one."""
    return read_signals(path, hub, more_widgets=more_widgets).value()

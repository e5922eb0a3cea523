"""A hub's `gates.yaml` as a value, or all that is wrong with it."""

from pathlib import Path

from vsmhub.spec import reading
from vsmhub.spec.file_names import GATES_FILE
from vsmhub.spec.gates.document import GATES_FORMAT, Gates
from vsmhub.spec.gates.references import gate_findings
from vsmhub.spec.reading import Kind

GATES = Kind(file_name=GATES_FILE, format=GATES_FORMAT, model=Gates, rules=gate_findings)


def parse_gates(text: str, file: Path = Path(GATES_FILE)) -> Gates:
    """The gates that `text` holds; `file` is for the complaints. SpecError with all of them when there is one."""
    return reading.read_text(GATES, text, file).value()

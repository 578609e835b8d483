"""The programme files that the demonstration publishes: those that ship with Mshauri."""

from dataclasses import dataclass
from pathlib import Path

from shared.contracts.definition import Definition
from shared.programmes.file import read_programme

FOLDER = Path(__file__).parents[2] / "programmes"


@dataclass(frozen=True, slots=True)
class Programme:
    """A programme file, as text and as read."""

    text: str
    definition: Definition


def load(code: str) -> list[Programme]:
    """Return every version of a programme, the first one first."""
    found = []
    for file in sorted(FOLDER.glob("*.yaml")):
        text = file.read_text(encoding="utf-8")
        definition = read_programme(text)
        assert isinstance(definition, Definition), (file, definition)
        if definition.programme == code:
            found.append(Programme(text, definition))
    return sorted(found, key=lambda one: one.definition.version)

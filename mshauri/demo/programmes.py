"""The programme files that the demonstration publishes: Mshauri's, and one of its own."""

from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from mshauri.demo import data
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
    read = [_read(file.read_text(encoding="utf-8")) for file in sorted(FOLDER.glob("*.yaml"))]
    found = [one for one in read if one.definition.programme == code]
    return sorted(found, key=lambda one: one.definition.version)


def own(code: str) -> Programme:
    """Return a programme that is made up for the demonstration, and stands among its data."""
    return _read((resources.files(data) / f"{code}.yaml").read_text(encoding="utf-8"))


def _read(text: str) -> Programme:
    definition = read_programme(text)
    assert isinstance(definition, Definition), definition
    return Programme(text, definition)

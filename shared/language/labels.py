"""Names of the values of enums, as a screen shows them: the API's codes in people's words."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import EnumMeta

from shared.language.catalogue import translated
from shared.language.speaking import spoken

labelled: dict[str, EnumMeta] = {}
"""The enums that the API shows, by the names it shows them under."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """A value of an enum, and its name in English."""

    enum: str
    value: str
    english: str

    @property
    def context(self) -> str:
        """Where the name stands in a catalogue."""
        return f"{self.enum}.{self.value}"

    @property
    def text(self) -> str:
        """Return the name in the language being spoken."""
        return translated(self.english, self.context, spoken())


def labels() -> Iterator[Labelled]:
    """Yield every value of every labelled enum, enum by enum."""
    for enum, values in sorted(labelled.items()):
        for value in values.__members__:
            yield Labelled(enum, value, value.replace("_", " ").capitalize())

"""A programme version: the rules, as published. It never changes; it is only read."""

from datetime import date
from hashlib import sha256

import msgspec

from shared.contracts.definition import Area, Definition
from shared.contracts.registry.programme import ProgrammeVersionPublished
from shared.domain import Aggregate, event
from shared.domain.errors import Refusal


class AreaUnknown(Refusal):
    """The programme has no such area."""

    code = "AREA_UNKNOWN"
    template = "The programme {programme} has no area {area!r}."
    remedy_template = "Its areas: {areas}."


def digest_of(definition: Definition) -> str:
    """Return the SHA-256 of a definition's canonical JSON: the same rules, the same digest."""
    return sha256(msgspec.json.encode(definition, order="sorted")).hexdigest()


def fiscal_year(definition: Definition, day: date) -> int:
    """Return the programme's fiscal year that a day falls in, named by the year it ends in."""
    month, first = map(int, definition.calendar.fiscal_year_start.split("-"))
    begins_that_year = (day.month, day.day) >= (month, first)
    return day.year + (1 if begins_that_year and (month, first) != (1, 1) else 0)


class ProgrammeVersion(Aggregate):
    """One version of one programme."""

    kind = "programme_version"
    constant = True

    definition: Definition
    digest: str

    @event(ProgrammeVersionPublished)
    def _published(self, event: ProgrammeVersionPublished) -> None:
        self.definition, self.digest = event.definition, event.digest

    def area(self, code: str) -> Area:
        """Return one of the programme's areas.

        Raises:
            AreaUnknown: it has none of that code.
        """
        area = self.definition.area(code)
        if area is None:
            raise AreaUnknown(
                "area",
                programme=self.definition.programme,
                area=code,
                areas=", ".join(a.code for a in self.definition.areas),
            )
        return area

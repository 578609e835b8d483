"""One import: a file of some kind, how it is read, and what is to become of it."""

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import msgspec

from mshauri.importing.kinds import OCCURRED_ON, Kind
from mshauri.importing.layout import lay_out, wanted
from mshauri.importing.lists.facilities import swapped
from mshauri.importing.mapping import BadMapping, Country, Mapping, load_mapping
from mshauri.importing.plan import Listed, read_list
from mshauri.importing.reading import How, Sheet, read_sheet


@dataclass(frozen=True, slots=True)
class Job:
    """What somebody wants imported.

    Attributes:
        map: a mapping's file, or the name of a preset; None: the file has our own headings.
        day: since when, or on which day, for rows that say none.
        country: the country's code instead of the mapping's.
        swap: latitude and longitude are swapped.
        how: how the file is read, where the mapping does not say it.
        update: what stands otherwise is changed.
        rows: the numbers of the rows that are meant, if not all are.
    """

    kind: Kind
    file: Path
    map: str | None = None
    day: date | None = None
    country: str | None = None
    swap: bool = False
    how: How = field(default_factory=How)
    update: bool = False
    rows: Collection[int] | None = None

    def mapping(self) -> Mapping:
        """Return the mapping, with what was said beside it.

        Raises:
            BadMapping: there is none, or it cannot be used.
        """
        mapping = load_mapping(self.map) if self.map else Mapping()
        if self.country is not None and mapping.country is not None:
            mapping = msgspec.structs.replace(
                mapping, country=_country(mapping.country, self.country)
            )
        if self.swap or mapping.swap_coordinates:
            mapping = msgspec.structs.replace(
                mapping, columns=swapped(mapping), swap_coordinates=True
            )
        if self.day is not None:
            defaults = {**mapping.defaults, OCCURRED_ON: self.day.isoformat()}
            mapping = msgspec.structs.replace(mapping, defaults=defaults)
        return mapping

    def sheet(self, mapping: Mapping) -> Sheet:
        """Return the file's rows.

        Raises:
            NotATable: they cannot be read.
        """
        return self.sheet_by(wanted(self.kind, mapping), mapping)

    def sheet_by(self, headings: Collection[str], mapping: Mapping) -> Sheet:
        """Return the file's rows, its row of headings found by some of them."""
        how = replace(
            self.how,
            wanted=headings,
            sheet=self.how.sheet or mapping.sheet,
            header_row=self.how.header_row or mapping.header_row,
            encoding=self.how.encoding or mapping.encoding,
        )
        return read_sheet(self.file, how)

    def read(self) -> Listed:
        """Return the list, every row checked by itself.

        Raises:
            BadMapping, NotATable, OSError: it cannot be read; the sentence says why.
        """
        mapping = self.mapping()
        sheet = self.sheet(mapping)
        return read_list(self.kind, sheet, lay_out(self.kind, sheet.headings, mapping), self.rows)


def _country(country: Country, code: str) -> Country:
    if not (len(code) == 2 and code.isascii() and code.isupper()):
        msg = f"{code!r} is no country code. Give the two capital letters of ISO 3166-1."
        raise BadMapping(msg)
    return msgspec.structs.replace(country, code=code)

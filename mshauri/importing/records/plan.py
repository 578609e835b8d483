"""From a file's rows to what is sent for them, and every mistake on the way. Nothing is sent."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from mshauri.importing.errors import RowError
from mshauri.importing.read import Sheet
from mshauri.importing.records.headings import Layout
from mshauri.importing.records.kinds import Kind
from mshauri.importing.records.known import Known
from mshauri.importing.records.planned import Planned
from mshauri.importing.records.rows import Draft, check_row

_UNKNOWN = {"OrgUnit": "UNKNOWN_ORG_UNIT", "HealthWorker": "UNKNOWN_HEALTH_WORKER"}


@dataclass(slots=True)
class Listed:
    """A list as it was read.

    Attributes:
        drafts: every row that has as many cells as there are headings, with its mistakes.
    """

    kind: Kind
    sheet: Sheet
    drafts: list[Draft]
    unread: tuple[str, ...] = ()

    @property
    def sound(self) -> list[Draft]:
        """The rows in which no mistake was found so far."""
        return [draft for draft in self.drafts if not draft.errors]

    @property
    def errors(self) -> list[RowError]:
        """Every mistake, in the order of the rows."""
        found = [*self.sheet.errors, *(error for draft in self.drafts for error in draft.errors)]
        return sorted(found, key=lambda error: error.row)

    @property
    def rows(self) -> int:
        """How many rows there are, blank ones left out."""
        return len(self.drafts) + len(self.sheet.errors)


def read_list(kind: Kind, sheet: Sheet, layout: Layout) -> Listed:
    """Check every row by itself, and that no two tell of the same."""
    drafts = [check_row(row, layout) for row in sheet.rows]
    for draft in drafts:
        kind.check(draft)
    seen = _Seen(kind)
    for draft in drafts:
        if not draft.errors:
            seen.note(draft, tuple(map(draft.text, kind.key)))
    return Listed(kind, sheet, drafts, layout.unread)


def plan_list(listed: Listed, known: Known) -> list[Planned]:
    """Hold every sound row against what stands; what is wrong is noted in its draft."""
    kind = listed.kind
    seen = _Seen(kind)
    found = []
    for draft in listed.sound:
        _note_unknown(kind, draft, known)
        planned = kind.plan(draft, known) if not draft.errors else None
        if planned is not None and seen.note(draft, planned.same):
            found.append(planned)
    return found


@dataclass(slots=True)
class _Seen:
    """What was told of, and in which row first."""

    kind: Kind
    rows: dict[Hashable, int]

    def __init__(self, kind: Kind) -> None:
        self.kind = kind
        self.rows = {}

    def note(self, draft: Draft, what: Hashable) -> bool:
        """Note a row; False, with a mistake in it, if another told of the same before."""
        first = self.rows.setdefault(what, draft.row)
        if first == draft.row:
            return True
        reference = "reference" in self.kind.columns
        draft.wrong(
            "DUPLICATE_ROW",
            self.kind.key[0],
            first=first,
            what=self.kind.key_of(draft),
            apart="a `reference`" if reference else "what they tell of",
        )
        return False


def _note_unknown(kind: Kind, draft: Draft, known: Known) -> None:
    for name, value in draft.values.items():
        column = kind.columns[name]
        for code in known.missing(column, value):
            draft.wrong(_UNKNOWN[column.ref or ""], name, code)
    programme, cohort = draft.text("programme"), draft.text("cohort")
    if cohort and programme and (programme, cohort) not in known.cohorts:
        draft.wrong("UNKNOWN_COHORT", "cohort", programme=programme)
    if "version" in kind.columns:
        version = int(draft.values.get("version", 0))
        if (programme, version) not in known.versions:
            draft.wrong("UNKNOWN_PROGRAMME", "version" if version else "programme")


def sent_in_order(planned: Sequence[Planned]) -> list[list[Planned]]:
    """Return what has to be sent, in lanes that have nothing they write to in common."""
    lanes: list[list[Planned]] = []
    lane_of: dict[Hashable, list[Planned]] = {}
    for one in planned:
        if not one.wishes:
            continue
        mine = [one]
        meets = {id(lane): lane for lane in map(lane_of.get, one.writes) if lane is not None}
        if meets:
            mine, *others = sorted(meets.values(), key=len, reverse=True)
            for other in others:
                mine += other
                lane_of |= {what: mine for each in other for what in each.writes}
                other.clear()
            mine.append(one)
        else:
            lanes.append(mine)
        lane_of |= dict.fromkeys(one.writes, mine)
    return [sorted(lane, key=lambda one: one.order) for lane in lanes if lane]

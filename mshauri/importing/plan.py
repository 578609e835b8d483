"""From a file's rows to what is sent for them, and every mistake on the way. Nothing is sent."""

from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from mshauri.importing.alike import Coded, grouped, is_written_otherwise, note_alike
from mshauri.importing.errors import RowError, row_error, rows_that_have
from mshauri.importing.kinds import Kind
from mshauri.importing.known import Known
from mshauri.importing.layout import Layout
from mshauri.importing.planned import Planned
from mshauri.importing.reading.nothing import emptied
from mshauri.importing.reading.table import Sheet
from mshauri.importing.reading.text import code_alike
from mshauri.importing.rows import Draft, check_row

_UNKNOWN = {"OrgUnit": "UNKNOWN_ORG_UNIT", "HealthWorker": "UNKNOWN_HEALTH_WORKER"}
_UNSURE = {"OrgUnit": "UNSURE_ORG_UNIT", "HealthWorker": "UNSURE_HEALTH_WORKER"}


@dataclass(slots=True)
class Listed:
    """A list as it was read.

    Attributes:
        drafts: every row that has as many cells as there are headings, with its mistakes.
        above: what the rows lie in, with its mistakes: units that no row is.
    """

    kind: Kind
    sheet: Sheet
    layout: Layout
    drafts: list[Draft]
    above: list[Draft] = field(default_factory=list)

    @property
    def sound(self) -> list[Draft]:
        """The rows in which no mistake was found so far."""
        return [draft for draft in self.drafts if not draft.errors]

    @property
    def errors(self) -> list[RowError]:
        """Every mistake, in the order of the rows."""
        found = [error for draft in (*self.drafts, *self.above) for error in draft.errors]
        return sorted([*self.sheet.errors, *found], key=lambda error: error.row)

    @property
    def warnings(self) -> list[RowError]:
        """What somebody should look at, though it lands; in the order of the rows."""
        found = [one for draft in (*self.drafts, *self.above) for one in draft.warnings]
        return sorted(found, key=lambda warning: warning.row)

    @property
    def unread(self) -> tuple[str, ...]:
        """The headings that say nothing to us."""
        return self.layout.unread

    @property
    def rows(self) -> int:
        """How many rows there are, blank ones left out."""
        return len(self.drafts) + len(self.sheet.errors)


def read_list(
    kind: Kind, sheet: Sheet, layout: Layout, only: Collection[int] | None = None
) -> Listed:
    """Check every row by itself, and that no two tell of the same.

    Args:
        only: the numbers of the rows that are meant, if not all are.
    """
    sheet = emptied(sheet, layout.empty, layout.read)
    layout = layout.seen(sheet.rows)
    drafts = [check_row(row, layout) for row in sheet.rows]
    for draft in drafts:
        kind.check(draft)
    asked = [name for name in kind.key if kind.columns[name].required]
    keyed = [draft for draft in drafts if all(name in draft.values for name in asked)]
    note_duplicates(kind, keyed, lambda draft: tuple(map(draft.text, kind.key)))
    for name in kind.names:
        coded = [
            Coded(draft.row, draft.text(name), draft.errors, draft.warnings)
            for draft in drafts
            if draft.text(name)
        ]
        note_alike(coded, layout.heading(name))
    if only is not None:
        drafts = [draft for draft in drafts if draft.row in only]
        sheet = replace(sheet, errors=[], left=[])
    # The drafts hold all that the rows say.
    return Listed(kind, replace(sheet, rows=[]), layout, drafts)


def plan_list(listed: Listed, known: Known) -> list[Planned]:
    """Hold every sound row against what stands; what is wrong is noted in its draft."""
    kind = listed.kind
    if kind.plan_all is not None:
        return kind.plan_all(listed, known)
    assert kind.plan is not None, "a kind plans its rows, or each of them"
    found = []
    alike: dict[str, list[str]] = {}
    for number in known.people:
        alike.setdefault(code_alike(number), []).append(number)
    for draft in listed.sound:
        for name, value in draft.values.items():
            if (column := kind.columns.get(name)) is not None and column.ref:
                draft.values[name] = known.by_code(column, value)
        _note_unknown(kind, draft, known)
        _note_standing_alike(kind, draft, known, alike)
        planned = kind.plan(draft, known) if not draft.errors else None
        if planned is not None:
            found.append(planned)
    same = {planned.draft.row: planned.same for planned in found}
    note_duplicates(kind, [one.draft for one in found], lambda draft: same[draft.row])
    return [planned for planned in found if not planned.draft.errors]


def note_duplicates(kind: Kind, drafts: Sequence[Draft], key: Callable[[Draft], Hashable]) -> None:
    """Refuse all rows that tell of the same: which of them is right, the list does not say."""
    reference = "reference" in kind.columns
    for same in grouped(drafts, key):
        for draft in same:
            draft.wrong(
                kind.same,
                kind.key[0],
                others=rows_that_have([other.row for other in same if other is not draft]),
                what=kind.key_of(draft),
                apart="a `reference`" if reference else "what they tell of",
            )


def _note_standing_alike(
    kind: Kind, draft: Draft, known: Known, alike: Mapping[str, list[str]]
) -> None:
    """Note that a new number stands written in another way."""
    for name in kind.names:
        number = draft.text(name)
        if not number or number in known.people:
            continue
        for stands in alike.get(code_alike(number), ()):
            heading = draft.layout.heading(name)
            error = row_error("CODE_STANDS_ALIKE", draft.row, heading, number, stands=stands)
            certain = is_written_otherwise(number, stands)
            (draft.errors if certain else draft.warnings).append(error)


def _note_unknown(kind: Kind, draft: Draft, known: Known) -> None:
    for name, value in draft.values.items():
        column = kind.columns.get(name)
        if column is None:
            continue
        for code in known.missing(column, value):
            near = known.candidates.get(code)
            if near:
                draft.wrong(_UNSURE[column.ref or ""], name, code, near="; ".join(near))
            else:
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

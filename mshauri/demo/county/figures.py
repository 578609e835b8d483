"""What the county asks of the API about one of its programmes: all of it by one question."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from mshauri.api import global_id
from mshauri.demo.play import Player

Found = Mapping[str, object]
"""Figures by their names."""
FISCAL_YEAR = 2025
SINCE = date(2024, 7, 1)
RULES = ("SESSION_TOO_SHORT", "PLACE_NOT_ALLOWED", "MENTEE_COUNT")
"""Those that the year departs from: what nobody departs from has no row in the report."""
BY_DAY = frozenset({"visits overdue", "validated on everything"})
"""Those that the API has as of any day; the others are of all that is recorded."""


class Figures:
    """The figures of one programme in the county, as of a day where the API has them by day."""

    def __init__(
        self,
        player: Player,
        *,
        programme: str,
        unit: UUID,
        cohort: UUID,
        people: Sequence[UUID] = (),
    ) -> None:
        """Ask about a programme under a unit, a cohort of it, and these people's CPD accounts."""
        self._player = player
        self._about: dict[str, Any] = {
            "programme": programme,
            "unit": global_id("OrgUnit", unit),
            "cohort": global_id("Cohort", cohort),
            "year": FISCAL_YEAR,
            "since": SINCE.isoformat(),
        }
        self._people = people

    async def asked(self, as_of: date | None = None) -> Found:
        """Return every figure by its name."""
        found = await self._player.ask(
            _FIGURES, **self._about, asOf=None if as_of is None else as_of.isoformat()
        )
        cohort, met = found["cohortReport"], found["encounterReport"]["total"]
        certificates = found["certificates"]["nodes"]
        sure = [one["status"] for one in certificates if one["inDoubtSince"] is None]
        return {
            **_by_rule(found["deviationReport"]["byRule"]),
            "cohort ends": found["cohort"]["ends"],
            "mentorships that count": sum(one["counts"] for one in found["mentorships"]["nodes"]),
            "sessions held": cohort["sessionsHeld"],
            "sessions that count": cohort["sessionsCounted"],
            "supervised sessions": met["withGuest"],
            "visits overdue": len(found["overdueVisits"]),
            "CPD points": await self._points(),
            "validated on everything": found["validationTable"]["total"]["fullyValidated"],
            "completed": cohort["completed"],
            "certificates recommended": len(certificates),
            "certificates that hold": sure.count("ISSUED"),
            "certificates in doubt": len(certificates) - len(sure),
            "certificates revoked": sure.count("REVOKED"),
        }

    async def _points(self) -> str:
        total = Decimal(0)
        for person in self._people:
            worker = global_id("HealthWorker", person)
            data = await self._player.ask(_STATEMENT, worker=worker, year=FISCAL_YEAR)
            if data["cpdStatement"] is not None:
                total += Decimal(data["cpdStatement"]["closing"])
        return f"{total:.0f}"


def _by_rule(rows: Sequence[dict[str, Any]]) -> dict[str, int]:
    """Return how many deviations stand: all of them, those that count, and of each rule."""
    found = {f"deviations: {rule}": 0 for rule in RULES}
    found |= {f"deviations: {row['rule']}": row["deviations"] for row in rows}
    counted = sum(row["counted"] for row in rows)
    return {"deviations": sum(found.values()), "deviations that count": counted, **found}


_FIGURES = """
query Figures(
  $programme: String!, $unit: ID!, $cohort: ID!, $year: Int!, $since: Date!, $asOf: Date
  $after: [Position!]
) {
  cohort(id: $cohort, after: $after) { ends }
  cohortReport(cohortId: $cohort) {
    sessionsHeld sessionsCounted completed
  }
  mentorships(first: 100, filter: {programme: $programme, orgUnitId: $unit}) {
    nodes { counts }
  }
  overdueVisits(programme: $programme, first: 100, orgUnitId: $unit, asOf: $asOf) { daysOverdue }
  encounterReport(programme: $programme, orgUnitId: $unit, guestRole: SUPERVISOR, since: $since) {
    total { withGuest }
  }
  deviationReport(programme: $programme, orgUnitId: $unit, since: $since) {
    byRule { rule deviations counted }
  }
  validationTable(programme: $programme, by: AREA, fiscalYear: $year, asOf: $asOf) {
    total { fullyValidated }
  }
  certificates(first: 100, filter: {programme: $programme, orgUnitId: $unit}) {
    nodes { status inDoubtSince }
  }
}
"""
_STATEMENT = """
query Statement($worker: ID!, $year: Int!) {
  cpdStatement(healthWorkerId: $worker, fiscalYear: $year) { closing }
}
"""

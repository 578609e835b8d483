"""The auditor's page: a mentee's history, what was known the day before, and the proof of it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from mshauri.demo.paper import Page
from mshauri.demo.play import BEGINNING, Player

ALIKE = 1
"""Entries of one kind that are told; the others are counted."""
LOOKED_AT = 50
"""Mentees, the first to enrol, of whom one is told of."""
_STAND = {
    "validated": "validated",
    "of": "competencyCount",
    "validated in all on": "fullyValidatedOn",
    "last assessed on": "lastAssessedOn",
    "status": "status",
}
"""What is asked of a mentee, in words and as the API has it."""
WHOLE = ", in all"
"""What is said of a validation that was the last one due."""
FINDINGS_OF = timedelta(days=1_100)
"""Days that findings are asked for of at once, as many as the API takes."""


class AuditorPage:
    """Asks as an auditor does, of one mentee whom the data choose."""

    def __init__(self, player: Player, page: Page) -> None:
        self._player = player
        self._page = page

    async def chosen(self) -> str | None:
        """Return the id of a mentee who was validated in everything; None: nobody was.

        One who had the most to be validated in, and of them the one with the shortest history.
        """
        found = (await self._player.ask(_VALIDATED, first=LOOKED_AT))["mentees"]["nodes"]
        if not found:
            return None
        one = min(found, key=lambda one: (-one["validated"], one["history"]["totalCount"]["value"]))
        return str(one["id"])

    async def show(self, mentee: str) -> bool:
        """Print her history, and how she stood before and after; say whether both agree."""
        told = (await self._player.ask(_HISTORY, id=mentee))["mentee"]
        entries: list[dict[str, Any]] = told["history"]["nodes"]
        validating = _validating(entries, mentee)
        rules = validating["programmeVersion"]
        self._page.say(
            f"Health worker {told['healthWorker']['number']}, {told['area']} of "
            f"{rules['programme']}, version {rules['version']}: the events that made her what she "
            "is, by the day they happened."
        )
        self._history(entries, mentee)
        return await self._asked(mentee, validating)

    def _history(self, entries: Sequence[dict[str, Any]], mentee: str) -> None:
        shown: Counter[str] = Counter()
        rows = []
        for entry in sorted(entries, key=lambda one: one["occurredOn"]):
            shown[entry["topic"]] += 1
            changed = _changed(entry["difference"], mentee)
            if shown[entry["topic"]] <= ALIKE or changed.endswith(WHOLE):
                place = f"{entry['service']}.{entry['position']}"
                rows.append((entry["occurredOn"], entry["words"], changed, place))
        heads = ("happened", "what", "what it changed", "in the ledger")
        self._page.table("Her history, one event of each kind", heads, rows)
        self._page.say(f"And {len(entries) - len(rows)} more, of {len(entries)} in all.\n")

    async def _asked(self, mentee: str, validating: Mapping[str, Any]) -> bool:
        """Ask one question three times: today, the day before, and before it was recorded."""
        day = date.fromisoformat(validating["occurredOn"])
        recorded = datetime.fromisoformat(validating["recorded"])
        before = day - timedelta(days=1)
        asked: dict[str, Any] = {
            "on": {"happenedBy": day.isoformat()},
            "happened": {"happenedBy": before.isoformat()},
            "known": {"knownAt": (recorded - timedelta(microseconds=1)).isoformat()},
        }
        data = await self._player.ask(_AS_OF, id=mentee, **asked)
        now, on, happened, known = (data[one] for one in ("now", *asked))
        rows = [
            (what, *(_said(one[field]) for one in (now, on, happened, known)))
            for what, field in _STAND.items()
        ]
        heads = (
            "",
            "now",
            f"happened by {day}",
            f"happened by {before}",
            f"known before {recorded:%H:%M:%S}",
        )
        self._page.table("One question, asked as of four moments", heads, rows)
        whole = now["competencyCount"]
        same = now["fullyValidatedOn"] == on["fullyValidatedOn"] == day.isoformat()
        same &= now["validated"] == on["validated"] == whole
        for earlier in (happened, known):
            same &= earlier["fullyValidatedOn"] is None and earlier["validated"] < whole
        return self._page.verdict(
            f"Validated on {day}: not yet the day before, nor known before it was recorded", same
        )

    async def findings(self) -> bool:
        """Ask for all that an auditor would look for by hand; say whether there is nothing."""
        found: list[dict[str, Any]] = []
        since = BEGINNING
        while since <= date.today():
            before = since + FINDINGS_OF
            asked = {"since": since.isoformat(), "before": before.isoformat()}
            found += await self._player.nodes(_FINDINGS, "auditFindings", **asked)
            since = before
        for one in found:
            self._page.say(f"{one['since']} {one['kind']}: {one['explanation']}")
        return self._page.verdict(f"{len(found)} audit findings in all the years", not found)


def _validating(entries: Sequence[dict[str, Any]], mentee: str) -> dict[str, Any]:
    """Return the entry by which the last competency was validated."""
    return next(
        entry
        for entry in reversed(entries)
        for one in entry["difference"]
        if one["mentee"] and one["mentee"]["id"] == mentee
        if one["validatedAfter"] and one["validatedAfter"] == one["competencyCount"]
    )


def _changed(differences: Sequence[Mapping[str, Any]], mentee: str) -> str:
    """Return what an event changed of a mentee's progress, in a few words."""
    said = []
    for one in differences:
        if one["mentee"] is None or one["mentee"]["id"] != mentee:
            continue
        for what in ("sessions", "validated", "rights"):
            if one[f"{what}After"] is not None:
                said.append(f"{what} {one[f'{what}Before'] or 0} → {one[f'{what}After']}")
        if one["statusAfter"] is not None:
            said.append(one["statusAfter"].lower())
        if one["validatedAfter"] and one["validatedAfter"] == one["competencyCount"]:
            said.append(WHOLE.removeprefix(", "))
    return ", ".join(said)


def _said(value: object) -> str:
    return "–" if value is None else str(value)


_VALIDATED = """
query Validated($first: Int!, $after: [Position!]) {
  mentees(
    first: $first, filter: {fullyValidated: true}, orderBy: SINCE, afterPositions: $after
  ) {
    nodes { id validated history(first: 1) { totalCount { value } } }
  }
}
"""
_HISTORY = """
query History($id: ID!) {
  mentee(id: $id) {
    area healthWorker { number }
    history(first: 100) {
      nodes {
        occurredOn recorded words topic service position
        programmeVersion { programme version }
        difference {
          mentee { id } competencyCount statusAfter
          sessionsBefore sessionsAfter validatedBefore validatedAfter rightsBefore rightsAfter
        }
      }
    }
  }
}
"""
_AS_OF = """
query AsOf($id: ID!, $on: AsOfInput!, $happened: AsOfInput!, $known: AsOfInput!) {
  now: mentee(id: $id) { ...Stand }
  on: mentee(id: $id, asOf: $on) { ...Stand }
  happened: mentee(id: $id, asOf: $happened) { ...Stand }
  known: mentee(id: $id, asOf: $known) { ...Stand }
}
fragment Stand on Mentee {
  status validated competencyCount fullyValidatedOn lastAssessedOn
}
"""
_FINDINGS = """
query Findings($since: Date!, $before: Date!, $cursor: Cursor) {
  auditFindings(first: 100, after: $cursor, since: $since, before: $before) {
    nodes { kind since explanation }
    pageInfo { hasNextPage endCursor }
  }
}
"""

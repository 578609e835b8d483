"""What happened on which day, and what the house answered, asked back from it."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from mshauri.api import global_id
from mshauri.demo.paper import Page
from mshauri.demo.play import Player


class Diary:
    """The year, day by day, in whatever order it was told."""

    def __init__(self, player: Player) -> None:
        self._player = player
        self._told: list[tuple[date, str, str]] = []

    def tell(self, on: date, what: str, answer: str) -> None:
        """Write down what happened on a day, and what the house made of it."""
        self._told.append((on, what, answer))

    def tried(self, on: date, what: str, findings: Sequence[dict[str, Any]]) -> None:
        """Write down what a dry run found."""
        found = " ".join(f"{one['code']}: {one['message']}" for one in findings)
        counts = all(one["severity"] == "COUNT" for one in findings)
        self.tell(on, what, f"tried: {found}{'' if counts else ' It would count for nothing.'}")

    async def session(self, on: date, what: str, session: UUID) -> None:
        """Write down a session, with what it counts for and what it departs from."""
        data = await self._player.ask(_SESSION, id=global_id("Session", session))
        found = data["session"]
        guests = ", ".join(sorted(one["role"] for one in found["guests"]))
        here = f"; present besides: {guests}" if guests else ""
        self.tell(on, what, judged(found["counts"], found["deviations"]) + here)

    async def counts(self, session: UUID) -> bool:
        """Ask whether a session counts."""
        data = await self._player.ask(_SESSION, id=global_id("Session", session))
        return bool(data["session"]["counts"])

    async def mentorship(self, on: date, what: str, mentorship: UUID) -> None:
        """Write down a mentorship, likewise."""
        data = await self._player.ask(_MENTORSHIP, id=global_id("Mentorship", mentorship))
        own = [one for one in data["deviations"]["nodes"] if one["session"] is None]
        self.tell(on, what, judged(data["mentorship"]["counts"], own))

    async def certificate(self, on: date, what: str, number: str) -> None:
        """Write down what anybody hears who looks a certificate up by its number."""
        found = (await self._player.ask(_CERTIFICATE, number=number))["certificate"]
        self.tell(on, what, looked_up(number, found))

    def show(self, page: Page) -> None:
        """Print it, by the days."""
        rows = [(str(on), what, answer) for on, what, answer in sorted(self._told, key=_day)]
        page.table("The year, day by day", ("", "what happened", "what the house answered"), rows)


def judged(counts: bool, deviations: Sequence[dict[str, Any]]) -> str:
    """Return what a record counts for, and the rules it departs from, with whose word waived it."""
    rules = []
    for one in deviations:
        version = one["programmeVersion"]
        values = ", ".join(f"{name} {value}" for name, value in sorted(one["params"].items()))
        told = f"{one['rule']} of {version['programme']}, version {version['version']}"
        waived = f", waived by {one['waivedBy']}" if one["waivedBy"] else ""
        rules.append(f"{told}{f' ({values})' if values else ''}{waived}")
    said = "recorded, and counts" if counts else "recorded, and counts for nothing"
    return f"{said}: {'; '.join(rules)}" if rules else said


def looked_up(number: str, found: dict[str, Any]) -> str:
    """Return how a certificate stands, under the number it was asked for."""
    doubt = f", in doubt since {found['inDoubtSince']}" if found["inDoubtSince"] else ""
    stands = f"{number}: {found['status'].lower()}{doubt}"
    if found["number"] != number:
        return f"{number} looked up: {found['number']} holds in its place"
    return f"{stands}, in place of {found['supersedes']}" if found["supersedes"] else stands


def _day(told: tuple[date, str, str]) -> date:
    return told[0]


_SESSION = """
query Session($id: ID!, $after: [Position!]) {
  session(id: $id, after: $after) {
    counts
    guests { role }
    deviations { rule params waivedBy programmeVersion { programme version } }
  }
}
"""
_MENTORSHIP = """
query Mentorship($id: ID!, $after: [Position!]) {
  mentorship(id: $id, after: $after) { counts }
  deviations(first: 100, filter: {mentorshipId: $id}) {
    nodes { rule params waivedBy programmeVersion { programme version } session { id } }
  }
}
"""
_CERTIFICATE = """
query Certificate($number: String!, $after: [Position!]) {
  certificate(number: $number, after: $after) { number status supersedes inDoubtSince }
}
"""

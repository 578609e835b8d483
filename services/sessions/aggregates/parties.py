"""Who is a party of a mentorship on a day, by all the comings and goings in it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from shared.contracts.registry.mentorship import Side


@dataclass(slots=True)
class Stay:
    """A mentor in an area, or an enrolment, from coming to going.

    Attributes:
        departs: rules that the mentorship did not keep when they came, so that it does not count.
        until: the first day without them.
        ends: from the first day on which nobody expects them, up to that of their coming back, if
            they did.
    """

    party_id: UUID
    person: UUID
    side: Side
    area: str
    since: date | None
    departs: tuple[str, ...]
    signed_on: date | None = None
    until: date | None = None
    ends: list[tuple[date, date | None]] = field(default_factory=list)

    def includes(self, day: date) -> bool:
        """Say whether they were a party on that day."""
        begun = self.since is None or self.since <= day
        return begun and (self.until is None or day < self.until)

    def is_over(self, day: date) -> bool:
        """Say whether they had come to an end by that day, and are no less a party."""
        return any(ended <= day and (back is None or day < back) for ended, back in self.ends)

    def come_back(self, day: date | None) -> None:
        """Let them be expected again from a day on, none: as if they had never come to an end."""
        ended, _ = self.ends.pop() if self.ends else (None, None)
        if ended is not None and day is not None:
            self.ends.append((ended, day))


def stays(changes: Iterable[Mapping[str, Any]]) -> list[Stay]:
    """Return every stay in a mentorship, by the rows of who came, signed and went.

    A signature is a person's: it holds for all that they stayed by on its day. A mentee's holds
    when they come back; a mentor who left signs again.
    """
    told: list[Stay] = []
    signed: dict[UUID, date] = {}
    for row in sorted(changes, key=lambda row: row["version"]):
        person = row["health_worker_id"]
        here = [stay for stay in told if stay.person == person and stay.until is None]
        this = [stay for stay in here if stay.party_id == row["party_id"]]
        match row["change"]:
            case "SIGNED":
                theirs = [stay for stay in told if stay.person == person]
                then = [stay for stay in theirs if stay.includes(row["day"])] or here
                for stay in theirs:
                    if stay.side is Side.MENTEE or stay in then:
                        stay.signed_on = row["day"]
                # A mentor's letter that is found is of then: they sign again where they come back.
                if any(stay.side is Side.MENTEE or stay in here for stay in then):
                    signed[person] = row["day"]
            case "SIGNATURE_CORRECTED" | "SIGNATURE_VOIDED":
                _sign_anew(person, row["day"], told, signed)
            case "JOINED" if this:  # back from an end
                this[0].come_back(row["day"])
            case "JOINED":
                told.append(_come(row, signed.get(person)))
            case "STAYED":
                _stay([stay for stay in told if stay.party_id == row["party_id"]][-1], signed)
            case "ENDED":
                for stay in this:
                    stay.ends.append((row["day"], None))
            case "LEFT":
                for stay in this:
                    stay.until = row["day"]
                if here == this and any(stay.side is Side.MENTOR for stay in this):
                    signed.pop(person, None)
    return told


def _stay(stay: Stay, signed: dict[UUID, date]) -> None:
    """Let a stay go on as if nobody had left: what was signed by then holds."""
    if stay.side is Side.MENTEE:
        stay.ends.pop()
        return
    stay.until = None
    if stay.signed_on is not None:
        signed[stay.person] = stay.signed_on


def _sign_anew(
    person: UUID, day: date | None, told: Iterable[Stay], signed: dict[UUID, date]
) -> None:
    """Have a signature be of another day, or none, in all stays that it holds for."""
    signed.pop(person, None)
    if day is not None:
        signed[person] = day
    for stay in told:
        if stay.person == person and (stay.until is None or stay.side is Side.MENTEE):
            stay.signed_on = day


def _come(row: Mapping[str, Any], signed_on: date | None) -> Stay:
    return Stay(
        party_id=row["party_id"],
        person=row["health_worker_id"],
        side=Side(row["side"]),
        area=row["area"],
        since=row["day"],
        departs=tuple(row["departs"] or ()),
        signed_on=signed_on,
    )

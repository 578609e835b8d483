"""Sends a list's rows through the API and says what became of each."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from itertools import zip_longest

from mshauri.api import Answer, Api, ApiFault, Wish, send_all
from mshauri.importing.records.plan import sent_in_order
from mshauri.importing.records.planned import Planned
from shared.bus.topics import furthest

LANE = 400
"""Commands of one lane in a request; the API takes 500."""


class Outcome(StrEnum):
    """What became of a row."""

    RECORDED = "RECORDED"
    ALREADY_THERE = "ALREADY_THERE"
    REFUSED = "REFUSED"
    NOT_ANSWERED = "NOT_ANSWERED"
    WOULD_BE_RECORDED = "WOULD_BE_RECORDED"


@dataclass(frozen=True, slots=True)
class Sent:
    """A row and what became of it; its mistakes stand in its draft."""

    planned: Planned
    outcome: Outcome
    positions: tuple[str, ...] = ()


def would_send(planned: Sequence[Planned]) -> list[Sent]:
    """Say what `send_list` would do, without doing it."""
    return [
        Sent(one, Outcome.WOULD_BE_RECORDED if one.wishes else Outcome.ALREADY_THERE)
        for one in planned
    ]


Tell = Callable[[Sent], None]
"""Told what became of a row, as soon as it is known."""


async def send_list(planned: Sequence[Planned], api: Api, *, tell: Tell) -> None:
    """Send what does not stand yet, and wait until it can be read; refusals go to the drafts.

    Raises:
        ApiFault: the API could not be reached any more; what landed was told, and stays. The list
            may be sent again.
    """
    for one in planned:
        if not one.wishes:
            tell(Sent(one, Outcome.ALREADY_THERE))
    rows = {wish.command["commandId"]: one for one in planned for wish in one.wishes}
    answers: dict[str, Answer] = {}
    positions: list[str] = []

    def answered(wish: Wish, answer: Answer) -> None:
        answers[wish.command["commandId"]] = answer
        one = rows[wish.command["commandId"]]
        of_row = [answers.get(each.command["commandId"]) for each in one.wishes]
        whole = [each for each in of_row if each is not None]
        if len(whole) == len(of_row):
            sent = _settled(one, whole)
            positions.extend(sent.positions)
            tell(sent)

    lanes = [[wish for one in lane for wish in one.wishes] for lane in sent_in_order(planned)]
    for some in in_rounds(lanes):
        await send_all(api, some, answered=answered)
    # All was told: who reads it too early only reads it too early.
    with suppress(ApiFault):
        await api.caught_up(furthest(positions))


def in_rounds(lanes: Sequence[Sequence[Wish]]) -> Iterator[list[Sequence[Wish]]]:
    """Cut lanes to the length that a request takes; the next pieces go when these have landed."""
    pieces = [[lane[at : at + LANE] for at in range(0, len(lane), LANE)] for lane in lanes]
    for together in zip_longest(*pieces, fillvalue=()):
        yield [piece for piece in together if piece]


def _settled(planned: Planned, answers: Sequence[Answer]) -> Sent:
    positions = tuple(position for answer in answers for position in answer.positions)
    refused = next((answer for answer in answers if not answer.recorded), None)
    if refused is None:
        return Sent(planned, Outcome.RECORDED, positions)
    draft = planned.draft
    for error in refused.errors:
        if error.code == "COMMAND_ID_REUSED" and "reference" in draft.layout.columns:
            draft.wrong("IMPORTED_OTHERWISE", "reference")
        else:
            draft.errors.append(draft.refused(error.code, error.field, error.message, error.remedy))
    return Sent(planned, Outcome.REFUSED, positions)

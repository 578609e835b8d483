"""Sends a list's rows through the API and says what became of each."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from itertools import zip_longest

from mshauri.api import Answer, Api, ApiFault, Wish, send_all
from mshauri.importing.records.plan import sent_in_order
from mshauri.importing.records.planned import Change, Planned
from mshauri.importing.records.rows import Draft
from shared.positions import furthest

LANE = 400
"""Commands of one lane in a request; the API takes 500."""


class Outcome(StrEnum):
    """What became of a row."""

    RECORDED = "RECORDED"
    UPDATED = "UPDATED"
    ALREADY_THERE = "ALREADY_THERE"
    REFUSED = "REFUSED"
    NOT_ANSWERED = "NOT_ANSWERED"
    WOULD_BE_RECORDED = "WOULD_BE_RECORDED"
    WOULD_BE_UPDATED = "WOULD_BE_UPDATED"


@dataclass(frozen=True, slots=True)
class Sent:
    """A row and what became of it; its mistakes stand in its draft.

    Attributes:
        changes: what was changed, or would be, of a record that stands.
    """

    planned: Planned
    outcome: Outcome
    positions: tuple[str, ...] = ()
    changes: tuple[Change, ...] = ()


def would_send(planned: Sequence[Planned]) -> list[Sent]:
    """Say what `send_list` would do, without doing it."""
    return [_would_send(one) for one in planned]


def _would_send(one: Planned) -> Sent:
    if one.changes:
        return Sent(one, Outcome.WOULD_BE_UPDATED, changes=one.changes)
    new = one.wishes and one.changes is None
    return Sent(one, Outcome.WOULD_BE_RECORDED if new else Outcome.ALREADY_THERE)


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
    refused = [answer for answer in answers if not answer.recorded]
    answered = zip(planned.wishes, answers, strict=True)
    landed = [wish for wish, answer in answered if answer.recorded]
    changes = tuple(one for one in planned.changes or () if _made(one, planned.draft, landed))
    if not refused:
        standing = Outcome.UPDATED if changes else Outcome.ALREADY_THERE
        outcome = Outcome.RECORDED if planned.changes is None else standing
        return Sent(planned, outcome, positions, changes)
    draft = planned.draft
    # Changes rest on nothing; what makes a record rests on what went before.
    told = refused[:1] if planned.changes is None else refused
    for error in (error for answer in told for error in answer.errors):
        if error.code == "COMMAND_ID_REUSED" and "reference" in draft.layout.columns:
            draft.wrong("IMPORTED_OTHERWISE", "reference")
        else:
            draft.errors.append(draft.refused(error.code, error.field, error.message, error.remedy))
    return Sent(planned, Outcome.REFUSED, positions, changes)


def _made(change: Change, draft: Draft, landed: Sequence[Wish]) -> bool:
    """Say whether one of the commands that landed made a change."""
    field = draft.layout.columns[change.column].field
    return any(wish.name == change.command and field in wish.command for wish in landed)

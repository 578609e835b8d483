"""Sends a list's rows through the API and says what became of each."""

from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from itertools import groupby

from mshauri.api import AT_ONCE, BATCH, Answer, Api, ApiFault, Wish, send_all
from mshauri.importing.kinds import Kind
from mshauri.importing.plan import sent_in_order
from mshauri.importing.planned import Change, Outcome, Planned, Sent
from mshauri.importing.rows import Draft
from shared.positions import furthest

LANE = 400
"""Commands of one lane in a request, at the most; the API takes 500."""
ROUND = BATCH * AT_ONCE
"""Commands that go side by side, as far as there are lanes of them."""


def would_send(planned: Sequence[Planned], kind: Kind) -> list[Sent]:
    """Say what `send_list` would do, without doing it."""
    return [_would_send(one, kind) for one in planned]


def _would_send(one: Planned, kind: Kind) -> Sent:
    if one.changes:
        return Sent(one, Outcome.WOULD_BE_UPDATED, changes=one.changes)
    new = one.wishes and one.changes is None
    return Sent(one, Outcome(f"WOULD_BE_{kind.lands}") if new else Outcome.ALREADY_THERE)


Tell = Callable[[Sent], None]
"""Told what became of a row, as soon as it is known."""


async def send_list(planned: Sequence[Planned], api: Api, kind: Kind, *, tell: Tell) -> None:
    """Send what does not stand yet, and wait until it can be read; refusals go to the drafts.

    What rests on something else of the list is sent when that has landed.

    Raises:
        ApiFault: the API could not be reached any more; what landed was told, and stays. The list
            may be sent again.
    """
    for one in planned:
        if not one.wishes:
            tell(Sent(one, Outcome.ALREADY_THERE))
    lacking = {one.gives for one in planned if one.wishes and one.gives is not None}
    positions: list[str] = []

    def settled(sent: Sent) -> None:
        positions.extend(sent.positions)
        if len(positions) > ROUND:
            positions[:] = furthest(positions)
        if sent.outcome is not Outcome.REFUSED:
            lacking.discard(sent.planned.gives)
        # Where it stands in the ledgers was for the wait in the end.
        tell(replace(sent, positions=()))

    to_send = sorted((one for one in planned if one.wishes), key=lambda one: one.stage)
    for _, stage in groupby(to_send, key=lambda one: one.stage):
        await _send(_ready(list(stage), lacking, tell), api, kind, settled)
    # All was told: who reads it too early only reads it too early.
    with suppress(ApiFault):
        await api.caught_up(furthest(positions))


def _ready(stage: Sequence[Planned], lacking: set[Hashable], tell: Tell) -> list[Planned]:
    """Return what can be sent; what rests on something that did not land is told."""
    ready = []
    for one in stage:
        if one.needs is not None and one.needs in lacking:
            one.draft.wrong("PARENT_NOT_ESTABLISHED", "", str(one.needs), kind="unit")
            tell(Sent(one, Outcome.REFUSED))
        else:
            ready.append(one)
    return ready


async def _send(planned: Sequence[Planned], api: Api, kind: Kind, settled: Tell) -> None:
    rows = {wish.command["commandId"]: one for one in planned for wish in one.wishes}
    answers: dict[str, Answer] = {}

    def answered(wish: Wish, answer: Answer) -> None:
        answers[wish.command["commandId"]] = answer
        one = rows[wish.command["commandId"]]
        commands = [each.command["commandId"] for each in one.wishes]
        if all(each in answers for each in commands):
            settled(_settled(one, [answers.pop(each) for each in commands], kind))

    lanes = [[wish for one in lane for wish in one.wishes] for lane in sent_in_order(planned)]
    for some in in_rounds(lanes):
        await send_all(api, some, answered=answered)


def in_rounds(lanes: Sequence[Sequence[Wish]]) -> Iterator[list[Sequence[Wish]]]:
    """Cut lanes into pieces; the next pieces go when these have landed.

    Commands of one lane are decided one after the other, those of other lanes beside them: so the
    more lanes there are, the shorter are the pieces. A few lanes are cut only to the length that a
    request takes.
    """
    begun = 0
    while lanes := [lane for lane in lanes if len(lane) > begun]:
        piece = min(max(ROUND // len(lanes), 1), LANE)
        yield [lane[begun : begun + piece] for lane in lanes]
        begun += piece


def _settled(planned: Planned, answers: Sequence[Answer], kind: Kind) -> Sent:
    positions = tuple(position for answer in answers for position in answer.positions)
    answered = list(zip(planned.wishes, answers, strict=True))
    landed = [wish for wish, answer in answered if answer.recorded]
    changes = tuple(one for one in planned.changes or () if _made(one, planned.draft, landed))
    refused = [(wish, answer) for wish, answer in answered if not answer.recorded]
    if not refused:
        standing = Outcome.UPDATED if changes else Outcome.ALREADY_THERE
        outcome = Outcome(kind.lands) if planned.changes is None else standing
        return Sent(planned, outcome, positions, changes)
    # Changes rest on nothing; what makes a record rests on what went before.
    for wish, answer in refused[:1] if planned.changes is None else refused:
        for error in answer.errors:
            _note(planned, wish, error.code, error.field, error.message, error.remedy)
    return Sent(planned, Outcome.REFUSED, positions, changes)


def _note(
    planned: Planned, wish: Wish, code: str, field: str | None, problem: str, remedy: str | None
) -> None:
    draft = planned.draft
    if code == "COMMAND_ID_REUSED" and "reference" in draft.layout.columns:
        draft.wrong("IMPORTED_OTHERWISE", "reference")
        return
    error = draft.refused(code, field, problem, remedy)
    changed = [one for one in planned.changes or () if one.command == wish.name]
    if changed and error.column not in draft.layout.headings.values():
        # What a change was refused for stands in no cell of the row: it is told where it says so.
        at = changed[0]
        error = draft.refused(code, at.column, problem, remedy)
    draft.errors.append(error)


def _made(change: Change, draft: Draft, landed: Sequence[Wish]) -> bool:
    """Say whether one of the commands that landed made a change."""
    column = draft.layout.columns.get(change.column)
    field = change.field or (column.field if column else "")
    return any(
        wish.name == change.command and (field in wish.command or _of_list(wish, change))
        for wish in landed
    )


def _of_list(wish: Wish, change: Change) -> bool:
    """Say whether a command is of the list of codes that a change is of."""
    return bool(change.field) and wish.command.get("system") == change.field

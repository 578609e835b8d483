"""Deciding on screenings of the register: the next blocks, out of the view of people."""

import asyncio
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any
from uuid import UUID

from services.registry.aggregates.code_list import CodeList, NotOfACountry
from services.registry.aggregates.screening import RUNNING, Screening
from services.registry.commands.handlers import handlers
from services.registry.commands.lists import listed, root_of
from services.registry.screening.blocks import suspected
from services.registry.screening.keys import FIRST, LAST, Kind, share_done
from services.registry.screening.likeness import Known, Likeness, likeness
from services.registry.screening.names import name
from services.registry.screening.nicknames import SHIPPED, Nicknames
from services.registry.views.people import FOUND_BY, IDENTIFIER, PERSON
from shared.contracts.registry.code_list import CodeListKind
from shared.contracts.registry.health_worker import Ground
from shared.contracts.registry.screening import (
    PossiblePair,
    ScreeningBegin,
    ScreeningGoOn,
    ScreeningStop,
)
from shared.deciding.facts import Facts, Row
from shared.deciding.work import Work
from shared.domain.folding import folded_identifier, folded_text
from shared.domain.phrases import Phrase

STEP = 20_000
"""Rows of `found_by` that one step screens, about: half a second's work, and a few megabytes."""


@handlers.decides(ScreeningBegin)
async def begin(command: ScreeningBegin, work: Work[ScreeningBegin]) -> Screening:
    """Begin a screening, if none is under way."""
    await work.allow(at=command.org_unit_id)
    if command.org_unit_id is not None:
        root = (await root_of(command.org_unit_id, work)).id
        if root != command.org_unit_id:
            raise NotOfACountry("orgUnitId", root=root)
    id = work.new_id(command.id, "screening")
    screening = Screening.begun(id, command.org_unit_id, work.day)
    work.claim(RUNNING, field="id", what=Phrase("The screening that is under way"))
    work.add(screening)
    return screening


@handlers.decides(ScreeningGoOn)
async def go_on(command: ScreeningGoOn, work: Work[ScreeningGoOn]) -> Screening:
    """Screen the next blocks, or end where there are none."""
    screening = await work.get(Screening, command.screening_id, field="screeningId")
    await work.allow(at=screening.org_unit_id)
    screening.must_run()
    after = FIRST if screening.up_to is None else screening.up_to
    nicknames = await nicknames_at(screening.org_unit_id, work)
    up_to, rows = await next_rows(work.facts, after, STEP)
    if rows:
        blocks = await blocks_of(work.facts, rows, nicknames)
        # Comparing is all it does there: what else the process decides goes on beside it.
        found = await asyncio.to_thread(found_in, blocks)
        pairs = [_pair(*both) for both in await not_known_otherwise(work.facts, found)]
        screening.advance(up_to, int(share_done(up_to) * 1000), len(rows), pairs)
    if up_to == LAST:
        screening.end(work.day)
        work.release(RUNNING)
    return screening


@handlers.decides(ScreeningStop)
async def stop(command: ScreeningStop, work: Work[ScreeningStop]) -> Screening:
    """Stop a screening for a reason."""
    screening = await work.get(Screening, command.screening_id, field="screeningId")
    await work.allow(at=screening.org_unit_id)
    work.reason()
    screening.end(work.day, stopped=True)
    work.release(RUNNING)
    return screening


async def nicknames_at(org_unit_id: UUID | None, work: Work[Any]) -> Nicknames:
    """Return the short forms of names of a unit's country, or those that Mshauri comes with."""
    told = await listed(work, org_unit_id, CodeListKind.NICKNAME)
    return SHIPPED if told is None else _forms_of(told)


def _forms_of(told: CodeList) -> Nicknames:
    return {word: folded_text(code) for word, code in told.words.items()}


async def next_rows(facts: Facts, after: int, step: int) -> tuple[int, list[Row]]:
    """Return the next rows of `found_by`, whole blocks of them, and until which key they are all
    there are.
    """
    rows = await facts.rows_after(FOUND_BY, "key", after, step)
    if len(rows) < step:
        return LAST, rows
    last = rows[-1]["key"]
    whole = [row for row in rows if row["key"] != last]
    if whole:
        return whole[-1]["key"], whole
    return last, await facts.rows(FOUND_BY, key=last)  # one block, larger than a step


Block = tuple[Kind, Sequence[Known]]


async def blocks_of(facts: Facts, rows: Iterable[Row], nicknames: Nicknames) -> list[Block]:
    """Return the blocks in which there is anybody to compare, with all that is known of them."""
    people: set[UUID] = set()
    numbered: set[UUID] = set()
    found: list[tuple[Kind, list[UUID]]] = []
    for (_, kind), block in groupby(rows, lambda row: (row["key"], row["kind"])):
        ids = list(dict.fromkeys(row["health_worker_id"] for row in block))
        if len(ids) > 1:
            found.append((Kind(kind), ids))
            people.update(ids)
            if Kind(kind) is Kind.NUMBER:
                numbered.update(ids)
    known = await known_people(facts, people, numbered, nicknames)
    return [(kind, [known[id] for id in ids if id in known]) for kind, ids in found]


async def known_people(
    facts: Facts, people: Collection[UUID], numbered: Collection[UUID], nicknames: Nicknames
) -> dict[UUID, Known]:
    """Return what is known of people, with the numbers of those who are `numbered`."""
    told = await _told(facts, numbered)
    return {
        row["id"]: Known(
            id=row["id"],
            org_unit_id=row["org_unit_id"],
            name=None if row["name"] is None else name(row["name"], nicknames),
            phone=row["phone"],
            calling=row["calling_code"],
            born=row["born"],
            **_numbers(told.get(row["id"], ())),
        )
        for row in await facts.rows_of(PERSON, "id", people)
    }


async def _told(facts: Facts, people: Collection[UUID]) -> dict[UUID, set[tuple[str, str]]]:
    told: dict[UUID, set[tuple[str, str]]] = defaultdict(set)
    for row in await facts.rows_of(IDENTIFIER, "health_worker_id", people):
        told[row["health_worker_id"]].add((folded_identifier(row["system"]), row["value"]))
    return told


def _numbers(told: Iterable[tuple[str, str]]) -> dict[str, Any]:
    return {"told": frozenset(told), "numbers": frozenset(value for _, value in told)}


Found = dict[tuple[UUID, UUID], tuple[Known, Known, Likeness]]


def found_in(blocks: Iterable[Block]) -> Found:
    """Return the pairs of these blocks that may be of one person, each once."""
    return {
        (one.id, other.id): (one, other, likely)
        for kind, block in blocks
        for (one, other), likely in suspected(kind, block)
    }


async def not_known_otherwise(facts: Facts, found: Found) -> list[tuple[UUID, UUID]]:
    """Return the pairs that are left, once the numbers are looked up of those who were found by no
    more than a name and a year: few of all those who are called so.
    """
    doubtful = {
        pair: both for pair, both in found.items() if both[2].grounds == (Ground.NAME_AND_BIRTH,)
    }
    told = await _told(facts, {id for pair in doubtful for id in pair})

    def stays(one: Known, other: Known, _likely: Likeness) -> bool:
        numbered = [replace(each, **_numbers(told.get(each.id, ()))) for each in (one, other)]
        return bool(likeness(*numbered, thorough=True).grounds)

    return [pair for pair, both in found.items() if pair not in doubtful or stays(*both)]


def _pair(earlier: UUID, later: UUID) -> PossiblePair:
    return PossiblePair(health_worker_id=later, other_id=earlier)

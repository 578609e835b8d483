"""What somebody is shown of the events that name them: their own words, not what others said."""

import json
from typing import Any
from uuid import UUID

from services.gateway.asof.ledgers import Ledgers
from services.gateway.personal.events import Named, events_naming
from tests.support.house import House
from tests.support.paired import days_ago, paired, rules
from tests.unit.registry.test_erasure import NAME, Office, office

SAID = "Somebody at the other facility knows better."


async def held_on(at: Office, *records: UUID) -> Named:
    house: House = at.house
    services = ("registry", "sessions", "validation")
    ledgers = Ledgers(of={name: house.ledger(name) for name in services}, keys=house.keys)
    return await events_naming(frozenset(records), ledgers)


def of_topic(named: Named, topic: str) -> list[dict[str, Any]]:
    return [one for one in named.events if one["topic"] == topic]


async def test_their_name_and_why_things_were_done_of_them_are_theirs() -> None:
    at = await office()
    worker, other = await at.zanele(), await at.register()
    enrolment = await at.enrol(worker, "RPA")
    await at.enrol(other, "RPA")
    await at.withdraw(enrolment)
    named = await held_on(at, worker)
    [registered] = of_topic(named, "registry.health_worker.registered")
    assert registered["content"]["givenNames"] == NAME
    [left] = of_topic(named, "registry.enrolment.withdrawn")
    assert (left["reason"], left["actor"]) == ("Left", "operator")
    assert named.withheld == {}
    assert str(other) not in json.dumps(named.events)


async def test_what_others_said_of_them_is_held_and_not_shown() -> None:
    at = await office()
    worker, other = await at.zanele(), await at.register()
    await at.merge(other, worker)
    await at.house.send("healthWorkerUnmerge", healthWorkerId=str(other), reason=SAID)
    named = await held_on(at, worker)
    # It is told of the other record, under its key, and names this one.
    [reversed_] = of_topic(named, "registry.health_worker.merge_reversed")
    assert reversed_["withheld"] == ["reason"]
    assert named.withheld["registry.health_worker.merge_reversed reason"] == 1
    assert "reason" not in reversed_
    [theirs] = of_topic(await held_on(at, other), "registry.health_worker.merge_reversed")
    assert theirs["reason"] == SAID


async def test_a_journal_is_theirs_and_not_for_who_asks_in_their_place() -> None:
    pair = await paired(rules())
    mentee = pair.mentees[0]
    await pair.house.send(
        "journalWrite",
        as_="person-2",
        mentorshipId=str(pair.mentorship),
        healthWorkerId=str(mentee),
        text=SAID,
        occurredOn=str(days_ago(3)),
    )
    at = Ledgers(
        of={name: pair.house.ledger(name) for name in pair.house.keys}, keys=pair.house.keys
    )
    theirs = await events_naming(frozenset({mentee}), at)
    [written] = of_topic(theirs, "sessions.journal.written")
    assert written["content"]["text"] == SAID
    auditors = await events_naming(frozenset({mentee}), at, to_themselves=False)
    [held] = of_topic(auditors, "sessions.journal.written")
    assert (held["content"], held["withheld"]) == ({}, ["content"])
    assert auditors.withheld["sessions.journal.written content"] == 1
    assert SAID not in json.dumps(auditors.events)
    assert len(auditors.events) == len(theirs.events)


async def test_of_who_was_erased_the_events_are_left_without_a_word() -> None:
    at = await office()
    worker = await at.zanele()
    await at.ask(worker)
    await at.say("healthWorkerErase", worker)
    named = await held_on(at, worker)
    assert of_topic(named, "registry.health_worker.erased")
    assert NAME not in json.dumps(named.events)

"""Erasing a person: who may, when it must wait, and what is left of them."""

import re
from typing import Any
from uuid import UUID

import pytest

from services.gateway.projections import (
    AUDIT_EVENT,
    ERASED_KEYS,
    ERASURE,
    HEALTH_WORKER,
    MENTEE,
    POSTING,
)
from services.registry.views.people import FOUND_BY, IDENTIFIER, PERSON
from shared.access.policy import POLICY
from shared.contracts.base import SERVICES, commands
from shared.domain.errors import MshauriError
from shared.following.policy_runner import carry_out
from shared.privacy.payload import ERASED
from tests.support.house import House
from tests.unit.registry.test_merge import Hospital

NAME, SURNAME, PHONE, NUMBER = "Zanele", "Quixabeira", "+254 700 123 456", "ZQ-9988776"
TOLD_OF_THEM = re.compile("zanele|quixabeira|700 ?123 ?456|zq-?9988776", re.IGNORECASE)
ASKED = {"basis": "RIGHT_TO_ERASURE", "reference": "Act 24 of 2019, s. 40; file 7"}


class Office(Hospital):
    """A hospital, where a clerk asks and an officer for data protection decides."""

    async def staffed(self) -> None:
        for subject in ("clerk", "officer"):
            await self.house.send(
                "accessGrantGive",
                subjectName=subject,
                role="ADMINISTRATOR",
                orgUnitId=str(self.unit),
                occurredOn="2018-01-01",
            )

    async def zanele(self, **more: Any) -> UUID:
        answer = await self.house.send(
            "healthWorkerRegister",
            givenNames=NAME,
            familyName=SURNAME,
            phone=PHONE,
            identifiers=[{"system": "NID", "value": NUMBER}],
            cadre="Nurse",
            orgUnitId=str(self.unit),
            occurredOn="2018-01-01",
            **more,
        )
        return answer.id

    async def ask(self, worker: UUID, as_: str = "clerk") -> None:
        await self.house.send(
            "healthWorkerRequestErasure",
            as_=as_,
            healthWorkerId=str(worker),
            reason=f"{NAME} asks for it.",
            **ASKED,
        )

    async def say(self, command: str, worker: UUID, as_: str = "officer", **more: Any) -> None:
        await self.house.send(command, as_=as_, healthWorkerId=str(worker), **more)


async def office() -> Office:
    opened = await Office.opened()
    made = Office(opened.house, opened.unit, opened.cohort)
    await made.staffed()
    return made


async def refused(doing: Any) -> MshauriError:
    with pytest.raises(MshauriError) as caught:
        await doing
    return caught.value


def told_of_them(house: House) -> list[str]:
    """Return the tables of all services and of the gateway that tell who they are."""
    return [
        f"{reader} {table}"
        for reader, tables in house.everything().items()
        for table, rows in tables.items()
        if TOLD_OF_THEM.search(repr(rows))
    ]


async def test_who_was_erased_is_in_no_row_and_stays_in_every_count() -> None:
    at = await office()
    worker = await at.zanele()
    enrolment = await at.enrol(worker, "RPA")
    await at.house.send(
        "menteeWithdraw",
        enrolmentId=str(enrolment),
        reason=f"{NAME} moved away.",
        occurredOn="2019-03-01",
    )
    assert told_of_them(at.house)
    counted = {name: len(rows) for name, rows in at.house.everything()["gateway"].items()}
    await at.ask(worker)
    await at.say("healthWorkerErase", worker, reason=f"{NAME} is right.")
    assert told_of_them(at.house) == []
    after = {name: len(rows) for name, rows in at.house.everything()["gateway"].items()}
    for table in (HEALTH_WORKER, MENTEE, POSTING):
        assert after[table.physical] == counted[table.physical], table.name
    [row] = at.house.rows(HEALTH_WORKER, id=worker)
    assert (row["given_names"], row["phone"]) == (ERASED, None)


async def test_another_record_of_who_was_erased_is_erased_too_whichever_is_found_first() -> None:
    at = await office()
    worker = await at.zanele()
    await at.ask(worker)
    await at.say("healthWorkerErase", worker)
    # Their number stays taken: nobody else registers with it, and nor do they.
    again = {"givenNames": NAME, "familyName": SURNAME, "cadre": "Nurse"}
    answer = await at.house.send(
        "healthWorkerRegister", **again, orgUnitId=str(at.unit), occurredOn="2018-01-01"
    )
    other = answer.id
    # Under a record that is erased already, it could not be erased any more.
    assert (await refused(at.merge(other, worker))).code == "MERGED_INTO_ERASED"
    await at.merge(worker, other)
    await at.ask(other)
    await at.say("healthWorkerErase", other)
    assert told_of_them(at.house) == []


async def test_a_build_made_from_nothing_holds_the_same() -> None:
    at = await office()
    worker = await at.zanele()
    await at.enrol(await at.register(), "RPA")
    await at.ask(worker)
    await at.say("healthWorkerErase", worker)
    stands = at.house.everything()
    made = await at.house.rebuilt(await at.house.history())
    for reader, tables in made.items():
        for table, rows in tables.items():
            assert stands[reader][table] == rows, table


async def test_every_service_destroys_their_keys_and_says_so() -> None:
    at = await office()
    worker = await at.zanele()
    await at.ask(worker)
    [row] = at.house.rows(ERASURE, id=worker)
    assert (row["state"], row["asked_by"]) == ("REQUESTED", "clerk")
    await at.say("healthWorkerErase", worker)
    [row] = at.house.rows(ERASURE, id=worker)
    assert (row["state"], row["decided_by"]) == ("ERASED", "officer")
    done = at.house.rows(ERASED_KEYS, health_worker_id=worker)
    assert sorted(one["service"] for one in done) == sorted(SERVICES)
    for service in SERVICES:
        assert await at.house.keys[service].keys_for([worker]) == {worker: None}


async def test_the_keys_of_records_about_them_alone_go_with_theirs() -> None:
    at = await office()
    worker, other = await at.zanele(), await at.register()
    enrolment, others = await at.enrol(worker, "RPA"), await at.enrol(other, "RPA")
    for one in (enrolment, others):
        await at.withdraw(one)
    await at.ask(worker)
    await at.say("healthWorkerErase", worker)
    keys = await at.house.keys["registry"].keys_for([worker, enrolment, others, other])
    assert (keys[worker], keys[enrolment]) == (None, None)
    assert keys[other] is not None
    [row] = at.house.rows(ERASED_KEYS, health_worker_id=worker, service="registry")
    assert row["records"] == 1


async def test_what_they_are_recognised_by_goes_with_them() -> None:
    at = await office()
    worker = await at.zanele()
    assert at.house.rows(IDENTIFIER, health_worker_id=worker)
    found_by = len(at.house.rows(FOUND_BY, health_worker_id=worker))
    await at.ask(worker)
    await at.say("healthWorkerErase", worker)
    assert at.house.rows(IDENTIFIER, health_worker_id=worker) == []
    [person] = at.house.rows(PERSON, id=worker)
    assert (person["name"], person["phone"]) == (None, None)
    # They are posted where they were: that alone is left of some thirty.
    assert 1 == len(at.house.rows(FOUND_BY, health_worker_id=worker)) < found_by


async def test_all_records_of_a_person_are_erased_together() -> None:
    at = await office()
    worker = await at.zanele()
    alias = await at.register()
    await at.house.send(
        "healthWorkerRename",
        healthWorkerId=str(alias),
        givenNames=NAME,
        familyName=SURNAME,
        reason="So.",
    )
    await at.merge(alias, worker)
    assert (await refused(at.ask(alias))).code == "MERGED_INTO"
    await at.ask(worker)
    await at.say("healthWorkerErase", worker)
    assert told_of_them(at.house) == []
    [row] = at.house.rows(ERASURE, id=alias)
    assert (row["state"], row["under_id"]) == ("ERASED", worker)
    for service in SERVICES:
        assert await at.house.keys[service].keys_for([alias]) == {alias: None}


async def test_two_people_erase_somebody_and_neither_is_the_one() -> None:
    at = await office()
    worker = await at.zanele()
    assert (await refused(at.say("healthWorkerErase", worker))).code == "ERASURE_NOT_ASKED"
    await at.ask(worker)
    assert (await refused(at.ask(worker, "officer"))).code == "ERASURE_ASKED_ALREADY"
    alone = await refused(at.say("healthWorkerErase", worker, as_="clerk"))
    assert (alone.code, alone.field) == ("ERASURE_BY_ONE_ALONE", "healthWorkerId")
    await at.house.send(
        "accessGrantGive",
        subjectName="zanele",
        role="ADMINISTRATOR",
        orgUnitId=str(at.unit),
        healthWorkerId=str(worker),
        occurredOn="2018-01-01",
    )
    oneself = await refused(at.say("healthWorkerErase", worker, as_="zanele"))
    assert oneself.code == "ERASURE_OF_ONESELF"


async def test_nobody_is_erased_twice() -> None:
    at = await office()
    worker = await at.zanele()
    await at.ask(worker)
    await at.say("healthWorkerErase", worker)
    assert (await refused(at.ask(worker))).code == "ERASED_ALREADY"
    assert (await refused(at.say("healthWorkerErase", worker))).code == "ERASED_ALREADY"


async def test_what_was_declined_is_not_agreed_to() -> None:
    at = await office()
    worker = await at.zanele()
    lacking = await refused(at.say("healthWorkerDeclineErasure", worker, reason="So."))
    assert lacking.code == "ERASURE_NOT_ASKED"
    await at.ask(worker)
    assert (await refused(at.say("healthWorkerDeclineErasure", worker))).code == "REASON_MISSING"
    await at.say("healthWorkerDeclineErasure", worker, reason="The law asks to keep it.")
    assert (await refused(at.say("healthWorkerErase", worker))).code == "ERASURE_NOT_ASKED"
    await at.ask(worker, as_="officer")
    await at.say("healthWorkerErase", worker, as_="clerk")


async def test_what_a_case_is_open_on_is_kept() -> None:
    at = await office()
    worker = await at.zanele()
    await at.ask(worker)
    assert (await refused(at.say("healthWorkerLiftLegalHold", worker, reason="So."))).code == (
        "NO_LEGAL_HOLD"
    )
    await at.say("healthWorkerPlaceLegalHold", worker, reference="Case 12/2026")
    twice = await refused(at.say("healthWorkerPlaceLegalHold", worker, reference="Case 13"))
    assert twice.code == "LEGAL_HOLD_PLACED_ALREADY"
    held = await refused(at.say("healthWorkerErase", worker))
    assert held.code == "UNDER_LEGAL_HOLD"
    assert "Case 12/2026" in held.message
    await at.say("healthWorkerLiftLegalHold", worker, reason="The case is closed.")
    await at.say("healthWorkerErase", worker)


async def test_who_is_needed_by_name_is_not_erased_yet() -> None:
    at = await office()
    worker = await at.zanele()
    enrolment = await at.enrol(worker, "RPA")
    grant = await at.house.send(
        "accessGrantGive",
        subjectName="zanele",
        role="MENTOR",
        orgUnitId=str(at.unit),
        healthWorkerId=str(worker),
        occurredOn="2018-01-01",
    )
    await at.ask(worker)
    busy = await refused(at.say("healthWorkerErase", worker))
    assert busy.code == "STILL_BUSY"
    assert str(enrolment) in busy.message
    assert str(grant.id) in busy.message
    await at.withdraw(enrolment)
    await at.house.send("accessGrantRevoke", accessGrantId=str(grant.id), reason="They left.")
    await at.say("healthWorkerErase", worker)


async def test_nothing_personal_is_recorded_of_them_and_impersonal_facts_are() -> None:
    at = await office()
    worker = await at.zanele()
    await at.ask(worker)
    await at.say("healthWorkerErase", worker)
    renaming = at.say("healthWorkerRename", worker, givenNames=NAME, reason="They are back.")
    assert (await refused(renaming)).code == "SUBJECT_ERASED"
    await at.say("healthWorkerChangeCadre", worker, cadre="Midwife", occurredOn="2019-01-01")
    [row] = at.house.rows(HEALTH_WORKER, id=worker)
    assert row["cadre"] == "Midwife"


async def test_a_reason_given_afterwards_is_kept_with_a_key_of_its_own() -> None:
    at = await office()
    worker = await at.zanele()
    enrolment = await at.enrol(worker, "RPA")
    await at.withdraw(enrolment)
    await at.ask(worker)
    await at.say("healthWorkerErase", worker)
    await at.house.send(
        "menteeReadmit", enrolmentId=str(enrolment), reason="Taken back.", occurredOn="2019-04-01"
    )
    reasons = {row["reason"] for row in at.house.rows(AUDIT_EVENT, stream=enrolment)}
    assert reasons == {None, ERASED, "Taken back."}


async def test_a_number_that_was_theirs_stays_taken_and_tells_nothing() -> None:
    at = await office()
    worker = await at.zanele(number="N-1")
    await at.ask(worker)
    await at.say("healthWorkerErase", worker)
    assert (await refused(at.zanele())).code == "ALREADY_TAKEN"
    claims = at.house.ledger("registry")._claims
    assert not TOLD_OF_THEM.search(repr(list(claims)))


async def test_keys_are_destroyed_by_the_house_alone_and_once() -> None:
    at = await office()
    worker = await at.zanele()
    for service in SERVICES:
        name = f"{service}DestroyKeys"
        assert commands[name].roles == {POLICY}
        assert (await refused(at.say(name, worker))).code == "ACCESS_DENIED"
    await at.ask(worker)
    await at.say("healthWorkerErase", worker)
    at.house.outcomes.clear()
    commander = at.house.commander("sessions")
    again = {"commandId": str(UUID(int=7)), "healthWorkerId": str(worker)}
    outcome = await carry_out(commander, "forgetting", "sessionsDestroyKeys", again, UUID(int=1))
    assert outcome == "KEYS_DESTROYED_ALREADY"

"""A recording service over HTTP: what it records, what it refuses, and that a refusal is whole."""

import asyncio
from collections.abc import AsyncIterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest_asyncio

from services.registry.aggregates.org_unit import OrgUnit
from services.registry.app import service as registry
from shared.access.issuer import DevelopmentIssuer
from shared.contracts.envelope import Meta, encode_meta
from shared.deciding.repository import Repository
from shared.domain import Aggregate
from shared.ledger import NewEvent, StreamAppend, Transaction
from shared.privacy.payload import encode_event
from tests.conftest import OwnBroker
from tests.support.days import today
from tests.support.services import OPERATOR, Asked, running

LONG_AGO = "2018-01-01"


@pytest_asyncio.fixture
async def asked(database: str, own_broker: OwnBroker, tmp_path: Path) -> AsyncIterator[Asked]:
    broker = await own_broker()
    async with running(
        registry, database=database, broker=broker.address, directory=tmp_path
    ) as service:
        yield service


async def country(asked: Asked, code: str = "RW") -> str:
    answer = await asked.send(
        "orgUnitEstablish", code=code, name=code, unitKind="COUNTRY", occurredOn=LONG_AGO
    )
    return str(answer["id"])


async def nurse(asked: Asked, unit: str, **changes: Any) -> dict[str, Any]:
    return await asked.send(
        "healthWorkerRegister",
        **{
            "givenNames": "Given",
            "familyName": "Family",
            "cadre": "Nurse",
            "orgUnitId": unit,
            "occurredOn": LONG_AGO,
            **changes,
        },
    )


async def test_a_command_is_answered_with_its_record_and_position(asked: Asked) -> None:
    answer = await asked.send("orgUnitEstablish", code="RW", name="Rwanda", unitKind="COUNTRY")
    assert (answer["record"], answer["version"]) == ("OrgUnit", 1)
    service, _partition, position = answer["positions"][0].split(".")
    assert (service, position) == ("registry", "1")


async def test_a_command_sent_twice_is_recorded_once_and_answered_alike(asked: Asked) -> None:
    command: dict[str, Any] = {
        "commandId": str(uuid4()),
        "code": "RW",
        "name": "Rwanda",
        "unitKind": "COUNTRY",
    }
    first = await asked.send("orgUnitEstablish", **command)
    again = await asked.send("orgUnitEstablish", **command)
    assert again == first
    assert await asked.written() == 1


async def test_the_same_command_at_the_same_time_is_recorded_once(asked: Asked) -> None:
    command: dict[str, Any] = {
        "commandId": str(uuid4()),
        "code": "RW",
        "name": "Rwanda",
        "unitKind": "COUNTRY",
    }
    answers = await asyncio.gather(*(asked.send("orgUnitEstablish", **command) for _ in range(8)))
    assert all(answer == answers[0] for answer in answers)
    assert await asked.written() == 1


async def test_a_command_id_is_not_used_for_another_content(asked: Asked) -> None:
    command_id = str(uuid4())
    fields: dict[str, Any] = {"commandId": command_id, "name": "Rwanda", "unitKind": "COUNTRY"}
    await asked.send("orgUnitEstablish", code="RW", **fields)
    problem = await asked.send("orgUnitEstablish", code="KE", expect=409, **fields)
    assert problem["code"] == "COMMAND_ID_REUSED"
    assert await asked.written() == 1


async def test_a_refused_command_may_be_sent_again_when_it_has_become_right(asked: Asked) -> None:
    unit, parent = str(uuid4()), str(uuid4())
    command: dict[str, Any] = {
        "commandId": str(uuid4()),
        "id": unit,
        "parentId": parent,
        "code": "H",
        "name": "Hospital",
        "unitKind": "FACILITY",
    }
    problem = await asked.send("orgUnitEstablish", expect=404, **command)
    assert (problem["code"], problem["field"]) == ("NOT_FOUND", "parentId")
    await asked.send("orgUnitEstablish", id=parent, code="RW", name="Rwanda", unitKind="COUNTRY")
    assert (await asked.send("orgUnitEstablish", **command))["id"] == unit


async def test_malformed_json_is_told_as_such(asked: Asked) -> None:
    answer = await asked.client.post(
        "/commands/orgUnitEstablish", content=b'{"code": ', headers=asked.bearer(OPERATOR)
    )
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == "MALFORMED"


async def test_bytes_that_are_no_text_are_told_as_malformed(asked: Asked) -> None:
    answer = await asked.client.post(
        "/commands/orgUnitEstablish",
        content=b'{"code": "\xff\xfe"}',
        headers=asked.bearer(OPERATOR),
    )
    assert (answer.status_code, answer.json()["code"]) == (400, "MALFORMED")


async def test_an_unknown_command_is_answered_with_those_there_are(asked: Asked) -> None:
    problem = await asked.send("orgUnitExplode", expect=404)
    assert problem["code"] == "UNKNOWN_COMMAND"
    assert "orgUnitEstablish" in problem["remedy"]


async def test_a_wrong_type_is_named_by_its_field(asked: Asked) -> None:
    unit = await country(asked)
    problem = await asked.send(
        "orgUnitEstablish",
        code="H",
        name="Hospital",
        unitKind="FACILITY",
        parentId=unit,
        facility={"beds": "many"},
        expect=400,
    )
    assert (problem["code"], problem["field"]) == ("MALFORMED", "facility.beds")
    assert await asked.written() == 1


async def test_a_missing_and_an_unknown_field_are_named(asked: Asked) -> None:
    missing = await asked.send("orgUnitEstablish", code="RW", unitKind="COUNTRY", expect=400)
    assert missing["field"] == "name"
    unknown = await asked.send(
        "orgUnitEstablish", code="RW", name="R", unitKind="COUNTRY", colour="red", expect=400
    )
    assert unknown["field"] == "colour"


async def test_a_fact_of_tomorrow_is_refused(asked: Asked) -> None:
    tomorrow = (today() + timedelta(days=1)).isoformat()
    problem = await asked.send(
        "orgUnitEstablish", code="RW", name="R", unitKind="COUNTRY", occurredOn=tomorrow, expect=422
    )
    assert (problem["code"], problem["field"]) == ("OCCURRED_IN_FUTURE", "occurredOn")


async def test_a_duplicate_identifier_is_refused_however_it_is_spelled(asked: Asked) -> None:
    unit = await country(asked)
    await nurse(asked, unit, identifiers=[{"system": "NID", "value": "119908001234"}])
    problem = await nurse(
        asked, unit, identifiers=[{"system": "nid", "value": " 119908001234 "}], expect=409
    )
    assert (problem["code"], problem["field"]) == ("ALREADY_TAKEN", "identifiers[0].value")
    assert "119908001234" not in str(problem)
    assert await asked.written() == 2


async def test_two_registrations_of_one_identifier_at_once_leave_one_person(asked: Asked) -> None:
    unit = await country(asked)
    codes = await asyncio.gather(
        *(
            asked.client.post(
                "/commands/healthWorkerRegister",
                json={
                    "commandId": str(uuid4()),
                    "givenNames": "Given",
                    "familyName": "Family",
                    "cadre": "Nurse",
                    "orgUnitId": unit,
                    "occurredOn": LONG_AGO,
                    "identifiers": [{"system": "NID", "value": "1"}],
                },
                headers=asked.bearer(OPERATOR),
            )
            for _ in range(10)
        )
    )
    assert sorted(answer.status_code for answer in codes) == [200] + [409] * 9
    assert await asked.written() == 2


async def test_a_name_never_stands_in_the_ledger(asked: Asked) -> None:
    unit = await country(asked)
    await nurse(asked, unit, familyName="Uwimana-Nyirahabimana")
    entries = await asked.decider.served.ledger.feed(after=0, limit=10)
    assert not any(b"Uwimana" in entry.payload for entry in entries)
    assert any(b'"familyName":{"sealed":' in entry.payload for entry in entries)


async def test_a_version_that_moved_on_is_a_conflict(asked: Asked) -> None:
    unit = await country(asked)
    await asked.send("orgUnitRename", orgUnitId=unit, name="U Rwanda", expectedVersion=1)
    problem = await asked.send(
        "orgUnitRename", orgUnitId=unit, name="Rwanda", expectedVersion=1, expect=409
    )
    assert problem["code"] == "VERSION_CONFLICT"
    assert problem["params"] == {"expected": 1, "actual": 2}


async def test_writers_who_did_not_say_what_they_saw_all_land(asked: Asked) -> None:
    unit = await country(asked)
    await asyncio.gather(
        *(asked.send("orgUnitRename", orgUnitId=unit, name=f"Name {i}") for i in range(3))
    )
    assert await asked.written() == 4


async def test_what_another_process_recorded_is_seen_before_a_refusal(asked: Asked) -> None:
    unit = await country(asked)
    await asked.send("orgUnitRename", orgUnitId=unit, name="Known here at version 2")
    ledger = asked.decider.served.ledger
    elsewhere = await Repository(ledger).find(OrgUnit, UUID(unit))
    assert elsewhere is not None
    # The service counts its days in Nairobi, where it may be tomorrow already.
    elsewhere.rename("Renamed by another process", today())
    await ledger.append(recorded_elsewhere(elsewhere))
    await asked.send("orgUnitRename", orgUnitId=unit, name="Rwanda", expectedVersion=3)


async def test_a_repeated_command_teaches_the_process_nothing_wrong(asked: Asked) -> None:
    unit = await country(asked)
    rename: dict[str, Any] = {"commandId": str(uuid4()), "orgUnitId": unit, "name": "R"}
    first = await asked.send("orgUnitRename", **rename)
    assert await asked.send("orgUnitRename", **rename) == first
    await asked.send("orgUnitRename", orgUnitId=unit, name="Rwanda", expectedVersion=2)


async def test_an_id_that_is_in_use_does_not_begin_again(asked: Asked) -> None:
    unit = await country(asked)
    problem = await asked.send(
        "orgUnitEstablish", id=unit, code="KE", name="Kenya", unitKind="COUNTRY", expect=409
    )
    assert problem["code"] == "ALREADY_RECORDED"


async def test_the_id_of_another_kind_is_not_found(asked: Asked) -> None:
    unit = await country(asked)
    person = await nurse(asked, unit)
    problem = await asked.send("orgUnitRename", orgUnitId=person["id"], name="X", expect=404)
    assert (problem["code"], problem["field"]) == ("NOT_FOUND", "orgUnitId")


async def test_a_batch_is_answered_in_order_and_a_bad_one_spoils_no_other(asked: Asked) -> None:
    def establish(code: str) -> dict[str, Any]:
        return {
            "name": "orgUnitEstablish",
            "command": {
                "commandId": str(uuid4()),
                "code": code,
                "name": code,
                "unitKind": "COUNTRY",
            },
        }

    batch = [establish("RW"), establish("RW"), {"name": "none", "command": {}}, establish("KE")]
    answer = await asked.client.post("/commands", json=batch, headers=asked.bearer(OPERATOR))
    outcomes = answer.json()
    assert [outcome.get("problem", {}).get("code") for outcome in outcomes] == [
        None,
        "ALREADY_TAKEN",
        "UNKNOWN_COMMAND",
        None,
    ]
    assert await asked.written() == 2


async def test_nobody_without_a_token_is_heard(asked: Asked) -> None:
    answer = await asked.client.post("/commands/orgUnitEstablish", json={})
    assert (answer.status_code, answer.json()["code"]) == (401, "UNAUTHENTICATED")
    assert answer.headers["www-authenticate"] == "Bearer"


async def test_an_expired_token_is_told_as_such(asked: Asked) -> None:
    token = asked.issuer.mint(OPERATOR, timedelta(hours=-1))
    answer = await asked.client.post(
        "/commands/orgUnitEstablish", json={}, headers={"authorization": f"Bearer {token}"}
    )
    assert answer.status_code == 401
    assert "expired" in answer.json()["detail"]


async def test_a_token_of_another_issuer_is_not_accepted(asked: Asked, tmp_path: Path) -> None:
    foreign = DevelopmentIssuer(tmp_path / "elsewhere").mint(OPERATOR)
    answer = await asked.client.post(
        "/commands/orgUnitEstablish", json={}, headers={"authorization": f"Bearer {foreign}"}
    )
    assert (answer.status_code, answer.json()["code"]) == (401, "UNAUTHENTICATED")


async def test_nobody_without_a_grant_may_do_anything(asked: Asked) -> None:
    unit = await country(asked)
    problem = await asked.send(
        "orgUnitRename", orgUnitId=unit, name="Mine", as_="stranger", expect=403
    )
    assert problem["code"] == "ACCESS_DENIED"
    assert await asked.written() == 1


async def test_an_administrator_of_one_district_does_nothing_in_another(asked: Asked) -> None:
    root = await country(asked)
    units = [
        (
            await asked.send(
                "orgUnitEstablish",
                code=code,
                name=code,
                unitKind="DISTRICT",
                parentId=root,
                occurredOn=LONG_AGO,
            )
        )["id"]
        for code in ("RW-01", "RW-02")
    ]
    await asked.send(
        "accessGrantGive",
        subjectName="admin",
        role="ADMINISTRATOR",
        orgUnitId=units[0],
        occurredOn=LONG_AGO,
    )
    await _until_heard(asked, "admin")
    hospital: dict[str, Any] = {"name": "Hospital", "unitKind": "FACILITY", "occurredOn": LONG_AGO}
    await asked.send("orgUnitEstablish", code="H1", parentId=units[0], as_="admin", **hospital)
    problem = await asked.send(
        "orgUnitEstablish", code="H2", parentId=units[1], as_="admin", expect=403, **hospital
    )
    assert problem["code"] == "ACCESS_DENIED"


async def test_keys_are_told_to_processes_of_the_house_alone(asked: Asked) -> None:
    answer = await asked.client.post(
        "/internal/keys", json={"subjects": []}, headers=asked.bearer(OPERATOR)
    )
    assert answer.status_code == 403


async def _until_heard(asked: Asked, subject: str) -> None:
    for _ in range(500):
        if asked.decider.served.directory.grants_of(subject):
            return
        await asyncio.sleep(0.02)
    raise AssertionError(f"the grant of {subject} did not come round")


def recorded_elsewhere(aggregate: Aggregate) -> Transaction:
    """Make a transaction of what an aggregate has pending, as another process would."""
    bodies = aggregate.collect()
    meta = Meta(
        actor="elsewhere",
        occurred_on=date(2020, 1, 1),
        correlation_id=uuid4(),
        causation_id=uuid4(),
    )
    events = tuple(
        NewEvent(
            id=(event_id := uuid4()),
            topic=body.topic,
            meta=encode_meta(meta),
            payload=encode_event(body, event_id, {}),
        )
        for body in bodies
    )
    append = StreamAppend(
        stream=aggregate.id,
        kind=aggregate.kind,
        key=aggregate.key,
        expected=aggregate.version - len(bodies),
        events=events,
    )
    return Transaction(command_id=uuid4(), fingerprint=bytes(32), appends=(append,))

"""Evidence through the gateway: who is given what of somebody's history, and that it verifies."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import pytest
import pytest_asyncio
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.gateway.evidence import gathering
from services.gateway.evidence.tickets import Ticket
from services.gateway.graphql.ids import global_id
from services.gateway.projections import AUDIT_EVENT, HEALTH_WORKER, MENTEE
from services.gateway.projections import CERTIFICATE as CERTIFICATES
from shared.access.facts import ACCESS_GRANT
from shared.contracts.access.operation import AccessKind, AccessPurpose, PersonalDataShown
from shared.contracts.definition.assessment import Basis, Certificate
from shared.evidence.mshauri_verify import GENUINE, Judgement, judge, read_key, unzipped
from shared.ledger.remote import TOKEN_HEADER
from shared.privacy.payload import ERASED
from shared.privacy.remote_keys import PATH as KEYS_PATH
from shared.privacy.remote_keys import tell_keys
from shared.service.evidence_routes import evidence_routes
from shared.service.ledger_routes import ledger_routes
from tests.support.evidence import FeedLog, checkpoint_of, signer
from tests.support.gateway import FakeServices, RunningGateway, running_gateway
from tests.support.hospital import Hospital
from tests.support.house import House
from tests.support.looked import position, recorded
from tests.support.paired import Paired, days_ago, paired, rules
from tests.support.servers import PostgresServer

pytestmark = pytest.mark.asyncio(loop_scope="module")

TOKEN = "x" * 32
AUDITOR, FAR, VIEWER = "auditor", "far-auditor", "viewer"
DISMISSED, SPENT = "dismissed", "spent"
ASKED = """
query ($mentee: ID!, $from: Date, $to: Date, $since: [String!], $pdf: Boolean! = false) {
  auditEvidence(mentee: $mentee, from: $from, to: $to, since: $since, pdf: $pdf) {
    url expiresAt events verifier
  }
}
"""
CERTIFICATE = "query ($number: String!) { certificateEvidence(number: $number) { url events } }"
HELD = "query ($id: ID!) { healthWorker(id: $id) { personalData } }"
ALL_KEYS = [read_key(signer(name).verifier.vkey) for name in ("registry", "sessions", "validation")]
SECRET = "She was afraid of the resuscitation table."


def of_the_house(house: House) -> FakeServices:
    """Return services that have the house's ledgers, keys and logs."""

    def more(service: str) -> list[Route]:
        ledger = house.ledger(service)
        log = FeedLog(ledger, signer(service))

        async def keys(request: Request) -> Response:
            shown = request.headers.get(TOKEN_HEADER)
            told = await tell_keys(house.keys[service], shown, TOKEN, await request.body())
            return Response(told)

        served = SimpleNamespace(ledger=ledger, internal_token=TOKEN)
        return [
            *ledger_routes(lambda: served),  # type: ignore[arg-type, return-value]
            Route(KEYS_PATH, keys, methods=["POST"]),
            *evidence_routes(lambda: (ledger, log, TOKEN)),
        ]

    return FakeServices(more=more)


@asynccontextmanager
async def a_gateway(
    postgres: PostgresServer, tmp_path: Path, house: House
) -> AsyncIterator[RunningGateway]:
    name = f"test_{uuid4().hex}"
    url = await postgres.create_database(name)
    async with running_gateway(url, tmp_path, services=of_the_house(house)) as gateway:
        await gateway.hold(house)
        yield gateway
    await postgres.drop_database(name)


class World:
    """A pair, a journal that is theirs, a bundle for whoever asks."""

    gateway: RunningGateway
    pair: Paired
    mentee: UUID

    async def begin(self, gateway: RunningGateway, pair: Paired) -> "World":
        self.gateway, self.pair = gateway, pair
        for subject, role, unit in (
            (AUDITOR, "AUDITOR", pair.district),
            (FAR, "AUDITOR", pair.elsewhere),
            (VIEWER, "VIEWER", pair.country),
        ):
            await gateway.grant(subject, role, unit)
        await gateway.told()
        (row,) = pair.house.rows(MENTEE, health_worker_id=pair.mentees[0])
        self.mentee = row["id"]
        return self

    async def refused(self, subject: str = AUDITOR, **asked: Any) -> str:
        asked.setdefault("mentee", global_id("Mentee", self.mentee))
        answer = await self.gateway.send(ASKED, subject, **asked)
        code: str = answer["errors"][0]["extensions"]["code"]
        return code

    async def bundle(self, subject: str = AUDITOR, **asked: Any) -> bytes:
        asked.setdefault("mentee", global_id("Mentee", self.mentee))
        link = (await self.gateway.ask(ASKED, subject, **asked))["auditEvidence"]
        return await fetched(self.gateway, link["url"])


async def fetched(gateway: RunningGateway, url: str) -> bytes:
    answer = await gateway.client.get(gateway.url + url)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/zip"
    return answer.content


def judged(tmp_path: Path, bundle: bytes) -> Judgement:
    file = tmp_path / "evidence.zip"
    file.write_bytes(bundle)
    return judge(file, ALL_KEYS)


def events_of(bundle: bytes) -> list[dict[str, Any]]:
    return [json.loads(line) for line in unzipped(bundle)["events.jsonl"].splitlines()]


def topic_of(event: dict[str, Any]) -> str:
    lines: list[str] = event["statement"].splitlines()
    return next(line.removeprefix("topic ") for line in lines if line.startswith("topic "))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def world(
    postgres: PostgresServer, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[World]:
    tmp_path = tmp_path_factory.mktemp("issuer")
    pair = await paired(rules())
    await pair.house.send(
        "journalWrite",
        as_="person-2",
        mentorshipId=str(pair.mentorship),
        healthWorkerId=str(pair.mentees[0]),
        text=SECRET,
        occurredOn=str(days_ago(3)),
    )
    async with a_gateway(postgres, tmp_path, pair.house) as gateway:
        yield await World().begin(gateway, pair)


async def test_an_auditor_takes_away_a_mentees_history_that_verifies(
    world: World, tmp_path: Path
) -> None:
    bundle = await world.bundle(pdf=True)
    found = judged(tmp_path, bundle)
    assert found.verdict == GENUINE, found.found
    files, events = unzipped(bundle), events_of(bundle)
    topics = {topic_of(event) for event in events if "withheld" not in event}
    assert {
        "registry.health_worker.registered",
        "registry.enrolment.enrolled",
        "registry.mentorship.signed",
        "registry.programme_version.published",
    } <= topics
    # The name is sealed in the event, opened by the key, and told by the report.
    page = files["report.html"].decode()
    assert "Given2 Family2" in page
    assert files["report.pdf"].startswith(b"%PDF-")
    (rule,) = json.loads(files["rules.json"])
    assert rule["id"] == str(world.pair.version)


async def test_the_report_tells_what_happened_in_sentences_with_names(world: World) -> None:
    page = unzipped(await world.bundle())["report.html"].decode()
    assert "<b>Given2 Family2 was registered at" in page
    assert "Given0 Family0 and Given1 Family1 for Given2 Family2" in page
    # What is withheld is told by its topic, as its statement has it.
    assert "<b>Journal: written</b>" in page


async def test_names_are_told_only_where_the_asker_may_read_them(world: World) -> None:
    """The mentor's record is moved out of the auditor's units; the events stay where they were."""
    database, mentor = world.gateway.database, world.pair.mentors[0]
    unit = await database.fetchval(
        f'SELECT org_unit_id FROM "{HEALTH_WORKER.physical}" WHERE id = $1', mentor
    )
    move = f'UPDATE "{HEALTH_WORKER.physical}" SET org_unit_id = $2 WHERE id = $1'
    await database.execute(move, mentor, world.pair.elsewhere)
    page = unzipped(await world.bundle())["report.html"].decode()
    await database.execute(move, mentor, unit)
    assert "somebody outside of your scope and Given1 Family1 for Given2 Family2" in page


async def test_that_evidence_was_made_is_recorded_with_why_it_was_asked_for(world: World) -> None:
    gateway, before = world.gateway, await position(world.gateway)
    response = await gateway.client.post(
        f"{gateway.url}/graphql",
        json={
            "query": ASKED,
            "variables": {"mentee": global_id("Mentee", world.mentee)},
        },
        headers={
            "Authorization": f"Bearer {gateway.token(AUDITOR)}",
            "X-Mshauri-Purpose": "COMPLAINT",
            "traceparent": f"00-{'a' * 32}-{'b' * 16}-01",
        },
    )
    link = response.json()["data"]["auditEvidence"]
    # A link is no evidence yet, and shows nothing.
    assert await recorded(gateway, before) == []
    await fetched(gateway, link["url"])
    (told,) = await recorded(gateway, before)
    body = told.body
    assert isinstance(body, PersonalDataShown)
    assert told.meta.actor == AUDITOR
    assert AccessKind.EVIDENCE in body.kinds
    assert world.pair.mentees[0] in body.people
    assert body.asked == ("auditEvidence",)
    assert (body.purpose, body.trace_id) == (AccessPurpose.COMPLAINT, "a" * 32)


async def test_what_is_private_stands_as_its_statement_alone(world: World, tmp_path: Path) -> None:
    bundle = await world.bundle()
    journal = [one for one in events_of(bundle) if topic_of(one) == "sessions.journal.written"]
    assert [one.keys() for one in journal] == [{"service", "statement", "withheld"}]
    assert journal[0]["withheld"] == "private"
    assert SECRET.encode() not in bundle
    # And the mentee's key is enclosed: it opens nothing of that journal, for it is not there.
    assert str(world.pair.mentees[0]) in unzipped(bundle)["keys.json"].decode()


async def test_nobody_is_given_evidence_who_may_not_audit_there(world: World) -> None:
    assert await world.refused(FAR) == "NOT_FOUND"
    assert await world.refused(VIEWER) == "ACCESS_DENIED"
    assert await world.refused("nobody") == "NOT_FOUND"


async def test_a_period_and_its_bounds(world: World, tmp_path: Path) -> None:
    recent = await world.bundle(**{"from": str(days_ago(5))})
    topics = [topic_of(one) for one in events_of(recent)]
    assert "sessions.journal.written" in topics
    assert "registry.enrolment.enrolled" not in topics
    assert judged(tmp_path, recent).verdict == GENUINE
    backwards = {"from": str(days_ago(1)), "to": str(days_ago(2))}
    assert await world.refused(**backwards) == "PERIOD_BACKWARDS"


async def test_it_continues_a_checkpoint_that_the_auditor_kept(
    world: World, tmp_path: Path
) -> None:
    entries = await world.pair.house.ledger("registry").feed(after=0, limit=9)
    kept = checkpoint_of(entries, signer("registry"))
    bundle = await world.bundle(since=[kept.decode()])
    assert unzipped(bundle)["since/registry.note"] == kept
    note = tmp_path / "kept.txt"
    note.write_bytes(kept)
    file = tmp_path / "evidence.zip"
    file.write_bytes(bundle)
    assert judge(file, ALL_KEYS, [note]).verdict == GENUINE
    assert await world.refused(since=["no note"]) == "NOTE_MALFORMED"
    other = checkpoint_of(entries, signer("elsewhere")).decode()
    assert await world.refused(since=[other]) == "ANOTHER_LOG"


async def test_a_checkpoint_that_the_log_never_had_is_told_when_the_link_is_followed(
    world: World,
) -> None:
    """The service's own refusal, with its code: `EVIDENCE_REFUSED` is only what carries it."""
    entries = await world.pair.house.ledger("sessions").feed(after=0, limit=2)
    other = checkpoint_of(entries, signer("registry")).decode()
    asked = {"mentee": global_id("Mentee", world.mentee), "since": [other]}
    link = (await world.gateway.ask(ASKED, AUDITOR, **asked))["auditEvidence"]
    answer = await world.gateway.client.get(world.gateway.url + link["url"])
    assert (answer.status_code, answer.json()["code"]) == (422, "NOT_PROVEN")


async def test_more_than_a_bundle_holds(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gathering, "MOST", 3)
    assert await world.refused() == "TOO_MUCH_EVIDENCE"


async def test_a_link_is_its_makers_for_a_while_and_nobody_elses(world: World) -> None:
    gateway = world.gateway
    await gateway.grant(DISMISSED, "AUDITOR", world.pair.district)
    await gateway.told()
    link = await gateway.ask(ASKED, DISMISSED, mentee=global_id("Mentee", world.mentee))
    url = link["auditEvidence"]["url"]
    altered = url[:-3] + ("A" if url[-3] != "A" else "B") + url[-2:]
    answer = await gateway.client.get(gateway.url + altered)
    assert (answer.status_code, answer.json()["code"]) == (403, "EVIDENCE_LINK_OVER")
    assert gateway.gateway._parts is not None
    over = gateway.gateway._parts.tickets.link(
        Ticket(
            subject=AUDITOR,
            expires=datetime.now(UTC) - timedelta(seconds=1),
            mentee=world.mentee,
        )
    )
    assert (await gateway.client.get(gateway.url + over)).status_code == 403
    # What its maker may read is looked up when it is followed: who audits no more, but may see her.
    await gateway.grant(DISMISSED, "COORDINATOR", world.pair.district)
    await gateway.database.execute(
        f'DELETE FROM "{ACCESS_GRANT.physical}" WHERE subject = $1 AND role = $2',
        DISMISSED,
        "AUDITOR",
    )
    await gateway.told()
    assert (await gateway.client.get(gateway.url + url)).json()["code"] == "ACCESS_DENIED"
    # And who may see nothing.
    await gateway.database.execute(
        f'DELETE FROM "{ACCESS_GRANT.physical}" WHERE subject = $1', DISMISSED
    )
    await gateway.told()
    assert (await gateway.client.get(gateway.url + url)).json()["code"] == "NOT_FOUND"


async def test_who_has_nothing_left_to_spend_waits_before_they_follow_a_link(world: World) -> None:
    gateway = world.gateway
    await gateway.grant(SPENT, "AUDITOR", world.pair.district)
    await gateway.told()
    link = await gateway.ask(ASKED, SPENT, mentee=global_id("Mentee", world.mentee))
    assert gateway.gateway._parts is not None
    gateway.gateway._parts.buckets.debit(SPENT, 10**9)
    answer = await gateway.client.get(gateway.url + link["auditEvidence"]["url"])
    assert (answer.status_code, answer.json()["code"]) == (429, "RATE_LIMITED")


async def test_that_evidence_was_taken_is_recorded_of_who_followed_the_link(world: World) -> None:
    before = await position(world.gateway)
    await world.bundle()
    (told,) = await recorded(world.gateway, before)
    assert told.meta.actor == AUDITOR
    assert isinstance(told.body, PersonalDataShown)
    # The report says who met whom: their names were read as well.
    assert set(told.body.kinds) == {AccessKind.EVIDENCE, AccessKind.PERSONAL}
    assert world.pair.mentees[0] in told.body.people
    assert told.body.asked == ("auditEvidence",)
    assert len(told.body.grants) == 1


async def test_that_all_that_is_held_on_somebody_was_read_is_recorded_and_tells_no_journal(
    world: World,
) -> None:
    before = await position(world.gateway)
    person = world.pair.mentees[0]
    held = await world.gateway.ask(HELD, AUDITOR, id=global_id("HealthWorker", person))
    assert "Given2" in json.dumps(held)
    assert "sessions.journal.written" in json.dumps(held)
    assert SECRET not in json.dumps(held)
    (told,) = await recorded(world.gateway, before)
    assert isinstance(told.body, PersonalDataShown)
    assert told.body.kinds == (AccessKind.PERSONAL_DATA,)
    assert told.body.people == (person,)


async def test_the_program_that_judges_is_served_beside_the_logs(world: World) -> None:
    answer = await world.gateway.client.get(f"{world.gateway.url}/log/mshauri-verify.py")
    assert answer.status_code == 200
    assert answer.text.startswith("#!/usr/bin/env python3")


async def test_an_erased_persons_bundle_verifies_and_tells_no_name(
    world: World, tmp_path: Path
) -> None:
    person = world.pair.mentees[0]
    assert await called_by_events(world, person) == ["Given2"]
    await world.pair.house.keys["registry"].erase(person)
    bundle = await world.bundle()
    # A key that is at hand in the gateway is no key for long.
    async with asyncio.timeout(5):
        while await called_by_events(world, person) != [ERASED]:  # noqa: ASYNC110
            await asyncio.sleep(0.2)
    found = judged(tmp_path, bundle)
    assert found.verdict == GENUINE
    assert any("closed for good" in one.says for one in found.found)
    keys = json.loads(unzipped(bundle)["keys.json"])
    assert keys["registry"][str(person)] is None


async def called_by_events(world: World, person: UUID) -> list[str]:
    """Return what all that is held on somebody calls them, by their events."""
    held = await world.gateway.ask(HELD, AUDITOR, id=global_id("HealthWorker", person))
    return [
        one["content"]["givenNames"]
        for one in held["healthWorker"]["personalData"]["events"]
        if one["topic"] == "registry.health_worker.registered"
    ]


async def test_what_happened_out_of_scope_is_no_more_than_a_statement(
    world: World, tmp_path: Path
) -> None:
    gateway = world.gateway
    await gateway.database.execute(
        f'UPDATE "{AUDIT_EVENT.physical}" SET org_unit_id = $1 WHERE topic = $2',
        world.pair.elsewhere,
        "registry.mentorship.signed",
    )
    bundle = await world.bundle()
    signed = [one for one in events_of(bundle) if topic_of(one) == "registry.mentorship.signed"]
    assert signed
    assert {one["withheld"] for one in signed} == {"scope"}
    assert judged(tmp_path, bundle).verdict == GENUINE


async def test_anybody_proves_a_certificate(postgres: PostgresServer, tmp_path: Path) -> None:
    certificate = Certificate(name="Certificate", prefix="MADE", basis=Basis.VALIDATION)
    hospital = await Hospital.built(gates=(), certificate=certificate)
    await hospital.assess("HBB")
    await hospital.assess("PPH")
    async with a_gateway(postgres, tmp_path, hospital.house) as gateway:
        await gateway.grant(VIEWER, "VIEWER", hospital.unit)
        await gateway.told()
        number = await gateway.database.fetchval(f'SELECT number FROM "{CERTIFICATES.physical}"')
        link = (await gateway.ask(CERTIFICATE, VIEWER, number=number))["certificateEvidence"]
        bundle = await fetched(gateway, link["url"])
        # It is for everybody, as the certificate is: nobody is told who looked.
        assert await recorded(gateway) == []
        found = judged(tmp_path, bundle)
        assert found.verdict == GENUINE, found.found
        assert found.facts["about"]["number"] == number
        assert any(f"{number} was ISSUED" in one.says for one in found.found)
        # No more than `certificate` shows: not whose it is, nor who approved it.
        files = b"".join(unzipped(bundle).values())
        for told in (hospital.mentee, hospital.mentor, hospital.enrolment, "Keza", "operator"):
            assert str(told).encode() not in files
        assert {one["withheld"] for one in events_of(bundle)} == {"certificate"}
        unknown = await gateway.send(CERTIFICATE, VIEWER, number="MADE-2018-NONE")
        assert unknown["errors"][0]["extensions"]["code"] == "NO_SUCH_CERTIFICATE"
        nobody = await gateway.send(CERTIFICATE, "nobody", number=number)
        assert nobody["errors"][0]["extensions"]["code"] == "ACCESS_DENIED"

"""What the gateway does with commands: one by one, and as a client sends them that was offline."""

import asyncio
from collections.abc import AsyncIterator
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import pytest_asyncio

from services.gateway.graphql.ids import global_id
from services.gateway.projections import ORG_UNIT
from shared.access.issuer import DevelopmentIssuer
from tests.support.gateway import FakeServices, RunningGateway, refusal, running_gateway
from tests.support.servers import PostgresServer

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def running(
    postgres: PostgresServer, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[RunningGateway]:
    """A gateway for all tests here."""
    name = f"test_{uuid4().hex}"
    url = await postgres.create_database(name)
    async with running_gateway(url, tmp_path_factory.mktemp("gateway")) as gateway:
        yield gateway
    await postgres.drop_database(name)


@pytest_asyncio.fixture(loop_scope="module")
async def gateway(running: RunningGateway) -> RunningGateway:
    """The gateway with services that have forgotten the test before."""
    services = running.services
    services.requests.clear()
    services.headers.clear()
    services.away.clear()
    services.decide = FakeServices().decide
    return running


ESTABLISH = """
mutation Establish($input: OrgUnitEstablishInput!) {
  orgUnitEstablish(input: $input) {
    commandId id version positions
    userErrors { code message field remedy params }
  }
}
"""


def unit(**more: Any) -> dict[str, Any]:
    return {
        "commandId": str(uuid4()),
        "code": "RW-1",
        "name": "Kigali",
        "unitKind": "PROVINCE",
        "occurredOn": "2020-01-01",
        **more,
    }


async def test_a_command_goes_to_its_service_in_wire_form(gateway: RunningGateway) -> None:
    id, parent = uuid4(), uuid4()
    sent = unit(
        id=global_id("OrgUnit", id),
        parentId=global_id("OrgUnit", parent),
        facility={"beds": 40, "latitude": -1.9},
    )
    payload = (await gateway.ask(ESTABLISH, input=sent))["orgUnitEstablish"]
    ((path, body),) = gateway.services.requests
    assert path == "/commands/orgUnitEstablish"
    assert body == {
        **sent,
        "id": str(id),
        "parentId": str(parent),
        "facility": {"beds": 40, "latitude": -1.9, "operational": True, "services": []},
    }
    assert payload["userErrors"] == []
    assert payload["id"] == global_id("OrgUnit", id)
    assert payload["commandId"] == sent["commandId"]
    assert payload["positions"][0].startswith("registry.7.")


async def test_the_senders_token_and_trace_go_along(gateway: RunningGateway) -> None:
    token = gateway.token("somebody")
    trace = "0af7651916cd43dd8448eb211c80319c"
    await gateway.client.post(
        f"{gateway.url}/graphql",
        json={"query": ESTABLISH, "variables": {"input": unit()}},
        headers={
            "Authorization": f"Bearer {token}",
            "traceparent": f"00-{trace}-b7ad6b7169203331-01",
        },
    )
    (headers,) = gateway.services.headers
    assert headers["authorization"] == f"Bearer {token}"
    assert headers["traceparent"].split("-")[1] == trace


async def test_a_refusal_is_data(gateway: RunningGateway) -> None:
    gateway.services.decide = lambda _name, _command: refusal(
        "ALREADY_TAKEN", 409, "The code is taken.", field="code", params={"claim": "RW-1"}
    )
    payload = (await gateway.ask(ESTABLISH, input=unit()))["orgUnitEstablish"]
    assert payload["userErrors"] == [
        {
            "code": "ALREADY_TAKEN",
            "message": "The code is taken.",
            "field": "code",
            "remedy": "Do it right.",
            "params": {"claim": "RW-1"},
        }
    ]
    assert payload["id"] is None
    assert payload["positions"] == []


@pytest.mark.parametrize(
    ("code", "status"), [("ACCESS_DENIED", 403), ("OVERLOADED", 503), ("UNAUTHENTICATED", 401)]
)
async def test_a_fault_is_an_error_with_its_code(
    gateway: RunningGateway, code: str, status: int
) -> None:
    gateway.services.decide = lambda _name, _command: refusal(code, status, "No.")
    answer = await gateway.send(ESTABLISH, input=unit())
    error = answer["errors"][0]
    assert error["extensions"]["code"] == code
    assert error["extensions"]["remedy"]
    assert len(error["extensions"]["traceId"]) == 32


async def test_an_id_of_another_kind_is_refused_before_anything_is_sent(
    gateway: RunningGateway,
) -> None:
    wrong = global_id("Mentee", uuid4())
    payload = (await gateway.ask(ESTABLISH, input=unit(parentId=wrong)))["orgUnitEstablish"]
    (error,) = payload["userErrors"]
    assert (error["code"], error["field"]) == ("WRONG_ID_KIND", "parentId")
    assert gateway.services.requests == []


async def test_a_service_that_is_away_is_named(gateway: RunningGateway) -> None:
    gateway.services.away.add("registry")
    answer = await gateway.send(ESTABLISH, input=unit())
    error = answer["errors"][0]
    assert error["extensions"]["code"] == "UNAVAILABLE"
    assert "registry" in error["message"]


async def test_the_record_is_read_once_it_can_be_and_only_if_it_was_asked_for(
    gateway: RunningGateway,
) -> None:
    id = uuid4()
    document = ESTABLISH.replace("commandId id", "orgUnit { name version } commandId id")
    gateway.services._position = 100

    async def insert() -> None:
        await gateway.insert(
            ORG_UNIT, id=id, code="RW-1", name="Kigali", unit_kind="PROVINCE",
            since=date(2020, 1, 1), state="ACTIVE", predecessors=[], successors=[],
            record_version=1, position=101,
        )  # fmt: skip
        await gateway.applied("registry", 7, 101)

    asking = asyncio.create_task(gateway.ask(document, input=unit(id=global_id("OrgUnit", id))))
    await asyncio.sleep(0.2)
    assert not asking.done()
    await insert()
    payload = (await asking)["orgUnitEstablish"]
    assert payload["orgUnit"] == {"name": "Kigali", "version": 1}


async def test_a_read_that_cannot_be_had_in_time_says_so(gateway: RunningGateway) -> None:
    parts = gateway.gateway._endpoint._parts  # type: ignore[union-attr]
    object.__setattr__(parts, "patience", 0.2)
    answer = await gateway.send('{ orgUnit(code: "RW-1", after: ["registry.3.999999"]) { id } }')
    object.__setattr__(parts, "patience", 5.0)
    assert answer["errors"][0]["extensions"]["code"] == "STALE_READ"
    assert answer["data"] == {"orgUnit": None}


BATCH = """
mutation Sync($commands: [CommandInput!]!) {
  commandBatch(input: {commands: $commands}) {
    results { outcome commandId id positions userErrors { code field message } }
    positions recorded refused
  }
}
"""


def item(name: str, **command: Any) -> dict[str, Any]:
    return {"name": name, "command": {"commandId": str(uuid4()), **command}}


def enrol(worker: UUID, cohort: UUID, **more: Any) -> dict[str, Any]:
    return item(
        "menteeEnrol",
        healthWorkerId=global_id("HealthWorker", worker),
        cohortId=str(cohort),
        area="RPA",
        **more,
    )


def log(mentorship: UUID, present: UUID) -> dict[str, Any]:
    return item(
        "sessionLog",
        mentorshipId=global_id("Mentorship", mentorship),
        mode="IN_PERSON",
        minutes=60,
        present=[global_id("HealthWorker", present)],
    )


async def test_a_batch_goes_in_one_request_for_each_run_of_a_service(
    gateway: RunningGateway,
) -> None:
    worker, cohort, mentorship = uuid4(), uuid4(), uuid4()
    commands = [
        enrol(worker, cohort),
        enrol(uuid4(), cohort),
        log(mentorship, worker),
        enrol(uuid4(), cohort),
    ]
    payload = (await gateway.ask(BATCH, commands=commands))["commandBatch"]
    assert [r["outcome"] for r in payload["results"]] == ["RECORDED"] * 4
    assert [r["commandId"] for r in payload["results"]] == [
        c["command"]["commandId"] for c in commands
    ]
    assert (payload["recorded"], payload["refused"]) == (4, 0)
    first, second, third = gateway.services.requests
    assert [len(body) for _, body in (first, second, third)] == [2, 1, 1]
    assert first[1][0]["command"]["healthWorkerId"] == str(worker)
    assert first[1][0]["command"]["cohortId"] == str(cohort)
    assert second[1][0]["command"]["present"] == [str(worker)]


async def test_what_earlier_items_wrote_elsewhere_is_waited_for(gateway: RunningGateway) -> None:
    commands = [enrol(uuid4(), uuid4()), log(uuid4(), uuid4()), enrol(uuid4(), uuid4())]
    payload = (await gateway.ask(BATCH, commands=commands))["commandBatch"]
    enrolled, logged, _ = payload["results"]
    _, second, third = gateway.services.requests
    assert second[1][0]["command"]["after"] == enrolled["positions"]
    assert third[1][0]["command"]["after"] == logged["positions"]


async def test_one_bad_item_never_loses_its_neighbours(gateway: RunningGateway) -> None:
    gateway.services.decide = lambda _name, command: (
        refusal("MENTEE_ENROLLED_ALREADY", 422, "Twice.") if command.get("area") == "BAD" else None
    )
    commands = [
        enrol(uuid4(), uuid4()),
        item("noSuchCommand"),
        {"name": "menteeEnrol", "command": "no object"},
        item("menteeEnrol", healthWorkerId=global_id("Mentee", uuid4()), area="RPA"),
        {**(bad := enrol(uuid4(), uuid4())), "command": {**bad["command"], "area": "BAD"}},
        item("menteeEnrol", surplus=1),
        log(uuid4(), uuid4()),
    ]
    payload = (await gateway.ask(BATCH, commands=commands))["commandBatch"]
    assert [r["outcome"] for r in payload["results"]] == ["RECORDED", *["REFUSED"] * 5, "RECORDED"]
    codes = [[e["code"] for e in r["userErrors"]] for r in payload["results"]]
    assert codes == [
        [],
        ["UNKNOWN_COMMAND"],
        ["MALFORMED"],
        ["WRONG_ID_KIND"],
        ["MENTEE_ENROLLED_ALREADY"],
        ["MALFORMED"],
        [],
    ]


async def test_items_of_a_service_that_is_away_are_to_be_sent_again(
    gateway: RunningGateway,
) -> None:
    gateway.services.away.add("sessions")
    commands = [enrol(uuid4(), uuid4()), log(uuid4(), uuid4()), enrol(uuid4(), uuid4())]
    payload = (await gateway.ask(BATCH, commands=commands))["commandBatch"]
    assert [r["outcome"] for r in payload["results"]] == ["RECORDED", "UNANSWERED", "RECORDED"]
    assert payload["results"][1]["userErrors"][0]["code"] == "UNAVAILABLE"


async def test_a_batch_has_an_end(gateway: RunningGateway) -> None:
    commands = [item("noSuchCommand") for _ in range(501)]
    answer = await gateway.send(BATCH, commands=commands)
    assert answer["errors"][0]["extensions"]["code"] == "BATCH_TOO_LARGE"


@pytest.mark.parametrize("case", ["none", "expired", "foreign", "nonsense"])
async def test_without_a_good_token_there_is_no_operation(
    gateway: RunningGateway, case: str, tmp_path: Any
) -> None:
    headers = {
        "none": {},
        "expired": {"Authorization": f"Bearer {gateway.token('x', timedelta(hours=-1))}"},
        "foreign": {"Authorization": f"Bearer {DevelopmentIssuer(tmp_path).mint('x')}"},
        "nonsense": {"Authorization": "Bearer nonsense"},
    }[case]
    response = await gateway.client.post(
        f"{gateway.url}/graphql", json={"query": "{ __typename }"}, headers=headers
    )
    assert response.status_code == 401
    assert response.headers["www-authenticate"] == "Bearer"
    (error,) = response.json()["errors"]
    assert error["extensions"]["code"] == "UNAUTHENTICATED"
    assert error["extensions"]["remedy"]
    assert error["extensions"]["traceId"]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("{", "MALFORMED"),
        ('[{"query": "{ __typename }"}]', "MALFORMED"),
        ('{"query": 1}', "MALFORMED"),
        ('{"query": "{"}', "GRAPHQL_PARSE_FAILED"),
        ('{"query": "{ nothing }"}', "GRAPHQL_VALIDATION_FAILED"),
        ('{"query": "{ mentees(first: 1000000) { nodes { id } } }"}', "FIRST_OUT_OF_RANGE"),
        ('{"query": "query Q($f: Int!) { mentees(first: $f) { nodes { id } } }"}',
         "BAD_USER_INPUT"),
    ],
)  # fmt: skip
async def test_bad_requests_have_codes(gateway: RunningGateway, body: str, code: str) -> None:
    response = await gateway.client.post(
        f"{gateway.url}/graphql",
        content=body,
        headers={
            "Authorization": f"Bearer {gateway.token('x')}",
            "Content-Type": "application/json",
        },
    )
    (error,) = response.json()["errors"]
    assert error["extensions"]["code"] == code
    assert error["extensions"]["traceId"]


async def test_an_operation_says_what_it_cost_and_may_not_cost_too_much(
    gateway: RunningGateway,
) -> None:
    cheap = await gateway.send("{ orgUnits(first: 10) { nodes { id } } }")
    assert cheap["extensions"]["cost"]["requested"] == 11
    assert cheap["extensions"]["cost"]["limit"] > cheap["extensions"]["cost"]["available"]
    dear = await gateway.send(
        "{ orgUnits(first: 100) { nodes { children(first: 100) { nodes { "
        "children(first: 100) { nodes { id } } } } } } }"
    )
    assert dear["errors"][0]["extensions"]["code"] == "COST_LIMIT"
    assert dear["data"] is None


async def test_a_document_may_not_be_too_deep_or_too_wide(gateway: RunningGateway) -> None:
    deep = "{ node(id: 1) " + "{ ... on OrgUnit { parent " * 16 + "{ id }" + "} }" * 16 + " }"
    wide = "{ " + " ".join(f"a{i}: __typename" for i in range(60)) + " }"
    for document in (deep, wide):
        answer = await gateway.send(document)
        assert answer["errors"][0]["extensions"]["code"] == "QUERY_TOO_LARGE"
    long = "{ " + " ".join("__typename" for _ in range(6000)) + " }"
    answer = await gateway.send(long)
    assert answer["errors"][0]["extensions"]["code"] == "GRAPHQL_PARSE_FAILED"


async def test_the_console_is_there_in_development_and_put_carries_no_operation(
    gateway: RunningGateway,
) -> None:
    page = await gateway.client.get(f"{gateway.url}/graphql", headers={"Accept": "text/html"})
    assert page.status_code == 200
    assert "GraphiQL" in page.text
    got = await gateway.client.put(f"{gateway.url}/graphql", json={"query": "{ __typename }"})
    assert got.status_code == 405
    assert got.json()["errors"][0]["extensions"]["code"] == "METHOD_NOT_ALLOWED"


async def test_health_names_each_part(gateway: RunningGateway) -> None:
    gateway.services.away.add("sessions")
    response = await gateway.client.get(f"{gateway.url}/health/ready")
    parts = response.json()["parts"]
    assert response.status_code == 503
    assert parts["database"]["ready"]
    assert parts["readModels"]["ready"]
    assert parts["registry"]["ready"]
    assert not parts["sessions"]["ready"]
    assert (await gateway.client.get(f"{gateway.url}/health/live")).status_code == 200
    metrics = await gateway.client.get(f"{gateway.url}/metrics")
    assert "mshauri_graphql_operations_total" in metrics.text

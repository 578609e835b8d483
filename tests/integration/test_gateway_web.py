"""The web's manners: who may call from another origin, compressed answers, a request's id."""

import json
from collections.abc import AsyncIterator, Mapping
from uuid import uuid4

import httpx
import pytest
import pytest_asyncio

from services.gateway.projections import ORG_UNIT
from tests.support.gateway import OPERATOR, SINCE, RunningGateway, hash_of, running_gateway
from tests.support.servers import PostgresServer

DASHBOARD = "https://dashboard.example"
ELSEWHERE = "https://elsewhere.example"
QUERY = "{ orgUnits(first: 1) { nodes { id } } }"
MUCH = "{ __schema { types { name description } } }"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def gateway(
    postgres: PostgresServer, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[RunningGateway]:
    """A gateway for all tests here, that one other origin may call."""
    name = f"test_{uuid4().hex}"
    url = await postgres.create_database(name)
    directory = tmp_path_factory.mktemp("gateway")
    async with running_gateway(url, directory, origins=(DASHBOARD,)) as running:
        yield running
    await postgres.drop_database(name)


pytestmark = pytest.mark.asyncio(loop_scope="module")


async def asked(gateway: RunningGateway, query: str = QUERY, **headers: str) -> httpx.Response:
    token = {"Authorization": f"Bearer {gateway.token(OPERATOR)}"}
    return await gateway.client.post(
        f"{gateway.url}/graphql", json={"query": query}, headers={**token, **headers}
    )


async def preflight(gateway: RunningGateway, origin: str, **more: str) -> httpx.Response:
    headers: Mapping[str, str] = {
        "Origin": origin,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization,content-type,accept-language,"
        "x-mshauri-purpose",
        **more,
    }
    return await gateway.client.options(f"{gateway.url}/graphql", headers=headers)


async def test_a_page_whose_origin_is_named_may_call(gateway: RunningGateway) -> None:
    first = await preflight(gateway, DASHBOARD)
    assert first.status_code == 200
    assert first.headers["access-control-allow-origin"] == DASHBOARD
    assert "authorization" in first.headers["access-control-allow-headers"].lower()
    answer = await asked(gateway, Origin=DASHBOARD)
    assert answer.headers["access-control-allow-origin"] == DASHBOARD
    assert "x-request-id" in answer.headers["access-control-expose-headers"].lower()
    assert answer.json()["data"]


async def test_a_page_of_another_origin_may_not_and_nobody_is_allowed_credentials(
    gateway: RunningGateway,
) -> None:
    first = await preflight(gateway, ELSEWHERE)
    assert first.status_code == 400
    assert "access-control-allow-origin" not in first.headers
    answer = await asked(gateway, Origin=ELSEWHERE)
    assert "access-control-allow-origin" not in answer.headers
    for response in (first, answer, await preflight(gateway, DASHBOARD)):
        assert "access-control-allow-credentials" not in response.headers


@pytest.mark.parametrize("encoding", ["zstd", "br", "gzip"])
async def test_a_long_answer_is_compressed_as_its_asker_can_read_it(
    gateway: RunningGateway, encoding: str
) -> None:
    whole = await asked(gateway, MUCH, **{"Accept-Encoding": "identity"})
    assert "content-encoding" not in whole.headers
    small = await asked(gateway, MUCH, **{"Accept-Encoding": encoding})
    assert small.headers["content-encoding"] == encoding
    assert int(small.headers["content-length"]) < len(whole.content) / 4
    assert small.json()["data"] == whole.json()["data"]


async def test_a_short_answer_is_not_worth_it(gateway: RunningGateway) -> None:
    assert "content-encoding" not in (await asked(gateway, **{"Accept-Encoding": "gzip"})).headers


async def test_every_answer_bears_the_id_that_logs_and_errors_have(
    gateway: RunningGateway,
) -> None:
    trace = "4bf92f3577b34da6a3ce929d0e0e4736"
    answer = await asked(gateway, "{", traceparent=f"00-{trace}-00f067aa0ba902b7-01")
    assert answer.headers["x-request-id"] == trace
    assert answer.json()["errors"][0]["extensions"]["traceId"] == trace
    nobody = await gateway.client.post(f"{gateway.url}/graphql", json={"query": QUERY})
    assert nobody.status_code == 401
    assert len(nobody.headers["x-request-id"]) == 32


async def test_a_query_may_come_by_get_and_a_mutation_may_not(gateway: RunningGateway) -> None:
    token = {"Authorization": f"Bearer {gateway.token(OPERATOR)}"}
    url = f"{gateway.url}/graphql"
    read = await gateway.client.get(url, params={"query": QUERY}, headers=token)
    assert read.json()["data"]["orgUnits"] == {"nodes": []}
    mutation = "mutation { orgUnitEstablish(input: {}) { id } }"
    write = await gateway.client.get(url, params={"query": mutation}, headers=token)
    assert write.status_code in {400, 405}
    assert gateway.services.requests == []


async def named(
    gateway: RunningGateway, query: str = QUERY, *, by: str = OPERATOR, **headers: str
) -> httpx.Response:
    """Ask by GET, naming the document alone."""
    token = {"Authorization": f"Bearer {gateway.token(by)}"}
    return await gateway.client.get(
        f"{gateway.url}/graphql",
        params={"documentId": f"sha256:{hash_of(query)}"},
        headers={**token, **headers},
    )


async def remembered(gateway: RunningGateway, query: str = QUERY) -> None:
    """Send a document with its hash, as Apollo's clients do when it is not known."""
    token = {"Authorization": f"Bearer {gateway.token(OPERATOR)}"}
    said = {"persistedQuery": {"version": 1, "sha256Hash": hash_of(query)}}
    answer = await gateway.client.post(
        f"{gateway.url}/graphql", json={"query": query, "extensions": said}, headers=token
    )
    assert answer.json()["data"]


async def test_a_document_that_was_sent_with_its_hash_is_named_by_it_from_then_on(
    gateway: RunningGateway,
) -> None:
    query = "query Remembered { orgUnits(first: 2) { nodes { id } } }"
    unknown = await named(gateway, query)
    (error,) = unknown.json()["errors"]
    assert (unknown.status_code, error["message"]) == (200, "PersistedQueryNotFound")
    assert error["extensions"]["code"] == "PERSISTED_QUERY_NOT_FOUND"
    await remembered(gateway, query)
    assert (await named(gateway, query)).json()["data"] == {"orgUnits": {"nodes": []}}
    token = {"Authorization": f"Bearer {gateway.token(OPERATOR)}"}
    by_apollo = await gateway.client.get(
        f"{gateway.url}/graphql",
        params={
            "extensions": json.dumps(
                {"persistedQuery": {"version": 1, "sha256Hash": hash_of(query)}}
            )
        },
        headers=token,
    )
    assert by_apollo.json()["data"] == {"orgUnits": {"nodes": []}}


async def test_a_document_under_another_ones_hash_is_refused(gateway: RunningGateway) -> None:
    token = {"Authorization": f"Bearer {gateway.token(OPERATOR)}"}
    for body, code in (
        ({"query": QUERY, "documentId": hash_of("{ __typename }")}, "DOCUMENT_HASH_MISMATCH"),
        ({"documentId": "the one with the units"}, "BAD_DOCUMENT_ID"),
    ):
        answer = await gateway.client.post(f"{gateway.url}/graphql", json=body, headers=token)
        assert answer.status_code == 400
        assert answer.json()["errors"][0]["extensions"]["code"] == code
    assert (await named(gateway, "{ __typename }")).json()["errors"]


async def test_what_a_client_has_already_is_not_sent_again(gateway: RunningGateway) -> None:
    await remembered(gateway)
    first = await named(gateway)
    tag = first.headers["etag"]
    assert first.headers["cache-control"] == "private, no-cache"
    assert {"Authorization", "Accept-Language"} <= set(first.headers["vary"].split(", "))
    again = await named(gateway, **{"If-None-Match": tag})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    # What it cost is told beside, and is no part of it.
    assert (await named(gateway)).headers["etag"] == tag
    await gateway.insert(
        ORG_UNIT, id=uuid4(), code="WONDERLAND", name="Wonderland", unit_kind="COUNTRY",
        state="ACTIVE", since=SINCE, predecessors=[], successors=[], record_version=1, position=1,
    )  # fmt: skip
    changed = await named(gateway, **{"If-None-Match": tag})
    assert changed.status_code == 200
    assert changed.headers["etag"] != tag
    assert len(changed.json()["data"]["orgUnits"]["nodes"]) == 1


async def test_one_readers_tag_says_nothing_of_what_another_reads(gateway: RunningGateway) -> None:
    nothing = "query Nothing { mentees(first: 1) { nodes { id } } }"
    await remembered(gateway, nothing)
    tag = (await named(gateway, nothing)).headers["etag"]
    other = await named(gateway, nothing, by="somebody@test", **{"If-None-Match": tag})
    assert other.status_code == 200
    assert other.headers["etag"] != tag
    french = await named(gateway, nothing, **{"If-None-Match": tag, "Accept-Language": "fr"})
    assert french.status_code == 200


async def test_a_read_that_names_no_document_and_one_that_failed_have_no_tag(
    gateway: RunningGateway,
) -> None:
    assert "etag" not in (await asked(gateway)).headers
    wrong = 'query Wrong { orgUnits(first: 1, after: "x") { nodes { id } } }'
    token = {"Authorization": f"Bearer {gateway.token(OPERATOR)}"}
    said = {"persistedQuery": {"version": 1, "sha256Hash": hash_of(wrong)}}
    await gateway.client.post(
        f"{gateway.url}/graphql", json={"query": wrong, "extensions": said}, headers=token
    )
    failed = await named(gateway, wrong)
    assert failed.json()["errors"]
    assert "etag" not in failed.headers


async def test_every_answer_tells_what_is_left_to_spend(gateway: RunningGateway) -> None:
    answer = await asked(gateway)
    cost = answer.json()["extensions"]["cost"]
    assert answer.headers["ratelimit-policy"] == '"cost";q=200000;w=10'
    left, soon = answer.headers["ratelimit"].removeprefix('"cost";r=').split(";t=")
    assert cost["available"] <= int(left) <= cost["limit"]
    assert 0 <= int(soon) <= 10


async def test_who_spent_all_is_told_in_how_long_to_ask_again(gateway: RunningGateway) -> None:
    assert gateway.gateway._parts is not None
    gateway.gateway._parts.buckets.debit("spender@test", 10_000_000)
    token = {"Authorization": f"Bearer {gateway.token('spender@test')}"}
    answer = await gateway.client.post(
        f"{gateway.url}/graphql", json={"query": QUERY}, headers=token
    )
    (error,) = answer.json()["errors"]
    assert error["extensions"]["code"] == "RATE_LIMITED"
    assert answer.headers["retry-after"] == str(error["extensions"]["params"]["wait"])
    assert answer.headers["ratelimit"].startswith('"cost";r=0;t=')

"""The web's manners: who may call from another origin, compressed answers, a request's id."""

from collections.abc import AsyncIterator, Mapping
from uuid import uuid4

import httpx
import pytest
import pytest_asyncio

from tests.support.gateway import OPERATOR, RunningGateway, running_gateway
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

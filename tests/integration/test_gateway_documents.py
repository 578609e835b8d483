"""An installation that carries out the documents on file, and no other."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
import pytest_asyncio
import websockets

from services.gateway.graphql.persisted import UnreadableDocuments, documents_in
from shared.runtime.settings import BadSettings, GatewaySettings, read_settings
from tests.support.gateway import OPERATOR, RunningGateway, hash_of, running_gateway
from tests.support.servers import PostgresServer

ON_FILE = "query OnFile { orgUnits(first: 1) { nodes { id } } }"
OTHER = "query Other { orgUnits(first: 1) { nodes { id name } } }"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def gateway(
    postgres: PostgresServer, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[RunningGateway]:
    """A gateway with one document on file."""
    name = f"test_{uuid4().hex}"
    url = await postgres.create_database(name)
    directory = tmp_path_factory.mktemp("gateway")
    documents = directory / "documents.json"
    documents.write_text(json.dumps({hash_of(ON_FILE): ON_FILE}))
    async with running_gateway(url, directory, documents=documents) as running:
        yield running
    await postgres.drop_database(name)


pytestmark = pytest.mark.asyncio(loop_scope="module")


async def posted(gateway: RunningGateway, **body: Any) -> httpx.Response:
    token = {"Authorization": f"Bearer {gateway.token(OPERATOR)}"}
    return await gateway.client.post(f"{gateway.url}/graphql", json=body, headers=token)


async def test_what_is_on_file_is_carried_out_by_its_name_or_its_text(
    gateway: RunningGateway,
) -> None:
    for body in ({"documentId": hash_of(ON_FILE)}, {"query": ON_FILE}):
        assert (await posted(gateway, **body)).json()["data"] == {"orgUnits": {"nodes": []}}


async def test_nothing_else_is_carried_out_nor_remembered(gateway: RunningGateway) -> None:
    with_hash = {"persistedQuery": {"version": 1, "sha256Hash": hash_of(OTHER)}}
    for body in (
        {"query": OTHER},
        {"documentId": hash_of(OTHER)},
        {"query": OTHER, "extensions": with_hash},
        {"extensions": with_hash},
    ):
        answer = await posted(gateway, **body)
        assert answer.status_code == 403
        assert "data" not in answer.json()
        assert answer.json()["errors"][0]["extensions"]["code"] == "DOCUMENT_REQUIRED"


async def test_a_socket_is_no_way_around_it(gateway: RunningGateway) -> None:
    url = gateway.url.replace("http", "ws") + "/graphql"
    async with websockets.connect(url, subprotocols=["graphql-transport-ws"]) as socket:  # type: ignore[list-item]
        token = {"authorization": f"Bearer {gateway.token(OPERATOR)}"}
        await socket.send(json.dumps({"type": "connection_init", "payload": token}))
        assert json.loads(await socket.recv())["type"] == "connection_ack"
        for id, payload in (("1", {"query": OTHER}), ("2", {"documentId": hash_of(ON_FILE)})):
            await socket.send(json.dumps({"type": "subscribe", "id": id, "payload": payload}))
        refused, answered = json.loads(await socket.recv()), json.loads(await socket.recv())
    assert (refused["id"], refused["type"]) == ("1", "error")
    assert refused["payload"][0]["extensions"]["code"] == "DOCUMENT_REQUIRED"
    assert answered["payload"]["data"] == {"orgUnits": {"nodes": []}}


async def test_a_file_of_documents_may_be_relays_or_apollos(tmp_path: Path) -> None:
    relays = tmp_path / "relay.json"
    relays.write_text(json.dumps({hash_of(ON_FILE): ON_FILE}))
    apollos = tmp_path / "apollo.json"
    operation = {"id": hash_of(ON_FILE), "name": "OnFile", "type": "query", "body": ON_FILE}
    apollos.write_text(
        json.dumps(
            {
                "format": "apollo-persisted-query-manifest",
                "version": 1,
                "operations": [operation],
            }
        )
    )
    assert documents_in(relays) == documents_in(apollos) == {hash_of(ON_FILE): ON_FILE}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{", "cannot be read as JSON"),
        ("{}", "holds no documents"),
        ("[]", "holds no documents"),
        ('{"md5": "query { a }"}', "md5 is not the SHA-256 of its text"),
        (json.dumps({hash_of(ON_FILE): OTHER}), "is not the SHA-256 of its text"),
        (json.dumps({hash_of(ON_FILE): None}), "is not the SHA-256 of its text"),
    ],
)
async def test_a_file_that_is_none_says_what_is_wrong_with_it(
    tmp_path: Path, text: str, says: str
) -> None:
    file = tmp_path / "documents.json"
    file.write_text(text)
    with pytest.raises(UnreadableDocuments, match=says):
        documents_in(file)


async def test_documents_alone_want_a_file_of_them(gateway: RunningGateway) -> None:
    given = gateway.settings.model_dump(exclude={"documents"}) | {"documents_alone": True}
    with pytest.raises(BadSettings, match=r"MSHAURI_DOCUMENTS_ALONE is wrong: .*no file"):
        read_settings(GatewaySettings, given)

"""Over HTTP: a refusal in the language that its sender asks for, from service to client."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
import pytest_asyncio

from services.gateway.graphql.ids import global_id
from services.registry.app import service as registry
from tests.conftest import OwnBroker
from tests.support.gateway import RunningGateway, refusal, running_gateway
from tests.support.services import OPERATOR, Asked, running

ABSENT = {"en": "There is no", "fr": "Il n'existe pas", "sw": "Hakuna", "rw": "Nta"}


@pytest_asyncio.fixture
async def asked(database: str, own_broker: OwnBroker, tmp_path: Path) -> AsyncIterator[Asked]:
    broker = await own_broker()
    async with running(
        registry, database=database, broker=broker.address, directory=tmp_path
    ) as service:
        yield service


@pytest_asyncio.fixture
async def gateway(database: str, tmp_path: Path) -> AsyncIterator[RunningGateway]:
    async with running_gateway(database, tmp_path) as gateway:
        yield gateway


def rename() -> dict[str, Any]:
    return {"commandId": str(uuid4()), "orgUnitId": str(uuid4()), "name": "Kigali"}


async def test_a_service_refuses_in_the_language_asked_for(asked: Asked) -> None:
    for language, beginning in ABSENT.items():
        headers = {**asked.bearer(OPERATOR), "Accept-Language": f"{language}-XX, en;q=0.1"}
        answer = await asked.client.post("/commands/orgUnitRename", json=rename(), headers=headers)
        problem = answer.json()
        assert (answer.status_code, problem["code"]) == (404, "NOT_FOUND")
        assert problem["field"] == "orgUnitId"
        assert problem["detail"].startswith(beginning)
        assert problem["params"]["kind"] == "OrgUnit"
        assert answer.headers["content-language"] == language
        assert "Accept-Language" in answer.headers["vary"]


async def test_each_of_a_batch_is_refused_in_the_language_asked_for(asked: Asked) -> None:
    items = [{"name": "orgUnitRename", "command": rename()}, {"name": "explode", "command": {}}]
    headers = {**asked.bearer(OPERATOR), "Accept-Language": "sw"}
    answer = await asked.client.post("/commands", json=items, headers=headers)
    absent, unknown = (outcome["problem"] for outcome in answer.json())
    assert (absent["code"], unknown["code"]) == ("NOT_FOUND", "UNKNOWN_COMMAND")
    assert absent["detail"].startswith("Hakuna OrgUnit")
    assert unknown["detail"] == "Hakuna amri 'explode' hapa."


RENAME = """
mutation Rename($input: OrgUnitRenameInput!) {
  orgUnitRename(input: $input) { userErrors { code message field remedy } }
}
"""


async def sent(
    gateway: RunningGateway, document: str, language: str, **variables: Any
) -> httpx.Response:
    return await gateway.client.post(
        f"{gateway.url}/graphql",
        json={"query": document, "variables": variables},
        headers={
            "Authorization": f"Bearer {gateway.token('operator@test')}",
            "Accept-Language": language,
        },
    )


async def test_the_gateway_asks_its_services_in_the_clients_language(
    gateway: RunningGateway,
) -> None:
    gateway.services.decide = lambda _name, _command: refusal("NOT_FOUND", 404, "Hakuna.")
    unit = global_id("OrgUnit", uuid4())
    answer = await sent(gateway, RENAME, "sw-KE", input={**rename(), "orgUnitId": unit})
    (error,) = answer.json()["data"]["orgUnitRename"]["userErrors"]
    assert (error["code"], error["message"]) == ("NOT_FOUND", "Hakuna.")
    assert gateway.services.headers[-1]["accept-language"] == "sw"
    assert answer.headers["content-language"] == "sw"
    assert "Accept-Language" in answer.headers["vary"]


@pytest.mark.parametrize(
    ("language", "message"),
    [
        ("en", "'nonsense' is not the id of a OrgUnit."),
        ("fr", "'nonsense' n'est pas l'identifiant d'un objet OrgUnit."),
        ("rw", "'nonsense' si nimero iranga OrgUnit."),
    ],
)
async def test_what_the_gateway_itself_refuses_is_said_in_the_clients_language(
    gateway: RunningGateway, language: str, message: str
) -> None:
    answer = await sent(gateway, RENAME, language, input={**rename(), "orgUnitId": "nonsense"})
    (error,) = answer.json()["data"]["orgUnitRename"]["userErrors"]
    assert (error["code"], error["field"]) == ("WRONG_ID_KIND", "orgUnitId")
    assert error["message"] == message


async def test_a_fault_is_said_in_the_clients_language_with_its_code(
    gateway: RunningGateway,
) -> None:
    answer = await sent(gateway, '{ orgUnit(id: "nonsense") { id } }', "sw")
    (error,) = answer.json()["errors"]
    assert error["extensions"]["code"] == "WRONG_ID_KIND"
    assert error["message"] == "'nonsense' si kitambulisho cha OrgUnit."
    assert error["extensions"]["remedy"].startswith("Toa kitambulisho")


async def test_a_request_without_a_token_is_refused_in_its_language(
    gateway: RunningGateway,
) -> None:
    answer = await gateway.client.post(
        f"{gateway.url}/graphql",
        json={"query": "{ labels { text } }"},
        headers={"Accept-Language": "fr"},
    )
    assert answer.status_code == 401
    (error,) = answer.json()["errors"]
    assert error["extensions"]["code"] == "UNAUTHENTICATED"
    assert error["message"].startswith("Le jeton d'accès n'a pas été accepté")
    assert answer.headers["content-language"] == "fr"


async def test_labels_are_given_in_the_clients_language(gateway: RunningGateway) -> None:
    texts = {}
    for language in ABSENT:
        answer = await sent(gateway, "{ labels { enum value text } }", language)
        labels = {
            (each["enum"], each["value"]): each["text"] for each in answer.json()["data"]["labels"]
        }
        texts[language] = labels["Mode", "IN_PERSON"]
    assert texts == {
        "en": "In person",
        "fr": "En personne",
        "sw": "Ana kwa ana",
        "rw": "Imbonankubone",
    }

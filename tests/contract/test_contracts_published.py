"""The committed schemas: current, valid, and true of what goes over the wire."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import msgspec
import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]
from ruamel.yaml import YAML

from shared.bus.envelope import encode
from shared.bus.topics import topic_of
from shared.contracts.asyncapi import HEADERS, as_yaml
from shared.contracts.base import SERVICES, commands, events
from shared.contracts.schema import documents, event_file
from shared.ledger import Entry
from shared.positions import PARTITIONS
from tests.support.goldens import every, read

DIRECTORY = Path(__file__).parents[2] / "docs" / "contracts"
RENEW = "run make schema"

DOCUMENTS = documents()
ASYNCAPI = YAML(typ="safe").load(as_yaml())


@pytest.mark.parametrize("path", DOCUMENTS)
def test_a_committed_schema_is_what_its_contract_says_today(path: str) -> None:
    assert (DIRECTORY / path).exists(), RENEW
    assert (DIRECTORY / path).read_text() == DOCUMENTS[path], RENEW


def test_the_committed_asyncapi_document_is_current() -> None:
    assert (DIRECTORY / "asyncapi.yaml").read_text() == as_yaml(), RENEW


def test_no_schema_is_left_of_what_is_no_more() -> None:
    older = {event_file(e.topic, v) for e in events.values() for v in range(1, e.version)}
    there = {path.relative_to(DIRECTORY).as_posix() for path in DIRECTORY.rglob("*.json")}
    assert there <= older | DOCUMENTS.keys()


@pytest.mark.parametrize("path", DOCUMENTS)
def test_a_schema_is_valid(path: str) -> None:
    Draft202012Validator.check_schema(schema(path))


def test_every_command_and_event_has_a_schema() -> None:
    assert len(DOCUMENTS) == len(commands) + len(events)


@pytest.mark.parametrize("path", every(), ids=lambda path: path.stem)
def test_what_is_recorded_is_as_the_schema_of_its_version_says(path: Path) -> None:
    golden = read(path)
    says = schema(event_file(golden.topic, golden.schema_version))
    Draft202012Validator(says).validate(golden.content)


def test_a_personal_field_in_clear_is_against_the_schema() -> None:
    golden = next(read(path) for path in every() if "health_worker.registered" in path.name)
    says = Draft202012Validator(schema(event_file(golden.topic, golden.schema_version)))
    faults = says.iter_errors(golden.content | {"givenNames": "Grace"})
    assert [fault.json_path for fault in faults] == ["$.givenNames"]


def test_a_command_with_an_unknown_field_is_against_the_schema() -> None:
    says = Draft202012Validator(schema("registry/commands/orgUnitRename.json"))
    command = {"commandId": str(uuid4()), "orgUnitId": str(uuid4()), "name": "Huye"}
    assert says.is_valid(command)
    assert not says.is_valid(command | {"nmae": "Huye"})


def schema(path: str) -> dict[str, Any]:
    """Return a schema by its path: as today's contract says it, or as an older one did."""
    text = DOCUMENTS.get(path) or (DIRECTORY / path).read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


# ── AsyncAPI ────────────────────────────────────────────────────────────────────────────────────


def test_each_service_speaks_on_the_topic_the_bus_gives_it() -> None:
    channels = ASYNCAPI["channels"]
    assert {name: channel["address"] for name, channel in channels.items()} == {
        service: topic_of(service) for service in SERVICES
    }
    assert {c["bindings"]["kafka"]["partitions"] for c in channels.values()} == {PARTITIONS}


def test_each_event_is_a_message_of_its_services_channel() -> None:
    named = {name: list(c["messages"]) for name, c in ASYNCAPI["channels"].items()}
    # Who looked is on no bus: the gateway keeps its ledger, and reads it there.
    published = {topic for topic in events if not topic.startswith("access.")}
    assert {topic for topics in named.values() for topic in topics} == published
    for service, topics in named.items():
        assert all(topic.startswith(f"{service}.") for topic in topics)


def test_the_headers_are_those_the_bus_writes() -> None:
    entry = Entry(
        position=1,
        epoch=1,
        id=uuid4(),
        stream=uuid4(),
        kind="session",
        version=1,
        key=uuid4(),
        topic="sessions.session.held",
        recorded=datetime(2020, 10, 1, tzinfo=UTC),
        command_id=uuid4(),
        meta=b"{}",
        payload=b"{}",
        hash=bytes(32),
    )
    written = {name: value.decode() for name, value in encode("sessions", entry).headers}
    assert list(written) == list(HEADERS)
    headers = Draft202012Validator(ASYNCAPI["components"]["schemas"]["Headers"])
    headers.validate(written)


def test_every_reference_leads_somewhere() -> None:
    for reference in references(ASYNCAPI):
        file, _, inside = reference.partition("#")
        here = ASYNCAPI if not file else json.loads((DIRECTORY / file).read_text())
        for step in filter(None, inside.split("/")):
            here = here[step]
        assert here


def references(node: Any) -> Iterator[str]:
    """Yield every `$ref` of a document."""
    if isinstance(node, dict):
        for key, value in node.items():
            if key == "$ref":
                yield value
            else:
                yield from references(value)
    elif isinstance(node, list):
        for part in node:
            yield from references(part)


def test_the_meta_schema_is_that_of_every_events_circumstances() -> None:
    meta = ASYNCAPI["components"]["schemas"]["Meta"]
    assert set(msgspec.json.decode(msgspec.json.encode(meta["required"]))) == {
        "actor",
        "occurredOn",
        "correlationId",
        "causationId",
    }

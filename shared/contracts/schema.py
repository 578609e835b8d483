"""JSON Schema of every command and event, as the wire knows them: draft 2020-12, one file each.

`make schema` writes them below `docs/contracts`. What a schema cannot say of itself stands in `x-`
members: `x-ref` (whose id a field is), `x-personal`, `x-sealed` (what a sealed field holds),
`x-subject` (whose key seals it; `record`: its record's own), `x-roles` (who may ask a command).
"""

from collections.abc import Iterator
from typing import Any, get_args, get_type_hints

import msgspec
from msgspec import Struct

import shared.contracts.access
import shared.contracts.registry
import shared.contracts.sessions
import shared.contracts.validation  # noqa: F401 - importing them fills `events` and `commands`
from shared.contracts.base import Command, Event, camel, commands, events, marks, personal_fields

DIALECT = "https://json-schema.org/draft/2020-12/schema"

SEALED = {
    "title": "Sealed",
    "description": "A value that only the person's key opens: AES-GCM over its JSON, the nonce "
    "first, bound to the event's id and the field's name.",
    "type": "object",
    "properties": {"sealed": {"type": "string", "contentEncoding": "base64"}},
    "required": ["sealed"],
    "additionalProperties": False,
}

Schema = dict[str, Any]


def event_file(topic: str, version: int) -> str:
    """Return the file of an event's schema: `registry/events/health_worker.registered.v1.json`."""
    service, _, rest = topic.partition(".")
    return f"{service}/events/{rest}.v{version}.json"


def command_file(name: str) -> str:
    """Return the file of a command's schema: `registry/commands/menteeEnrol.json`."""
    return f"{commands[name].service}/commands/{name}.json"


def event_schema(event: type[Event]) -> Schema:
    """Return the schema of an event's payload, as the ledger keeps it and the bus carries it."""
    schema = _schema_of(event, f"urn:mshauri:event:{event.topic}:v{event.version}", event.topic)
    wire = dict(zip(event.__struct_fields__, event.__struct_encode_fields__, strict=True))
    for name in map(wire.__getitem__, personal_fields(event)):
        clear = schema["properties"][name]
        schema["properties"][name] = {
            "description": clear.pop("description", "Personal data."),
            "allOf": [{"$ref": "#/$defs/Sealed"}],
            "x-personal": clear.pop("x-personal"),
            "x-sealed": clear,
        }
        schema["$defs"] = {"Sealed": SEALED} | schema.get("$defs", {})
    if event.subject:
        schema["x-subject"] = camel(event.subject)
    return schema


def command_schema(name: str) -> Schema:
    """Return the schema of what is sent to `POST /commands/{name}`."""
    command = commands[name]
    schema = _schema_of(command, f"urn:mshauri:command:{name}", name)
    schema["x-service"] = command.service
    schema["x-record"] = command.record
    schema["x-roles"] = sorted(command.roles)
    return schema


def documents() -> dict[str, str]:
    """Return every schema file's text, by its path below `docs/contracts`."""
    made = {event_file(e.topic, e.version): event_schema(e) for e in events.values()}
    made |= {command_file(name): command_schema(name) for name in commands}
    return {path: _text(schema) for path, schema in sorted(made.items())}


def _schema_of(struct: type[Event] | type[Command], id: str, title: str) -> Schema:
    _, parts = msgspec.json.schema_components([struct], ref_template="#/$defs/{name}")
    for part in _structs(struct):
        _mark(part, parts[part.__name__])
    whole = _without_pairs(parts.pop(struct.__name__))
    whole["description"] = " ".join(whole["description"].split("\n"))
    schema = {"$schema": DIALECT, "$id": id, **whole, "title": title}
    if parts:
        schema["$defs"] = {name: _without_pairs(part) for name, part in sorted(parts.items())}
    return schema


def _mark(struct: type[Struct], schema: Schema) -> None:
    hints = get_type_hints(struct, include_extras=True)
    wire = zip(struct.__struct_fields__, struct.__struct_encode_fields__, strict=True)
    for name, property in wire:
        for mark, value in marks(hints[name]).items():
            schema["properties"][property][f"x-{mark}"] = value


def _structs(annotation: Any) -> Iterator[type[Struct]]:
    """Yield the structs that a type is made of, itself and those within."""
    if isinstance(annotation, type) and issubclass(annotation, Struct):
        yield annotation
        for hint in get_type_hints(annotation, include_extras=True).values():
            yield from _structs(hint)
    for part in get_args(annotation):
        yield from _structs(part)


def _without_pairs(schema: Any) -> Any:
    """Spell a tuple of like items as an array of that length, as every draft understands it."""
    if isinstance(schema, list):
        return [_without_pairs(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    if "prefixItems" in schema:
        first, *others = schema["prefixItems"]
        if any(other != first for other in others):
            msg = "a contract's tuple has items of one type; make it a struct"
            raise TypeError(msg)
        schema = {**schema, "items": first}
        del schema["prefixItems"]
    return {key: _without_pairs(value) for key, value in schema.items()}


def _text(schema: Schema) -> str:
    return msgspec.json.format(msgspec.json.encode(schema), indent=2).decode() + "\n"

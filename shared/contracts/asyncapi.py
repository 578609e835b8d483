"""The events of every service as an AsyncAPI 3.0 document: which topic, which key, which headers.

It names what `shared.bus` does, in words for whoever reads the bus from outside; contracts import
nothing of ours, so a contract test holds the two to each other.
"""

from inspect import getdoc
from io import StringIO
from typing import Any

import msgspec
from ruamel.yaml import YAML
from ruamel.yaml.scalarstring import LiteralScalarString

from shared.contracts.base import SERVICES, Event, events, in_order
from shared.contracts.envelope import Meta
from shared.contracts.schema import event_file

PARTITIONS = 24

HEADERS = {
    "ce_specversion": {"const": "1.0"},
    "ce_id": {"format": "uuid", "description": "The event's id."},
    "ce_source": {"description": "`/mshauri/{service}`: whose ledger it stands in."},
    "ce_type": {"description": "What happened: the message's name."},
    "ce_subject": {"description": "`{kind}/{id}` of the record whose stream it is in."},
    "ce_time": {"format": "date-time", "description": "When the ledger took it, UTC."},
    "content-type": {"const": "application/json"},
    "ce_position": {
        "pattern": "^[0-9]+$",
        "description": "Its place in the service's ledger: 1, 2, 3, … without a gap.",
    },
    "ce_epoch": {
        "pattern": "^[0-9]+$",
        "description": "Raised when a restored backup begins a new history.",
    },
    "ce_streamversion": {
        "pattern": "^[0-9]+$",
        "description": "Its place in its stream: 1, 2, 3, … without a gap.",
    },
    "ce_partitionkey": {
        "format": "uuid",
        "description": "The health worker the event is about; else its stream, or for a session "
        "the mentorship.",
    },
    "ce_commandid": {"format": "uuid", "description": "The command that asked for it."},
    "ce_meta": {
        "contentMediaType": "application/json",
        "description": "Who, when and why, as hashed: see the schema Meta. Its `schemaVersion` "
        "is the version of the payload's shape, 1 if left out.",
    },
    "ce_hash": {
        "pattern": "^[0-9a-f]{64}$",
        "description": "SHA-256 over this event and its stream's whole past.",
    },
}
"""The record's headers, each UTF-8 text, in the order they are written in."""

KEY = {
    "type": "string",
    "format": "uuid",
    "description": "The same as ce_partitionkey: one person is one partition on every topic.",
}

DESCRIPTION = """\
What happened, as it is recorded: each record is one event of one service's ledger, in the binary
mode of CloudEvents 1.0. The order of a partition is the order of the ledger; a record may come
more than once, and ce_id, or ce_subject with ce_streamversion, tell that it does. Personal fields
are sealed with a key of the person's own."""


def document() -> dict[str, Any]:
    """Return the AsyncAPI document; schemas are named by their files beside it."""
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Mshauri events",
            "version": "1",
            "description": LiteralScalarString(DESCRIPTION),
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": "application/json",
        "channels": {service: _channel(service) for service in SERVICES},
        "operations": {f"{service}Record": _operation(service) for service in SERVICES},
        "components": {
            "messages": {
                event.topic: _message(event)
                for service in SERVICES
                for event in _events_of(service)
            },
            "schemas": {"Headers": _headers(), **_meta()},
        },
    }


def as_yaml() -> str:
    """Return the document as it is committed."""
    yaml = YAML()
    yaml.default_flow_style = False
    yaml.width = 100
    out = StringIO()
    yaml.dump(document(), out)
    return out.getvalue()


def _channel(service: str) -> dict[str, Any]:
    return {
        "address": f"mshauri.{service}.v1",
        "description": f"Every event of the {service} service, from its first on.",
        "messages": {
            event.topic: {"$ref": f"#/components/messages/{event.topic}"}
            for event in _events_of(service)
        },
        "bindings": {
            "kafka": {
                "partitions": PARTITIONS,
                "topicConfiguration": {"cleanup.policy": ["delete"], "retention.ms": -1},
                "bindingVersion": "0.5.0",
            }
        },
    }


def _operation(service: str) -> dict[str, Any]:
    return {
        "action": "send",
        "channel": {"$ref": f"#/channels/{service}"},
        "summary": f"The relay publishes what the {service} service recorded.",
        "messages": [
            {"$ref": f"#/channels/{service}/messages/{event.topic}"}
            for event in _events_of(service)
        ],
    }


def _message(event: type[Event]) -> dict[str, Any]:
    summary, _, rest = (getdoc(event) or "").partition("\n\n")
    return {
        "name": event.topic,
        "title": event.__name__,
        "summary": summary.replace("\n", " "),
        **({"description": rest.replace("\n", " ")} if rest else {}),
        "contentType": "application/json",
        "headers": {"$ref": "#/components/schemas/Headers"},
        "payload": {"$ref": f"./{event_file(event.topic, event.version)}"},
        "bindings": {"kafka": {"key": KEY, "bindingVersion": "0.5.0"}},
    }


def _headers() -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {name: {"type": "string", **says} for name, says in HEADERS.items()},
        "required": list(HEADERS),
    }


def _meta() -> dict[str, Any]:
    _, schemas = msgspec.json.schema_components([Meta], ref_template="#/components/schemas/{name}")
    schemas["Meta"]["description"] = " ".join(schemas["Meta"]["description"].split("\n"))
    return schemas


def _events_of(service: str) -> list[type[Event]]:
    return [event for topic, event in in_order(events).items() if topic.startswith(f"{service}.")]

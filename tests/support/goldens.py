"""Golden files: one payload of every version of every event, as it was when that version was new.

What was recorded stays readable for ever, so a golden file is never edited. A new event, or a new
version of one, gets its file from the story: `python -m tests.support.goldens` writes those that
are missing, and no other.
"""

import base64
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct

from shared.contracts.base import Event, events
from shared.privacy.payload import Keys, encode_event, subject_of
from shared.privacy.sealing import DataKey
from tests.support.story import STORY, id_of
from tests.support.story_looked import LOOKED

DIRECTORY = Path(__file__).parents[1] / "contract" / "golden"


class Golden(Struct, frozen=True, rename="camel", omit_defaults=True):
    """A recorded event, with what it takes to read it.

    Attributes:
        subject: the person whose key seals it or, of no one person, its record.
        key: of its subject, in base64; made for the file, it opens nothing else.
    """

    topic: str
    schema_version: int
    event_id: UUID
    payload: msgspec.Raw
    subject: UUID | None = None
    key: str | None = None

    @property
    def keys(self) -> Keys:
        """The keys at hand."""
        if self.subject is None or self.key is None:
            return {}
        return {self.subject: DataKey(base64.b64decode(self.key))}

    @property
    def content(self) -> dict[str, Any]:
        """The payload as JSON says it."""
        content: dict[str, Any] = msgspec.json.decode(self.payload)
        return content

    @property
    def canonical(self) -> bytes:
        """The payload's bytes as the ledger has them; the file is indented for people."""
        return msgspec.json.format(bytes(self.payload), indent=-1)


def file_of(topic: str, version: int) -> Path:
    """Return where the golden of a version of an event is."""
    return DIRECTORY / f"{topic}.v{version}.json"


def read(path: Path) -> Golden:
    """Return what a golden file holds."""
    return msgspec.json.decode(path.read_bytes(), type=Golden)


def every() -> list[Path]:
    """Return all golden files."""
    return sorted(DIRECTORY.glob("*.json"))


def made_of(event: Event) -> Golden:
    """Record an event of the story."""
    event_id, record = id_of(event.topic), id_of(f"record of {event.topic}")
    subject = subject_of(event, record)
    key = DataKey.generate()
    payload = encode_event(event, event_id, {subject: key} if subject else {}, record)
    return Golden(
        topic=event.topic,
        schema_version=event.version,
        event_id=event_id,
        payload=msgspec.Raw(payload),
        subject=subject,
        key=base64.b64encode(key.secret).decode() if subject else None,
    )


def write_missing() -> None:
    """Write a golden for every event's newest version that has none."""
    # Of several in the story, the one that says the most.
    told = {
        told.body.topic: told.body
        for told in sorted([*STORY, *LOOKED], key=lambda told: len(msgspec.json.encode(told.body)))
    }
    for event in events.values():
        path = file_of(event.topic, event.version)
        if not path.exists():
            text = msgspec.json.format(msgspec.json.encode(made_of(told[event.topic])), indent=2)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text + b"\n")


if __name__ == "__main__":
    write_missing()

"""A bundle of evidence as a file: what stands in it, and how it is sealed.

    manifest.json             who asked, about whom, when, and the SHA-256 of every other file
    report.html, report.pdf   the same for people to read
    events.jsonl              a line an event: its statement in the log, and what the ledger stores
    proofs.json               that each is in its log, and that the log continues an earlier one
    checkpoints/SERVICE.note  each log's checkpoint, with what witnesses cosigned
    since/SERVICE.note        the earlier checkpoint, where one was asked for
    keys.json                 what opens the sealed fields that whoever asked may read
    rules.json                the programme versions and checklists in force
    signature                 a log's signature over the manifest

An event whose content is withheld stands as its statement alone: the key of a person, where it is
enclosed, opens nothing more than what is in the bundle. It is judged by `mshauri_verify`, which
shares no code with this but how the archive is written.
"""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct

from shared.evidence.mshauri_verify import (
    EVENTS,
    FORMAT,
    KEYS,
    MANIFEST,
    PROOFS,
    RULES,
    SIGNATURE,
    zipped,
)
from shared.ledger import Entry
from shared.privacy.sealing import DataKey
from shared.proof.statement import statement_of

REPORT, REPORT_PDF = "report.html", "report.pdf"


class Withheld(StrEnum):
    """Why an event stands as its statement alone."""

    PRIVATE = "private"
    """It is between two people."""
    SCOPE = "scope"
    """It happened where whoever asked may not look, or may not read personal fields."""
    ERASED = "erased"
    """What it said in clear, before such fields were sealed, is of somebody who was erased."""
    CERTIFICATE = "certificate"
    """Whoever checks a certificate is told what its number stands for, and no more."""


class Told(Struct, frozen=True, kw_only=True):
    """An event of a bundle."""

    service: str
    entry: Entry
    withheld: Withheld | None = None


class Proven(Struct, frozen=True, kw_only=True):
    """What one service's log proves.

    Attributes:
        checkpoint: the signed note.
        inclusion: the proof of each position.
        since: the earlier checkpoint that was asked for, as it was given.
        consistency: that the log continues it.
        keys: the log's public keys.
    """

    checkpoint: bytes
    inclusion: dict[int, list[bytes]]
    since: bytes | None = None
    consistency: list[bytes] = []
    keys: list[str] = []


class Rule(Struct, frozen=True, kw_only=True):
    """Rules in force, by the event that published them: it is among the bundle's events."""

    kind: str
    id: UUID
    code: str
    version: int
    service: str
    position: int
    says: Any


class Occasion(Struct, frozen=True, kw_only=True):
    """Why a bundle is made: what its manifest says of it.

    Attributes:
        kind: `mentee` or `certificate`.
        about: whom or what it is about, by ids and numbers.
        period: the days that were asked for, if any were.
    """

    kind: str
    about: dict[str, Any]
    asked_by: str
    made_at: datetime
    period: dict[str, str | None] | None = None
    language: str = "en"


def in_order(events: Sequence[Told]) -> list[Told]:
    """Return events as they were recorded: positions count in one service each."""
    return sorted(events, key=lambda one: (one.entry.recorded, one.service, one.entry.position))


@dataclass(frozen=True, slots=True)
class Draft:
    """A bundle that is written, and not sealed yet."""

    manifest: bytes
    files: Mapping[str, bytes]

    @property
    def digest(self) -> bytes:
        """What is sealed: the SHA-256 of the manifest."""
        return sha256(self.manifest).digest()

    def sealed(self, signature: bytes) -> bytes:
        """Return the file."""
        return zipped({MANIFEST: self.manifest, **self.files, SIGNATURE: signature})


def drafted(
    occasion: Occasion,
    events: Sequence[Told],
    proven: Mapping[str, Proven],
    keys: Mapping[str, Mapping[UUID, DataKey | None]],
    rules: Sequence[Rule],
    reports: Mapping[str, bytes],
) -> Draft:
    """Write a bundle.

    Args:
        events: in order.
        keys: by service and subject; None where one was destroyed.
        reports: what people read, by the file's name.
    """
    files: dict[str, bytes] = {
        **reports,
        EVENTS: b"".join(_line(told) for told in events),
        PROOFS: _json({service: _proof(one) for service, one in proven.items()}),
        **{f"checkpoints/{service}.note": one.checkpoint for service, one in proven.items()},
        **{f"since/{name}.note": one.since for name, one in proven.items() if one.since},
        KEYS: _json(
            {
                service: {str(s): _secret(k) for s, k in held.items()}
                for service, held in keys.items()
            }
        ),
        RULES: _json(msgspec.to_builtins(rules)),
    }
    withheld = sum(1 for told in events if told.withheld)
    manifest = _json(
        {
            "format": FORMAT,
            "kind": occasion.kind,
            "about": occasion.about,
            "period": occasion.period,
            "askedBy": occasion.asked_by,
            "madeAt": occasion.made_at.isoformat(),
            "language": occasion.language,
            "events": {"disclosed": len(events) - withheld, "withheld": withheld},
            "logKeys": sorted({key for one in proven.values() for key in one.keys}),
            "files": {name: sha256(content).hexdigest() for name, content in files.items()},
        }
    )
    return Draft(manifest, files)


def seal_text(manifest: bytes) -> str:
    """Return what is signed of a manifest.

    Its first line is no log's origin: nobody can take the signature for one of a checkpoint.

    Args:
        manifest: its SHA-256.
    """
    return f"{FORMAT}\n{manifest.hex()}\n"


def _line(told: Told) -> bytes:
    entry = told.entry
    statement = statement_of(entry).decode()
    if told.withheld:
        content = {"service": told.service, "statement": statement, "withheld": told.withheld.value}
    else:
        content = {
            "service": told.service,
            "statement": statement,
            "id": str(entry.id),
            "kind": entry.kind,
            "key": str(entry.key),
            "commandId": str(entry.command_id),
            "hash": entry.hash.hex(),
            "meta": _base64(entry.meta),
            "payload": _base64(entry.payload),
        }
    return msgspec.json.encode(content) + b"\n"


def _proof(proven: Proven) -> dict[str, Any]:
    told: dict[str, Any] = {
        "inclusion": {
            str(position): [_base64(one) for one in proof]
            for position, proof in proven.inclusion.items()
        }
    }
    if proven.since:
        told["consistency"] = [_base64(one) for one in proven.consistency]
    return told


def _secret(key: DataKey | None) -> str | None:
    return None if key is None else _base64(key.secret)


def _json(value: Any) -> bytes:
    return msgspec.json.format(msgspec.json.encode(value), indent=1) + b"\n"


def _base64(raw: bytes) -> str:
    return b64encode(raw).decode()

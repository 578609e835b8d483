"""A command that a phone sent under an earlier release is the same command under this one.

Its fingerprint is over its fields. `commands.json` has those that every command began with, for
ever; a field that came after is marked `later`, and has no part in it where it says nothing.
`python -m tests.contract.test_fingerprints_hold` writes down commands that are new.
"""

import json
from hashlib import sha256
from pathlib import Path
from typing import get_type_hints
from uuid import UUID

import msgspec
import pytest

import shared.contracts.registry
import shared.contracts.sessions
import shared.contracts.validation  # noqa: F401  # all are in `commands` then
from shared.contracts.base import Command, commands, marks
from shared.contracts.sessions.session import SessionVoid
from shared.deciding.fingerprints import fingerprint_of

KEPT = Path(__file__).with_name("commands.json")


def first_fields(kind: type[Command]) -> list[str]:
    """Return the fields that have always a part in the fingerprint, in their order."""
    hints = get_type_hints(kind, include_extras=True)
    return [
        info.encode_name
        for info in msgspec.structs.fields(kind)
        if not marks(hints[info.name]).get("later")
    ]


@pytest.mark.parametrize("name", json.loads(KEPT.read_text()))
def test_a_command_has_the_fields_it_began_with(name: str) -> None:
    assert first_fields(commands[name]) == json.loads(KEPT.read_text())[name], (
        "mark a new field of a command with `later()`"
    )


def test_every_command_is_written_down() -> None:
    missing = [name for name in commands if name not in json.loads(KEPT.read_text())]
    assert not missing, "run python -m tests.contract.test_fingerprints_hold"


def test_the_fingerprint_is_what_it_was_before_there_was_any_later_field() -> None:
    id = UUID("0199f0c4-0000-7000-8000-000000000001")
    command = SessionVoid(command_id=id, session_id=id, reason="Twice.", after=["sessions.7.1"])
    asked = (
        f'{{"commandId":"{id}","expectedVersion":null,"occurredOn":null,"device":null,'
        f'"onBehalfOf":null,"reason":"Twice.","after":null,"sessionId":"{id}"}}'
    )
    before = sha256(b"\0".join((b"sessionVoid", b"nurse", asked.encode()))).digest()
    assert fingerprint_of(command, "nurse") == before


def test_a_later_field_that_says_something_makes_another_command() -> None:
    id = UUID("0199f0c4-0000-7000-8000-000000000001")
    command = SessionVoid(command_id=id, session_id=id)
    tried = SessionVoid(command_id=id, session_id=id, dry_run=True)
    assert fingerprint_of(command, "nurse") != fingerprint_of(tried, "nurse")


if __name__ == "__main__":
    kept = json.loads(KEPT.read_text()) if KEPT.exists() else {}
    kept |= {name: first_fields(kind) for name, kind in commands.items() if name not in kept}
    KEPT.write_text(json.dumps(dict(sorted(kept.items())), indent=1) + "\n")

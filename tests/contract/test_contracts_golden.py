"""What was recorded stays readable: payloads of every version, read by the classes of today."""

from pathlib import Path
from typing import Any, ClassVar
from uuid import uuid4

import msgspec
import pytest

from shared.contracts.base import Event, HealthWorkerId, PersonalText, events
from shared.privacy.payload import UndecodableEvent, decode_event, encode_event, subject_of
from shared.privacy.sealing import DataKey, bound_to, is_sealed, seal, unseal
from tests.support.goldens import Golden, every, file_of, read

every_golden = pytest.mark.parametrize("path", every(), ids=lambda path: path.stem)


@pytest.mark.parametrize("event", events.values(), ids=events.keys())
def test_every_version_of_every_event_has_a_golden_file(event: type[Event]) -> None:
    missing = [v for v in range(1, event.version + 1) if not file_of(event.topic, v).exists()]
    assert not missing, f"{event.topic} v{missing}: run python -m tests.support.goldens"


@every_golden
def test_every_golden_file_is_of_an_event_that_is_known(path: Path) -> None:
    golden = read(path)
    assert path == file_of(golden.topic, golden.schema_version)
    assert golden.schema_version <= events[golden.topic].version


@every_golden
def test_what_was_recorded_is_read_today(path: Path) -> None:
    golden = read(path)
    event = decoded(golden)
    assert type(event) is events[golden.topic]
    # What was said in clear has no key; what is said like it today has.
    subject = subject_of(event, golden.subject or golden.event_id)
    keys = golden.keys or ({subject: KEY} if subject else {})
    again = encode_event(event, golden.event_id, keys, subject)
    assert decode_event(event.topic, event.version, again, golden.event_id, keys, subject) == event


@every_golden
def test_what_is_recorded_today_is_written_as_it_was(path: Path) -> None:
    golden = read(path)
    if golden.schema_version < events[golden.topic].version:
        return  # it is written in its newer shape
    again = encode_event(decoded(golden), golden.event_id, golden.keys, golden.subject)
    assert opened(golden, again) == opened(golden, golden.canonical)


def decoded(golden: Golden) -> Event:
    """Return the event, as today's class has it."""
    return decode_event(
        golden.topic,
        golden.schema_version,
        golden.canonical,
        golden.event_id,
        golden.keys,
        golden.subject,
    )


def opened(golden: Golden, payload: bytes) -> bytes:
    """Return the payload with its seals opened: they differ each time, what is in them does not."""
    content: dict[str, Any] = msgspec.json.decode(payload)
    for name, value in content.items():
        if is_sealed(value):
            (key,) = golden.keys.values()
            assert key is not None
            content[name] = unseal(value, key, bound_to(golden.event_id, name))
    return msgspec.json.encode(content)


# ── lifting an older shape: no event has one yet, so one is made here ───────────────────────────


class VisitPaid(Event, frozen=True, kw_only=True):
    """In version 1 its length was in hours; in version 2 the visitor's two names were one."""

    topic: ClassVar[str] = "tests.visit.paid"
    version: ClassVar[int] = 3
    subject: ClassVar[str | None] = "visitor_id"

    visitor_id: HealthWorkerId
    minutes: int
    given_names: PersonalText
    family_name: PersonalText

    @staticmethod
    def upcast_v1_v2(payload: dict[str, Any]) -> None:
        """Count minutes."""
        payload["minutes"] = payload.pop("hours") * 60

    @staticmethod
    def upcast_v2_v3(payload: dict[str, Any]) -> None:
        """Tell given names from the family name."""
        payload["givenNames"], _, payload["familyName"] = payload.pop("name").rpartition(" ")


@pytest.fixture
def _known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(events, VisitPaid.topic, VisitPaid)


VISITOR, EVENT_ID, KEY = uuid4(), uuid4(), DataKey.generate()


def recorded(**content: Any) -> bytes:
    """Return a payload with a sealed name, as an older release wrote it."""
    name = seal("Grace Mutoni", KEY, bound_to(EVENT_ID, "name"))
    return msgspec.json.encode({"visitorId": VISITOR, "name": name, **content})


@pytest.mark.usefixtures("_known")
@pytest.mark.parametrize(("version", "content"), [(1, {"hours": 2}), (2, {"minutes": 120})])
def test_an_older_payload_is_lifted_version_by_version(
    version: int, content: dict[str, int]
) -> None:
    event = decode_event(VisitPaid.topic, version, recorded(**content), EVENT_ID, {VISITOR: KEY})
    assert event == VisitPaid(
        visitor_id=VISITOR, minutes=120, given_names="Grace", family_name="Mutoni"
    )


@pytest.mark.usefixtures("_known")
def test_a_payload_newer_than_this_release_is_refused() -> None:
    with pytest.raises(UndecodableEvent, match="newer"):
        decode_event(VisitPaid.topic, 4, recorded(minutes=1), EVENT_ID, {VISITOR: KEY})

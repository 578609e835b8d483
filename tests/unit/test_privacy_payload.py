"""Events to payloads and back: what is sealed, what an erased person reads as, what cannot pass."""

import json
from collections.abc import Iterator
from datetime import date
from typing import Annotated, Any
from uuid import UUID, uuid4

import msgspec
import pytest

import shared.contracts.registry
import shared.contracts.sessions
import shared.contracts.validation  # noqa: F401  (the contracts register themselves)
from shared.contracts.base import (
    ITS_RECORD,
    Event,
    PersonalText,
    SealedSinceV2,
    Text,
    events,
    happened,
)
from shared.contracts.registry.health_worker import (
    HealthWorkerRegistered,
    HealthWorkerTransferred,
    Identifier,
)
from shared.contracts.registry.org_unit import OrgUnitRenamed
from shared.privacy.payload import (
    ERASED,
    KeyMissing,
    UndecodableEvent,
    check_contract,
    decode_event,
    encode_event,
    subject_in,
    subject_of,
)
from shared.privacy.sealing import DataKey, SealBroken

PERSON, EVENT = uuid4(), uuid4()
KEY = DataKey.generate()
REGISTERED = HealthWorkerRegistered(
    health_worker_id=PERSON,
    given_names="Espérance",
    family_name="Uwase",
    phone="+250 788 123 456",
    identifiers=(Identifier(system="NID", value="1199080012345678"),),
    cadre="Midwife",
    org_unit_id=UUID(int=5),
    since=date(2019, 10, 1),
)
TOPIC = HealthWorkerRegistered.topic


@pytest.fixture
def only_here() -> Iterator[None]:
    """Take the events that a test publishes back."""
    before = dict(events)
    yield
    events.clear()
    events.update(before)


def test_an_event_without_personal_fields_is_its_own_json() -> None:
    renamed = OrgUnitRenamed(name="Kigali", since=date(2020, 1, 1))
    payload = encode_event(renamed, EVENT, {})
    assert payload == msgspec.json.encode(renamed)
    assert subject_of(renamed) is None
    assert subject_in(OrgUnitRenamed.topic, payload) is None
    assert decode_event(OrgUnitRenamed.topic, 1, payload, EVENT, {}) == renamed


def test_personal_fields_are_sealed_whole_and_the_rest_stays_readable() -> None:
    content = json.loads(encode_event(REGISTERED, EVENT, {PERSON: KEY}))
    for name in ("givenNames", "familyName", "phone", "identifiers"):
        assert content[name].keys() == {"sealed"}
    assert content["cadre"] == "Midwife"
    assert content["healthWorkerId"] == str(PERSON)
    text = json.dumps(content)
    for secret in ("Esp", "Uwase", "788", "1199080012345678", "NID"):
        assert secret not in text


def test_with_the_persons_key_the_event_comes_back_equal() -> None:
    payload = encode_event(REGISTERED, EVENT, {PERSON: KEY})
    assert subject_of(REGISTERED) == subject_in(TOPIC, payload) == PERSON
    assert decode_event(TOPIC, 1, payload, EVENT, {PERSON: KEY}) == REGISTERED


def test_an_erased_person_reads_as_a_valid_event_that_says_so() -> None:
    payload = encode_event(REGISTERED, EVENT, {PERSON: KEY})
    erased = decode_event(TOPIC, 1, payload, EVENT, {PERSON: None})
    assert isinstance(erased, HealthWorkerRegistered)
    assert (erased.given_names, erased.family_name) == (ERASED, ERASED)
    assert erased.phone is None  # "[erased]" is no phone number
    assert erased.identifiers == ()
    assert erased.cadre == "Midwife"
    assert msgspec.json.decode(msgspec.json.encode(erased), type=HealthWorkerRegistered) == erased


def test_what_was_left_out_is_neither_sealed_nor_erased() -> None:
    bare = msgspec.structs.replace(REGISTERED, phone=None, identifiers=())
    payload = encode_event(bare, EVENT, {PERSON: KEY})
    assert "phone" not in json.loads(payload)
    assert decode_event(TOPIC, 1, payload, EVENT, {PERSON: KEY}) == bare


@pytest.mark.parametrize("keys", [{}, {PERSON: None}, {uuid4(): KEY}])
def test_nothing_personal_is_written_without_a_key(keys: dict[UUID, DataKey | None]) -> None:
    with pytest.raises(KeyMissing, match=str(PERSON)):
        encode_event(REGISTERED, EVENT, keys)


def test_a_key_that_was_not_fetched_is_no_erasure() -> None:
    """Or else a forgotten look-up would overwrite people in the read models."""
    payload = encode_event(REGISTERED, EVENT, {PERSON: KEY})
    with pytest.raises(KeyMissing, match=str(PERSON)):
        decode_event(TOPIC, 1, payload, EVENT, {})


def test_a_sealed_field_moved_to_another_event_or_field_does_not_open() -> None:
    keys = {PERSON: KEY}
    payload = encode_event(REGISTERED, EVENT, keys)
    with pytest.raises(SealBroken):
        decode_event(TOPIC, 1, payload, uuid4(), keys)
    content = json.loads(payload)
    content["givenNames"], content["familyName"] = content["familyName"], content["givenNames"]
    with pytest.raises(SealBroken, match=r"(givenNames|familyName)"):
        decode_event(TOPIC, 1, json.dumps(content).encode(), EVENT, keys)


def test_a_personal_field_in_clear_is_a_forgery() -> None:
    content = json.loads(encode_event(REGISTERED, EVENT, {PERSON: KEY})) | {"familyName": "Uwase"}
    with pytest.raises(SealBroken, match="familyName stands in clear") as broken:
        decode_event(TOPIC, 1, json.dumps(content).encode(), EVENT, {PERSON: KEY})
    assert "Uwase" not in str(broken.value)


@pytest.mark.parametrize(
    ("topic", "version", "payload", "told"),
    [
        ("registry.unheard.of", 1, b"{}", "no event registry.unheard.of"),
        (OrgUnitRenamed.topic, 2, b"{}", "v2 is newer than v1"),
        (OrgUnitRenamed.topic, 1, b"{}", "not as its contract says"),
        (OrgUnitRenamed.topic, 1, b'{"name": 7, "since": "2020-01-01"}', "`$.name`"),
        (OrgUnitRenamed.topic, 1, b"\xff", "not as its contract says"),
        (TOPIC, 1, b"[]", "not as its contract says"),
        (TOPIC, 1, b"", "not as its contract says"),
        (TOPIC, 1, b'{"phone": {"sealed": "AAAA"}}', "not as its contract says"),
        (TOPIC, 1, b'{"phone": {"sealed": "AA"}, "healthWorkerId": 7}', "not as its contract"),
    ],
)
def test_what_this_release_cannot_read_is_said_so(
    topic: str, version: int, payload: bytes, told: str
) -> None:
    with pytest.raises(UndecodableEvent) as undecodable:
        decode_event(topic, version, payload, EVENT, {})
    assert told in str(undecodable.value)


def test_the_error_of_a_bad_personal_value_does_not_repeat_it() -> None:
    keys = {PERSON: KEY}
    payload = encode_event(msgspec.structs.replace(REGISTERED, phone="not-a-phone"), EVENT, keys)
    with pytest.raises(UndecodableEvent) as undecodable:
        decode_event(TOPIC, 1, payload, EVENT, keys)
    assert "phone" in str(undecodable.value)
    assert "not-a-phone" not in str(undecodable.value)
    assert undecodable.value.__suppress_context__


def test_a_class_with_a_subject_and_nothing_personal_needs_no_key() -> None:
    moved = HealthWorkerTransferred(
        health_worker_id=PERSON,
        from_org_unit_id=UUID(int=1),
        org_unit_id=UUID(int=2),
        since=date(2020, 1, 1),
    )
    payload = encode_event(moved, EVENT, {})
    assert subject_of(moved) is subject_in(moved.topic, payload) is None


# ── shapes that changed ───────────────────────────────────────────────────────────────────────


@pytest.mark.usefixtures("only_here")
def test_an_older_shape_is_opened_and_then_lifted() -> None:
    @happened("test.person.named", subject="person_id")
    class NamedV1(Event, frozen=True, kw_only=True):
        person_id: UUID
        full_name: PersonalText
        nickname: PersonalText | None = None

    before = NamedV1(person_id=PERSON, full_name="Ann Lee", nickname="Annie")
    payload = encode_event(before, EVENT, {PERSON: KEY})
    del events["test.person.named"]

    @happened("test.person.named", subject="person_id", version=3)
    class NamedV3(Event, frozen=True, kw_only=True):
        person_id: UUID
        given_name: PersonalText
        family_name: PersonalText
        verified: bool

        @staticmethod
        def upcast_v1_v2(payload: dict[str, Any]) -> None:
            name = payload.pop("fullName")
            payload["givenName"], _, payload["familyName"] = name.partition(" ")
            payload["familyName"] = payload["familyName"] or name
            del payload["nickname"]

        @staticmethod
        def upcast_v2_v3(payload: dict[str, Any]) -> None:
            payload["verified"] = False

    assert subject_in("test.person.named", payload) == PERSON
    lifted = decode_event("test.person.named", 1, payload, EVENT, {PERSON: KEY})
    assert lifted == NamedV3(person_id=PERSON, given_name="Ann", family_name="Lee", verified=False)
    erased = decode_event("test.person.named", 1, payload, EVENT, {PERSON: None})
    assert erased == NamedV3(
        person_id=PERSON, given_name=ERASED, family_name=ERASED, verified=False
    )


@pytest.mark.usefixtures("only_here")
def test_what_was_personal_in_an_older_shape_still_asks_for_its_key() -> None:
    @happened("test.person.met", subject="person_id")
    class MetV1(Event, frozen=True, kw_only=True):
        person_id: UUID
        note: PersonalText

    payload = encode_event(MetV1(person_id=PERSON, note="tall"), EVENT, {PERSON: KEY})
    del events["test.person.met"]

    @happened("test.person.met", subject="person_id", version=2)
    class MetV2(Event, frozen=True, kw_only=True):
        person_id: UUID

        @staticmethod
        def upcast_v1_v2(payload: dict[str, Any]) -> None:
            del payload["note"]

    assert subject_in("test.person.met", payload) == PERSON
    assert decode_event("test.person.met", 1, payload, EVENT, {PERSON: KEY}) == MetV2(
        person_id=PERSON
    )


@pytest.mark.usefixtures("only_here")
def test_a_readable_value_that_looks_sealed_stays_what_it_is() -> None:
    """A client must not be able to make an event that nobody can read."""

    @happened("test.form.filled", subject="person_id")
    class Filled(Event, frozen=True, kw_only=True):
        person_id: UUID
        name: PersonalText
        answers: dict[str, str]

    filled = Filled(person_id=PERSON, name="Ann", answers={"sealed": "AAAA"})
    payload = encode_event(filled, EVENT, {PERSON: KEY})
    assert decode_event("test.form.filled", 1, payload, EVENT, {PERSON: KEY}) == filled


@pytest.mark.usefixtures("only_here")
def test_what_was_said_in_clear_before_is_read_until_its_key_is_destroyed() -> None:
    @happened("test.story.told", subject=ITS_RECORD, version=2, in_clear=1)
    class StoryTold(SealedSinceV2, frozen=True, kw_only=True):  # type: ignore[misc]
        story: PersonalText

    before = b'{"story": "It runs."}'
    for keys in ({}, {PERSON: KEY}):
        assert decode_event("test.story.told", 1, before, EVENT, keys, PERSON) == StoryTold(
            story="It runs."
        )
    erased = decode_event("test.story.told", 1, before, EVENT, {PERSON: None}, PERSON)
    assert erased == StoryTold(story=ERASED)
    with pytest.raises(SealBroken, match="stands in clear"):
        decode_event("test.story.told", 2, before, EVENT, {PERSON: KEY}, PERSON)


@pytest.mark.usefixtures("only_here")
def test_what_is_about_no_one_person_is_sealed_with_its_records_own_key() -> None:
    @happened("test.plan.agreed", subject="person_id")
    class PlanAgreed(Event, frozen=True, kw_only=True):
        person_id: UUID | None = None
        objectives: tuple[PersonalText, ...] = ()

    record = uuid4()
    nobodys, somebodys = (
        PlanAgreed(person_id=person, objectives=("To rest",)) for person in (None, PERSON)
    )
    for event, whose in ((nobodys, record), (somebodys, PERSON)):
        payload = encode_event(event, EVENT, {whose: KEY}, record)
        assert b"rest" not in payload
        assert subject_of(event, record) == whose
        assert subject_in("test.plan.agreed", payload, record) == whose
        assert decode_event("test.plan.agreed", 1, payload, EVENT, {whose: KEY}, record) == event


# ── what a contract must keep to ──────────────────────────────────────────────────────────────


@pytest.mark.parametrize("topic", sorted(events))
def test_every_contract_can_be_sealed_and_erased(topic: str) -> None:
    check_contract(events[topic])


class Address(msgspec.Struct, frozen=True):
    """Personal inside, and not marked outside."""

    street: PersonalText


Born = Annotated[date, msgspec.Meta(extra={"personal": True})]


@pytest.mark.usefixtures("only_here")
def test_a_contract_that_could_not_be_sealed_is_refused() -> None:
    @happened("test.nobody.named")
    class NobodyNamed(Event, frozen=True, kw_only=True):
        name: PersonalText

    @happened("test.address.given", subject="person_id")
    class AddressGiven(Event, frozen=True, kw_only=True):
        person_id: UUID
        addresses: tuple[Address, ...]
        note: Text

    @happened("test.person.born", subject="person_id")
    class PersonBorn(Event, frozen=True, kw_only=True):
        person_id: UUID
        born: Born

    with pytest.raises(TypeError, match="names no subject"):
        check_contract(NobodyNamed)
    with pytest.raises(TypeError, match="mark the field itself"):
        check_contract(AddressGiven)
    with pytest.raises(TypeError, match="no erased form"):
        check_contract(PersonBorn)

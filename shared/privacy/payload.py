"""An event's content as the ledger keeps it: JSON, each personal field sealed with a person's key.

    {"cadre": "Nurse", "familyName": {"sealed": "p0Q…"}, "orgUnitId": "0199…"}

Both functions are synchronous over keys fetched beforehand: ask `subject_of` (before encoding) or
`subject_in` (before decoding) whose they are: a person's or, where an event is about no one person,
its record's own. Once a person's key is destroyed, a personal field
reads as the first of these that its type admits: `ERASED`, None, an empty list; so what is decoded
is always a valid event, and an absent value (None) stays apart from an erased text.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, get_args, get_type_hints
from uuid import UUID

import msgspec

from shared.contracts.base import ITS_RECORD, Event, camel, events, marks, personal_fields
from shared.privacy.sealing import DataKey, SealBroken, bound_to, is_sealed, seal, unseal

ERASED = "[erased]"
"""What stands where a person's text stood."""

Keys = Mapping[UUID, DataKey | None]
"""The keys at hand, by subject. None: destroyed. A subject that is not in it was not asked for."""

_encoder = msgspec.json.Encoder()
_read_any = msgspec.json.Decoder(dict[str, Any]).decode


class UndecodableEvent(Exception):
    """An event that this release cannot read: another topic, a newer shape, a broken payload."""


class KeyMissing(LookupError):
    """A personal field needs a key that nobody fetched, or that was lost without being erased."""

    def __init__(self, subject: UUID | None) -> None:
        super().__init__(f"no key at hand for subject {subject}")


@dataclass(frozen=True, slots=True)
class _Plan:
    """How the events of one class are written and read, worked out once.

    Attributes:
        sealed: personal field, by wire name, and what it reads as once erased.
        subject: wire name of the field with the person's id; None: the record's own key seals.
    """

    kind: type[Event]
    sealed: dict[str, Any]
    subject: str | None
    read: Callable[[bytes], Event]
    read_subject: Callable[[bytes], UUID | None]


def encode_event(event: Event, event_id: UUID, keys: Keys, record: UUID | None = None) -> bytes:
    """Return the payload.

    Args:
        record: its record, whose own key seals what is about no one person.

    Raises:
        KeyMissing: the event has personal content and its person's key is not in `keys`, or
            destroyed: nothing personal is ever written in clear instead.
    """
    plan = _plan(type(event))
    if not plan.sealed:
        return _encoder.encode(event)
    content: dict[str, Any] = msgspec.to_builtins(event)
    personal = [name for name in plan.sealed if content.get(name) is not None]
    if personal:
        subject = subject_of(event, record)
        key = None if subject is None else keys.get(subject)
        if key is None:
            raise KeyMissing(subject)
        for name in personal:
            content[name] = seal(content[name], key, bound_to(event_id, name))
    return _encoder.encode(content)


def decode_event(
    topic: str,
    schema_version: int,
    payload: bytes,
    event_id: UUID,
    keys: Keys,
    record: UUID | None = None,
) -> Event:
    """Return the event, its personal fields opened, lifted to the newest shape of its class.

    Args:
        record: its record, whose own key seals what is about no one person.

    Raises:
        KeyMissing: a field is sealed and its person's key is not in `keys`.
        SealBroken: a sealed field was altered or moved, or a personal one stands in clear.
        UndecodableEvent: the topic or the shape is not known to this release.
    """
    plan = _plan_of(topic)
    current = schema_version == plan.kind.version
    if schema_version > plan.kind.version:
        msg = f"{topic} v{schema_version} is newer than v{plan.kind.version}, known here"
        raise UndecodableEvent(msg)
    try:
        if current and not plan.sealed:
            return plan.read(payload)
        content = _read_any(payload)
        names = plan.sealed if current else content
        in_clear = schema_version <= plan.kind.in_clear
        _open(plan, content, event_id, keys, record, names=names, in_clear=in_clear)
        for version in range(schema_version, plan.kind.version):
            getattr(plan.kind, f"upcast_v{version}_v{version + 1}")(content)
        if in_clear:
            _forget(plan, content, keys, record)
        return msgspec.convert(content, plan.kind)
    except msgspec.MsgspecError as problem:
        # A validation error's text may quote the value; only where it was is told.
        where = str(problem).rpartition(" - at ")[2] if " - at " in str(problem) else "its content"
        msg = f"{topic} v{schema_version} {event_id}: {where} is not as its contract says"
        raise UndecodableEvent(msg) from None


def subject_of(event: Event, record: UUID | None = None) -> UUID | None:
    """Return whose key `encode_event` needs; None if it needs none."""
    return about_whom(event, record) if _plan(type(event)).sealed else None


def about_whom(event: Event, record: UUID | None) -> UUID | None:
    """Return the person an event is about or, of no one person, its record."""
    subject = type(event).subject
    person: UUID | None = None if subject in (None, ITS_RECORD) else getattr(event, str(subject))
    return person or record


def subject_in(topic: str, payload: bytes, record: UUID | None = None) -> UUID | None:
    """Return whose key `decode_event` needs; None if it needs none. Reads that one field alone.

    Raises:
        UndecodableEvent: the topic is not known, or the payload is no JSON.
    """
    plan = _plan_of(topic)
    # An older shape may have sealed what the newest one no longer has.
    if not plan.sealed and plan.kind.version == 1:
        return None
    try:
        return plan.read_subject(payload) or (record if plan.sealed else None)
    except msgspec.MsgspecError:
        msg = f"{topic}: no subject can be read"
        raise UndecodableEvent(msg) from None


def about_whom_in(topic: str, payload: bytes, record: UUID) -> UUID:
    """Return the person a recorded event is about or, of no one person, its record.

    Raises:
        UndecodableEvent: as `subject_in` says.
    """
    try:
        return _plan_of(topic).read_subject(payload) or record
    except msgspec.MsgspecError:
        msg = f"{topic}: no subject can be read"
        raise UndecodableEvent(msg) from None


def check_contract(kind: type[Event]) -> None:
    """Hold an event class to what sealing needs: for a test over all contracts.

    Raises:
        TypeError: it has personal fields and no subject, a personal field with no erased form,
            or personal data inside a field that is not personal as a whole.
    """
    _plan(kind)


def _open(
    plan: _Plan,
    content: dict[str, Any],
    event_id: UUID,
    keys: Keys,
    record: UUID | None,
    *,
    names: Mapping[str, Any],
    in_clear: bool,
) -> None:
    """Open the sealed ones among `names`; in an older shape any field may have been one."""
    for name in [name for name in names if content.get(name) is not None]:
        value = content[name]
        if not is_sealed(value):
            if name in plan.sealed and not in_clear:
                raise SealBroken(f"{plan.kind.topic} {event_id}: {name} stands in clear")
            continue
        subject = msgspec.convert(content.get(plan.subject or "") or record, UUID)
        if subject not in keys:
            raise KeyMissing(subject)
        key = keys[subject]
        if key is None:
            content[name] = plan.sealed.get(name, ERASED)
            continue
        try:
            content[name] = unseal(value, key, bound_to(event_id, name))
        except SealBroken as problem:
            raise SealBroken(f"{plan.kind.topic} {event_id}: {name}: {problem}") from None


def _forget(plan: _Plan, content: dict[str, Any], keys: Keys, record: UUID | None) -> None:
    """Read what was said in clear as erased, too, once the key is destroyed that would seal it.

    The ledger has it for ever; whoever reads does not.
    """
    subject = msgspec.convert(content.get(plan.subject or ""), UUID | None) or record
    if subject is not None and keys.get(subject, ...) is None:
        content |= {name: gone for name, gone in plan.sealed.items() if content.get(name)}


def _plan_of(topic: str) -> _Plan:
    kind = events.get(topic)
    if kind is None:
        msg = f"no event {topic} is known to this release"
        raise UndecodableEvent(msg)
    return _plan(kind)


@cache
def _plan(kind: type[Event]) -> _Plan:
    hints = get_type_hints(kind, include_extras=True)
    personal = set(personal_fields(kind))
    for name in kind.__struct_fields__:
        if name not in personal and _holds_personal(hints[name]):
            msg = f"{kind.__name__}.{name} holds personal data: mark the field itself personal"
            raise TypeError(msg)
    if personal and kind.subject is None:
        msg = f"{kind.__name__} has personal fields and names no subject whose key seals them"
        raise TypeError(msg)
    wire = dict(zip(kind.__struct_fields__, kind.__struct_encode_fields__, strict=True))
    person = None if kind.subject == ITS_RECORD else kind.subject
    return _Plan(
        kind=kind,
        sealed={wire[name]: _erased(kind, name, hints[name]) for name in sorted(personal)},
        subject=wire[person] if person else None,
        read=msgspec.json.Decoder(kind).decode,
        read_subject=_subject_reader(person),
    )


def _erased(kind: type[Event], name: str, hint: Any) -> Any:
    candidates: tuple[Any, ...] = (ERASED, None, [])
    for candidate in candidates:
        try:
            msgspec.convert(candidate, hint)
        except msgspec.ValidationError:
            continue
        return candidate
    msg = f"{kind.__name__}.{name} has no erased form: make it a text, a list, or optional"
    raise TypeError(msg)


def _subject_reader(subject: str | None) -> Callable[[bytes], UUID | None]:
    if subject is None:
        return lambda _payload: None
    only = msgspec.defstruct("Subject", [(camel(subject), UUID | None, None)])
    decode = msgspec.json.Decoder(only).decode
    name = camel(subject)
    return lambda payload: getattr(decode(payload), name)


def _holds_personal(hint: Any) -> bool:
    """Look for the mark at any depth, through structs."""
    if marks(hint).get("personal"):
        return True
    if isinstance(hint, type) and issubclass(hint, msgspec.Struct):
        inner = get_type_hints(hint, include_extras=True).values()
        return any(_holds_personal(each) for each in inner)
    return any(_holds_personal(part) for part in get_args(hint))

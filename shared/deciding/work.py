"""One command's unit of work: what it reads, whether it may, and what it wants recorded."""

from asyncio import sleep
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from hashlib import sha256
from hmac import new as hmac
from time import monotonic
from typing import Generic, NamedTuple, TypeVar
from uuid import UUID

from msgspec.structs import replace

from shared.access.directory import Directory
from shared.access.grants import ROLES, Grant
from shared.access.policy import Actor, Place, Write, may_break_glass, must
from shared.contracts.base import Command, Event, wire_name
from shared.contracts.definition import Conduct
from shared.contracts.definition.conduct import Judgement
from shared.contracts.deviation import Waiver
from shared.contracts.envelope import Meta, encode_meta
from shared.contracts.registry.access_grant import AccessGrantGive, Role
from shared.deciding.claims import forms_of
from shared.deciding.facts import Facts
from shared.deciding.patience import patience
from shared.deciding.repository import Repository
from shared.domain import Aggregate, derived_id, new_id
from shared.domain.errors import (
    AccessDenied,
    AlreadyTaken,
    Conflict,
    Consequence,
    Finding,
    NotFound,
    OccurredInFuture,
    Refusal,
)
from shared.domain.findings import Findings
from shared.ledger import NewEvent, Receipt, StreamAppend, Transaction
from shared.privacy.keys import KeyStore
from shared.privacy.payload import Keys, about_whom, encode_event, subject_of
from shared.privacy.reasons import seal_reason

_GLANCE = 0.01
"""Seconds between two looks at what the directory has heard."""

Asked = TypeVar("Asked", bound=Command)
Kind = TypeVar("Kind", bound=Aggregate)


class Origin(NamedTuple):
    """What a command follows from.

    Attributes:
        correlation_id: shared by everything that one wish of a user set off.
        causation_id: the event that called for it; the command itself, where somebody wished it.
    """

    correlation_id: UUID
    causation_id: UUID


class ReasonMissing(Refusal):
    """What undoes, ends or moves something on says why."""

    code = "REASON_MISSING"
    template = "The command says no reason."
    remedy_template = "Say in `reason` why it is so."


class Work(Generic[Asked]):
    """Everything a handler needs, and nothing it does not: it sees no database and no bus.

    Deny by default: what was never allowed with `allow` is not recorded.

    Attributes:
        command: what is asked.
        actor: who asks.
        today: the day it is now, for whatever hangs on grants.
        day: when it occurred, in the field.
        now: this instant, in UTC.
        country: of which country is what does not tell, ISO 3166-1; None: nobody says.
        facts: the local views of other services' facts.
        afresh: aggregates are read from the ledger, not from memory.
        by_memory: whether an aggregate it read may be behind what others have recorded.
        destroyed: whose keys are destroyed before anything is recorded.
    """

    def __init__(
        self,
        command: Asked,
        *,
        actor: Actor,
        today: date,
        repository: Repository,
        directory: Directory,
        facts: Facts,
        claim_key: bytes,
        afresh: bool,
        country: str | None = None,
    ) -> None:
        self.command = command
        self.actor = actor
        self.today = today
        self.day = command.occurred_on or today
        self.now = datetime.now(UTC)
        self.facts = facts
        self.country = country
        self._repository = repository
        self._directory = directory
        self._claim_key = claim_key
        self.afresh = afresh
        self._tracked: dict[UUID, tuple[Aggregate, int]] = {}
        self._begun: set[UUID] = set()
        self._claims: dict[str, tuple[str, str]] = {}
        self._releases: list[str] = []
        self._findings: list[Findings] = []
        self._follows: list[Finding] = []
        self.by_memory = False
        self._recorded: list[Aggregate] = []
        self.destroyed: tuple[UUID, ...] = ()
        self._allowed = False
        self._at: UUID | None = None
        self._stands: dict[UUID, UUID | None] = {}
        self._within = ""

    def aside(self, day: date) -> "Work[Asked]":
        """Return a work for trying, as of another day, what is not recorded with this command.

        What is found in it is found of this command.
        """
        other = Work(
            replace(self.command, reason=self.command.reason or "Tried, not recorded."),
            actor=self.actor,
            today=self.today,
            repository=self._repository,
            directory=self._directory,
            facts=self.facts,
            claim_key=self._claim_key,
            afresh=self.afresh,
        )
        other.day = day
        other._findings, other._follows = self._findings, self._follows
        return other

    @contextmanager
    def part(self, path: str) -> Iterator[None]:
        """Have what is claimed and refused meanwhile name a part of the command, by its path."""
        before = self._within
        self._within = self._path_of(path)
        try:
            yield
        except Refusal as refused:
            named = refused.field
            if named is None or not named.startswith(self._within):
                refused.field = self._within if named is None else self._path_of(named)
            raise
        finally:
            self._within = before

    def _path_of(self, field: str) -> str:
        return f"{self._within}.{field}" if self._within else field

    def new_id(self, given: UUID | None, record: str) -> UUID:
        """Return the id the client made, or the one this command always makes."""
        return given or derived_id(record, self.command.command_id)

    async def find(self, kind: type[Kind], id: UUID) -> Kind | None:
        """Return an aggregate of this service, to read or to change; None if there is none."""
        if id in self._tracked:
            known = self._tracked[id][0]
            return known if isinstance(known, kind) else None
        found = await self._repository.find(kind, id, afresh=self.afresh)
        if found is not None:
            self.by_memory |= not (self.afresh or found.constant)
            self._tracked[id] = (found, found.version)
        return found

    async def find_rare(self, kind: type[Kind], id: UUID) -> Kind | None:
        """Return an aggregate that mostly is not there: that it is not may be a second old,
        unless the command says what it comes after.
        """
        told = self.afresh or self.command.after
        if not told and self._repository.was_absent(id):
            return None
        found = await self.find(kind, id)
        if found is None:
            self._repository.note_absent(id)
        return found

    async def get(self, kind: type[Kind], id: UUID, *, field: str) -> Kind:
        """Return an aggregate of this service, to read or to change.

        Raises:
            NotFound: there is none; the error names `field`.
        """
        found = await self.find(kind, id)
        if found is None:
            raise NotFound(field, kind=kind.__name__, id=id)
        return found

    async def records_of(self, person: UUID) -> list[UUID]:
        """Return every record here that is about a person alone: all under their key."""
        return await self._repository.streams_of(person)

    def destroy(self, subjects: Sequence[UUID]) -> None:
        """Have these keys destroyed, before it is recorded that they are."""
        self.destroyed = tuple(subjects)

    def add(self, aggregate: Aggregate) -> None:
        """Have a new aggregate recorded."""
        self._tracked[aggregate.id] = (aggregate, 0)
        self._begun.add(aggregate.id)

    def began(self, aggregate: Aggregate) -> bool:
        """Say whether this command begins the record."""
        return aggregate.id in self._begun

    def claim(self, key: str, *, field: str, what: str) -> None:
        """Make `key` this record's alone, in the same transaction.

        Args:
            field: the input it comes from, and `what` it is in words: what an error names.

        Raises:
            AlreadyTaken: another part of the command claims it.
        """
        at = self._path_of(field)
        if self._within and key in self._claims and self._claims[key][0] != at:
            raise AlreadyTaken(field, claim=what)
        self._claims[key] = (at, what)

    def claim_identifier(
        self, kind: str, value: str, *, field: str, what: str, secret: bool = False
    ) -> None:
        """Make an identifier this record's alone, however it is written; see `claim`.

        Args:
            kind: of what, such as `org_unit:code`.
            secret: it tells of a person: only the keyed hash of each of its forms is kept.
        """
        for form in forms_of(value):
            self.claim(f"{kind}:{self._hashed(form) if secret else form}", field=field, what=what)

    def release_identifier(self, kind: str, value: str, *, secret: bool = False) -> None:
        """Give an identifier back that this record claimed; see `claim_identifier`."""
        for form in forms_of(value):
            self.release(f"{kind}:{self._hashed(form) if secret else form}")

    def release(self, key: str) -> None:
        """Give a claim of a record that this command touches back, in the same transaction.

        What the same command claimed before is nobody's with it; what it claims after is its own.
        """
        self._claims.pop(key, None)
        self._releases.append(key)

    def findings(self, conduct: Conduct, waivers: Iterable[Waiver] = ()) -> Findings:
        """Return what takes in all that is found of the command, judged as a programme has set.

        Raises:
            ReasonMissing: a rule is waived, and the command does not say why.
        """
        waived = tuple(waivers)
        if waived:
            self.reason()
        findings = Findings(conduct, waived)
        self._findings.append(findings)
        return findings

    def tell(self, follows: Consequence) -> None:
        """Tell whoever tries the command what follows from it."""
        self._follows.append(Finding(follows, Judgement.COUNT))

    @property
    def found(self) -> list[Finding]:
        """All that was found so far: rules that are broken, what becomes of each, what follows."""
        broken = [finding for findings in self._findings for finding in findings.all]
        return [*broken, *self._follows]

    def tell_all(self, refused: Refusal) -> None:
        """Have a refusal bear all that was found before it."""
        if not refused.found:
            refused.found = (*self.found, Finding(refused, Judgement.REFUSE))

    def reason(self) -> str:
        """Return why the command is sent.

        Raises:
            ReasonMissing: it does not say.
        """
        reason = (self.command.reason or "").strip()
        if not reason:
            raise ReasonMissing("reason")
        return reason

    def must_have_come(self, day: date, field: str) -> None:
        """Refuse a day after the one on which the command occurred.

        Raises:
            OccurredInFuture: it is; the error names `field`.
        """
        if day > self.day:
            raise OccurredInFuture(field, occurred=day, today=self.day)

    def taken(self, error: AlreadyTaken) -> AlreadyTaken:
        """Say in the sender's words which of the claims is another record's."""
        field, what = self._claims[error.params["claim"]]
        return AlreadyTaken(field, claim=what)

    async def already_taken(self) -> list[AlreadyTaken]:
        """Return what is claimed, and is another record's: each thing once."""
        held = await self._repository.owners(self.claimed)
        return [
            self.taken(AlreadyTaken(claim=claim))
            for claim in {self._claims[claim]: claim for claim in held}.values()
        ]

    def at_hand(self, kind: type[Kind]) -> list[Kind]:
        """Return the aggregates of a kind that were read or begun so far."""
        return [one for one, _ in self._tracked.values() if isinstance(one, kind)]

    def stands(self, unit: UUID, parent: UUID | None) -> None:
        """Say where an org unit stands that this command begins: nobody else knows it yet."""
        self._stands[unit] = parent

    def _hashed(self, value: str) -> str:
        return hmac(self._claim_key, value.encode(), sha256).hexdigest()

    async def allow(
        self,
        *,
        at: UUID | None,
        programme: str | None = None,
        people: Iterable[UUID] = (),
        conveys: Role | None = None,
    ) -> None:
        """Ask the policy whether the actor may do this at an org unit.

        Args:
            people: whose own record it is: a grant over one's own reaches it if one is of them.

        Raises:
            AccessDenied: they may not.
        """
        path = () if at is None else await self._path(at)
        action = Write.of(type(self.command), conveys=conveys)
        place = Place(path=path, programme=programme, people=frozenset(people))
        must(self.actor, action, place, self.today)
        self._allowed = True
        self._at = at

    async def may_give(self, role: Role, *, at: UUID, programme: str | None) -> None:
        """Ask the policy whether the actor might give a role at an org unit: what the command leads
        to, though it is none on grants.

        Raises:
            AccessDenied: they might not.
        """
        place = Place(path=await self._path(at), programme=programme)
        must(self.actor, Write.of(AccessGrantGive, conveys=role), place, self.today)

    async def allow_in_emergency(self, *, at: UUID) -> None:
        """Ask the policy whether the actor may break the glass at an org unit that their grants do
        not reach.

        Raises:
            AccessDenied: they may not.
        """
        path = await self._path(at)
        held = [grant.org_unit_id for grant in self.actor.grants if grant.org_unit_id is not None]
        countries = {unit: top[-1] for unit in held if (top := await self._path(unit))}
        country = path[-1] if path else None
        if not may_break_glass(self.actor, country, countries, self.today):
            roles = [role for role, meaning in ROLES.items() if meaning.breaks_glass]
            raise AccessDenied(
                actor=self.actor.subject,
                action=wire_name(type(self.command)),
                roles=", ".join(roles),
            )
        self._allowed = True
        self._at = at

    def is_sender(self, subject: str) -> bool:
        """Say whether tokens of this subject are the sender's, too: it is theirs, or of the same
        person by what grants ever said.
        """
        same = subject == self.actor.subject
        return same or bool(self._directory.actor(subject).people & self.actor.people)

    async def reaching(self, at: UUID, programme: str) -> list[Grant]:
        """Return the sender's grants of today that reach an org unit, in a programme."""
        path = await self._path(at)
        return [
            grant
            for grant in self.actor.grants
            if grant.holds(self.today)
            and grant.over_person is None
            and (grant.org_unit_id is None or grant.org_unit_id in path)
            and grant.programme in (None, programme)
        ]

    async def _path(self, unit: UUID) -> tuple[UUID, ...]:
        if self.actor.operator or self.actor.policy:  # wherever it is, they may
            return ()
        if unit in self._stands:
            parent = self._stands[unit]
            return (unit, *(await self._path(parent) if parent is not None else ()))
        # A unit established a moment ago may not have come round the bus yet.
        path = self._directory.path_of(unit, self.today)
        if path:
            return path
        with patience().waiting() as left:
            end = monotonic() + left
            while not path and monotonic() < end:
                await sleep(_GLANCE)
                path = self._directory.path_of(unit, self.today)
        return path

    @property
    def claimed(self) -> tuple[str, ...]:
        """What is to be this record's alone, and was not given back by the same command."""
        return tuple(key for key in self._claims if key not in self._releases)

    def settle(self, receipt: Receipt) -> None:
        """Know from now on what was recorded; a repeated command has recorded nothing new.

        What it begins is read before it is known: begun anew by a repetition, it is of the version
        that was recorded, but decided on what is known by now.
        """
        for aggregate in self._recorded:
            begun = aggregate.id in self._begun
            if begun:
                self._repository.note_begun(aggregate.id)
            elif receipt.versions.get(aggregate.id) == aggregate.version:
                self._repository.remember(aggregate)

    async def keys(self, store: KeyStore) -> Keys:
        """Return the keys that seal what the new events say of people, and why.

        Raises:
            SubjectErased: an event would say something personal of somebody whose data was erased.
            Unavailable: the store does not answer.
        """
        new = [
            (aggregate.id, body)
            for aggregate, _ in self._tracked.values()
            if aggregate.has_recorded
            for body in aggregate.recorded
        ]
        wanted = {whose for record, body in new if (whose := subject_of(body, record))}
        forgotten: Keys = {}
        if self.command.reason is not None:
            # Who is forgotten is withdrawn and merged all the same: the record's own key seals why.
            about = {about_whom(body, record) or record for record, body in new}
            forgotten = {
                one: None for one, key in (await store.keys_for(about)).items() if key is None
            }
            wanted |= about - forgotten.keys()
            if forgotten:
                records = {record for record, _ in new}
                own = await store.keys_for(records)
                # Of a record that is theirs alone, its own key went with theirs.
                forgotten |= {one: None for one in records if own.get(one, ...) is None}
                wanted |= {_afterwards(one) if one in forgotten else one for one in records}
        return {**forgotten, **(await store.keys_for(wanted, create=True) if wanted else {})}

    def transaction(
        self,
        record: Aggregate,
        *,
        fingerprint: bytes,
        keys: Keys,
        origin: Origin,
    ) -> Transaction:
        """Return what is to be recorded: the new events of every aggregate touched, `record` first.

        Raises:
            AccessDenied: nobody asked the policy.
            Conflict: the client saw another version of `record`.
        """
        self.must_be_allowed()
        self.must_be_seen(record)
        touched = [self._tracked.pop(record.id), *self._tracked.values()]
        self._recorded = [aggregate for aggregate, _ in touched if aggregate.has_recorded]
        rests_on = tuple(
            (aggregate.id, version)
            for aggregate, version in touched
            if not (aggregate.has_recorded or aggregate.constant)
        )
        return Transaction(
            command_id=self.command.command_id,
            fingerprint=fingerprint,
            appends=tuple(
                self._append(aggregate, version, keys, origin)
                for aggregate, version in touched
                if aggregate.has_recorded
            ),
            claims=tuple(self._claims),
            releases=tuple(self._releases),
            rests_on=rests_on,
        )

    def must_be_allowed(self) -> None:
        """Refuse what nobody asked the policy about.

        Raises:
            AccessDenied: as it says.
        """
        if not self._allowed:
            raise AccessDenied(
                actor=self.actor.subject, action=wire_name(type(self.command)), roles=""
            )

    def must_be_seen(self, record: Aggregate) -> None:
        """Refuse to decide on another version of the record than the client saw.

        Raises:
            Conflict: as it says.
        """
        seen = self._tracked[record.id][1]
        if self.command.expected_version not in (None, seen):
            raise Conflict("expectedVersion", expected=self.command.expected_version, actual=seen)

    def _append(
        self, aggregate: Aggregate, version: int, keys: Keys, origin: Origin
    ) -> StreamAppend:
        events = []
        for body in aggregate.collect():
            event_id = new_id()
            events.append(
                NewEvent(
                    id=event_id,
                    topic=body.topic,
                    meta=self._meta(body, event_id, aggregate.id, keys, origin),
                    payload=encode_event(body, event_id, keys, aggregate.id),
                )
            )
        return StreamAppend(
            stream=aggregate.id,
            kind=aggregate.kind,
            key=aggregate.key,
            expected=version,
            events=tuple(events),
        )

    def _meta(self, body: Event, event_id: UUID, record: UUID, keys: Keys, origin: Origin) -> bytes:
        meta = Meta(
            actor=self.actor.subject,
            occurred_on=self.day,
            correlation_id=origin.correlation_id,
            causation_id=origin.causation_id,
            schema_version=body.version,
            org_unit_id=getattr(body, "org_unit_id", None) or self._at,
            programme_version_id=getattr(body, "programme_version_id", None),
            on_behalf_of=self.command.on_behalf_of,
            device=self.command.device,
            reason=self.command.reason,
        )
        if meta.reason is not None:
            whose = about_whom(body, record)
            by = record if whose is None or keys.get(whose) is None else whose
            by = _afterwards(record) if keys.get(by) is None else by
            key = keys[by]
            assert key is not None, "`keys` made it"
            meta = seal_reason(meta, event_id, by, key)
        return encode_meta(meta)


def _afterwards(record: UUID) -> UUID:
    """Return whose key seals why something was asked for of a record whose keys are destroyed."""
    return derived_id("afterwards", record)

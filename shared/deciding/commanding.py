"""From a command's bytes to its answer: read it, decide it, record it, once."""

from asyncio import sleep
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from random import random
from time import perf_counter
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct

from shared.access.directory import Directory
from shared.access.policy import Actor
from shared.access.tokens import Principal
from shared.contracts.base import Command, wire_name
from shared.deciding.facts import Facts
from shared.deciding.fingerprints import fingerprint_of
from shared.deciding.handlers import Handler, Handlers
from shared.deciding.lines import Lines
from shared.deciding.recorded import Recorded
from shared.deciding.repository import Repository
from shared.deciding.turns import my_turn
from shared.deciding.values import must_hold
from shared.deciding.work import Origin, Work
from shared.domain import Aggregate
from shared.domain.errors import (
    AlreadyTaken,
    CommandIdReused,
    Conflict,
    Malformed,
    MshauriError,
    OccurredInFuture,
    Refusal,
    UnknownCommand,
)
from shared.domain.unreadable import malformed
from shared.ledger import Answered, Ledger, Receipt, Transaction
from shared.privacy.keys import KeyStore
from shared.runtime.metrics import answered, decided_again
from shared.runtime.problems import Found, found_of

ATTEMPTS = 20
"""How often a command is decided, at most, while others move what it rests on. In this process
those who met stand in line; what is left are the first attempts of others, and other processes."""
ASIDE = 0.008
"""Seconds, at most, that a command steps aside when it met somebody again: two processes' lines
would else go in step."""


class Answer(Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """What the sender of a command that was not refused is told.

    Attributes:
        record: the kind of the record it was decided on, as GraphQL calls it.
        id: that record's id.
        version: the version the record reached, or would have reached.
        positions: what a reader passes as `after` to see the effect; none of what was only tried.
        findings: of what was only tried: the rules that it departs from.
    """

    command_id: UUID
    record: str
    id: UUID
    version: int
    positions: list[str]
    findings: list[Found] = []


class AlreadyRecorded(Conflict):
    """A record of that id exists; a new one cannot begin."""

    code = "ALREADY_RECORDED"
    template = "There is a record of the id {id} already."
    remedy_template = "Make a new id, or change the record that is there."


class _MovedOn(Exception):
    """A stream that was decided by has grown meanwhile: decide again."""

    def __init__(self, conflict: Conflict, transaction: Transaction) -> None:
        super().__init__(conflict.message)
        self.conflict = conflict
        self.streams = {append.stream for append in transaction.appends}
        self.streams.update(stream for stream, _ in transaction.rests_on)


class Commander:
    """Decides the commands of one service."""

    def __init__(
        self,
        *,
        handlers: Handlers,
        ledger: Ledger,
        keys: KeyStore,
        directory: Directory,
        facts: Facts,
        claim_key: bytes,
        zone: ZoneInfo,
        country: str | None = None,
        admit: Callable[[], None] = lambda: None,
    ) -> None:
        """Bring together what deciding takes.

        Args:
            claim_key: hashes claims that tell of a person.
            zone: where "today" is, for a command that does not say when it occurred.
            country: of which country is what does not tell, such as a phone; ISO 3166-1.
            admit: raises `Unavailable` while nothing may be decided, and says what is waited for.
        """
        self._handlers = handlers
        self._ledger = ledger
        self._keys = keys
        self._directory = directory
        self._facts = facts
        self._claim_key = claim_key
        self._zone = zone
        self._country = country
        self._admit = admit
        self._recorded = Recorded(ledger)
        self._lines = Lines()
        self._repository = Repository(ledger)
        self._decoders: dict[type[Command], Callable[[bytes], Command]] = {}

    def kind_of(self, name: str) -> type[Command] | None:
        """Return a command's contract by its wire name; None: there is none here."""
        try:
            return self._handlers.find(name)[0]
        except UnknownCommand:
            return None

    async def recorded(self, bodies: Iterable[bytes]) -> dict[UUID, Answered]:
        """Ask the command log for all of a batch at once; for `execute`."""
        named = (_named(body) for body in bodies)
        return await self._recorded.of_all(id for id in named if id is not None)

    async def execute(
        self,
        name: str,
        body: bytes,
        principal: Principal,
        *,
        recorded: Mapping[UUID, Answered] | None = None,
    ) -> Answer:
        """Decide one command and record it, or answer as it was answered before.

        Args:
            recorded: what the command log has of its batch; None: it is asked.

        Raises:
            MshauriError: as the error tree says; then nothing was recorded.
        """
        kind, handler = self._handlers.find(name)
        began = perf_counter()
        outcome = "ok"
        try:
            command = self._read(name, kind, body)
            return await self._answer(
                command,
                handler,
                principal.subject,
                lambda: self._directory.actor(principal.subject),
                # Not the request's trace id: whoever sends a header does not write the audit trail.
                Origin(command.command_id, command.command_id),
                recorded=recorded,
                sent=body,
            )
        except MshauriError as error:
            outcome = error.code
            raise
        finally:
            answered(name, outcome, perf_counter() - began)

    async def carry_out(
        self, command: Command, actor: Callable[[], Actor], origin: Origin
    ) -> Answer:
        """Decide a command that was made in this process, for whoever `actor` returns.

        It goes by no memory: a refusal, which is what most policies meet, is final at once.

        Raises:
            MshauriError: as `execute` does.
        """
        _, handler = self._handlers.find(wire_name(type(command)))
        return await self._answer(command, handler, actor().subject, actor, origin, afresh=True)

    async def _answer(
        self,
        command: Command,
        handler: Handler,
        subject: str,
        actor: Callable[[], Actor],
        origin: Origin,
        *,
        afresh: bool = False,
        recorded: Mapping[UUID, Answered] | None = None,
        sent: bytes | None = None,
    ) -> Answer:
        # What was recorded is answered as it was, whoever may do what by now, and whatever is away.
        # Decided anew by what became so since, it would be remembered otherwise than recorded.
        fingerprint = fingerprint_of(command, subject)
        if command.dry_run:
            before = None
        elif recorded is None:
            before = await self._recorded.of(command.command_id)
        else:
            before = recorded.get(command.command_id)
        if before is not None:
            return _answer_of(command, before.again(command.command_id, fingerprint))
        try:
            today = self._today(command, sent)
            if command.after:
                await self._facts.after(command.after)
            return await self._decide(command, handler, fingerprint, actor, today, origin, afresh)
        except Refusal:
            if afresh or command.dry_run:
                raise
            # The same command may have been recorded since the log was asked.
            before = await self._recorded.of(command.command_id)
            if before is None:
                raise
            return _answer_of(command, before.again(command.command_id, fingerprint))

    def _today(self, command: Command, sent: bytes | None) -> date:
        """Return the day it is, if a command as it was sent may be decided on it."""
        if sent is not None:
            # Recorded, what no column can hold could never be shown, and with it nothing that
            # happens to the same record.
            must_hold(type(command), msgspec.json.decode(sent))
        self._admit()
        today = datetime.now(self._zone).date()
        if command.occurred_on and command.occurred_on > today:
            raise OccurredInFuture("occurredOn", occurred=command.occurred_on, today=today)
        return today

    async def _decide(
        self,
        command: Command,
        handler: Handler,
        fingerprint: bytes,
        actor: Callable[[], Actor],
        today: date,
        origin: Origin,
        afresh: bool,
    ) -> Answer:
        moved_on: _MovedOn | None = None
        for attempt in range(ATTEMPTS):
            if attempt:
                decided_again.inc()
            if attempt > 1:
                await sleep(random() * ASIDE)
            work: Work[Any] = Work(
                command,
                actor=actor(),
                today=today,
                repository=self._repository,
                directory=self._directory,
                facts=self._facts,
                claim_key=self._claim_key,
                country=self._country,
                afresh=afresh or attempt > 0,
            )
            try:
                if moved_on is None:
                    return await self._record(work, handler, fingerprint, origin)
                async with self._lines.stand(moved_on.streams):
                    return await self._record(work, handler, fingerprint, origin)
            except (AlreadyTaken, CommandIdReused):
                raise
            except _MovedOn as moved:
                moved_on = moved
            except Refusal:
                # It may be refused for what this process remembers and others have moved on from.
                if not work.by_memory:
                    raise
        assert moved_on is not None, "the last attempt goes by no memory"
        raise moved_on.conflict

    async def _record(
        self, work: Work[Any], handler: Handler, fingerprint: bytes, origin: Origin
    ) -> Answer:
        try:
            record = await handler(work.command, work)
        except Refusal as refused:
            work.tell_all(refused)
            raise
        if work.command.dry_run:
            return await self._tried(work, record)
        transaction = work.transaction(
            record,
            fingerprint=fingerprint,
            keys=await work.keys(self._keys),
            origin=origin,
        )
        for subject in work.destroyed:
            await self._keys.erase(subject)
        await my_turn()
        try:
            receipt = await self._ledger.append(transaction)
        except AlreadyTaken as error:
            raise work.taken(error) from None
        except CommandIdReused:
            raise
        except Conflict as conflict:
            if conflict.params["expected"] == 0 and work.afresh and work.began(record):
                # Decided on all that is known, it would begin what is there; before, a record
                # that it only found missing may have begun meanwhile.
                there = await self._repository.find(type(record), record.id, afresh=True)
                if there is not None:
                    raise AlreadyRecorded("id", id=record.id) from None
            raise _MovedOn(conflict, transaction) from None
        work.settle(receipt)
        return _answer_of(work.command, receipt)

    async def _tried(self, work: Work[Any], record: Aggregate) -> Answer:
        """Answer what would have been recorded, and was not."""
        work.must_be_allowed()
        work.must_be_seen(record)
        if work.began(record) and await self._repository.find(type(record), record.id, afresh=True):
            raise AlreadyRecorded("id", id=record.id)
        for claim, owner in (await self._ledger.owners(work.claimed)).items():
            if owner != record.id:
                raise work.taken(AlreadyTaken(claim=claim))
        return Answer(
            command_id=work.command.command_id,
            record=type(work.command).record,
            id=record.id,
            version=record.version,
            positions=[],
            findings=[found_of(each) for each in work.found],
        )

    def _read(self, name: str, kind: type[Command], body: bytes) -> Command:
        decode = self._decoders.get(kind)
        if decode is None:
            decode = self._decoders[kind] = msgspec.json.Decoder(kind).decode
        try:
            return decode(body)
        except msgspec.ValidationError as problem:
            raise malformed(problem, name) from None
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as problem:
            raise Malformed(problem=f"it is no JSON: {problem}", expected=name) from None


class _Named(Struct, rename="camel"):
    command_id: UUID


_encode = msgspec.json.Encoder().encode
_read_name = msgspec.json.Decoder(_Named).decode


def _named(body: bytes) -> UUID | None:
    try:
        return _read_name(body).command_id
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None


def _answer_of(command: Command, receipt: Receipt) -> Answer:
    id, version = next(iter(receipt.versions.items()))
    return Answer(
        command_id=receipt.command_id,
        record=type(command).record,
        id=id,
        version=version,
        positions=receipt.positions,
    )

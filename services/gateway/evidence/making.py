"""Making a bundle: what a person's events are, under whoever asks; proven by the services' logs."""

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Protocol
from uuid import UUID

import msgspec

from services.gateway.evidence import gathering, report
from services.gateway.evidence.gathering import Named, Published
from services.gateway.evidence.tickets import Ticket
from services.gateway.evidence.withholding import about, sealed_for, why_withheld
from services.gateway.looked.looks import note
from services.gateway.read.loader import Database, Reader
from services.gateway.read.scope import Scopes
from shared.access.grants import Read
from shared.access.policy import name_of, roles_for
from shared.contracts.access.operation import AccessKind
from shared.contracts.base import SERVICES
from shared.domain.errors import AccessDenied
from shared.evidence.bundle import (
    REPORT,
    REPORT_PDF,
    Draft,
    Occasion,
    Proven,
    Rule,
    Told,
    Withheld,
    drafted,
    in_order,
)
from shared.evidence.remote import EvidenceTold
from shared.language import spoken
from shared.ledger import Entry
from shared.privacy.keys import KeySource
from shared.privacy.sealing import DataKey
from shared.proof.checkpoints import read_checkpoint
from shared.proof.errors import AnotherLog
from shared.proof.notes import read_note

FIRST = SERVICES[0]
"""Whose log seals what several prove: the mentee is enrolled there."""

Keys = dict[str, dict[UUID, DataKey | None]]


class Ledger(Protocol):
    """A service's ledger and log, as evidence is asked for."""

    async def ask(self, positions: Sequence[int], since: bytes | None) -> EvidenceTold:
        """Return the entries at these positions, and what the log proves of them."""
        ...

    async def seal(self, manifest: bytes) -> bytes:
        """Return the note that seals a manifest, of which this is the SHA-256."""
        ...


@dataclass(frozen=True, slots=True)
class Making:
    """Makes bundles from the read models, the services' ledgers, and their people's keys."""

    database: Database
    ledgers: Mapping[str, Ledger]
    keys: Mapping[str, KeySource]

    async def of(self, ticket: Ticket, scopes: Scopes) -> bytes:
        """Return the bundle that a ticket stands for, as its holder may see it now.

        Raises:
            MshauriError: it cannot be made; see `gathering` and `shared.evidence.proving`.
        """
        if ticket.number is not None:
            return await self._of_certificate(ticket, ticket.number)
        assert ticket.mentee is not None
        return await self._of_mentee(ticket, ticket.mentee, scopes)

    async def _of_mentee(self, ticket: Ticket, mentee: UUID, scopes: Scopes) -> bytes:
        since = since_by_service(ticket.since)
        subject = await gathering.subject(self.database, scopes, mentee)
        if not subject.audited:  # any more: it was looked at when the link was made
            raise AccessDenied(
                actor=ticket.subject,
                action=name_of(Read.AUDIT),
                roles=", ".join(roles_for(Read.AUDIT)),
            )
        note(AccessKind.EVIDENCE, people=subject.people)
        named = await gathering.named(
            self.database, scopes, subject.people, ticket.first, ticket.last
        )
        versions = sorted({one.version for one in named if one.version is not None})
        rules = await gathering.published(self.database, versions)
        found = await self._asked(
            [
                *((one.service, one.position) for one in named),
                *((r.service, r.position) for r in rules),
            ],
            since,
        )
        entries = {(name, e.position): e for name, one in found.items() for e in one.entries}
        keys = await self._keys(entries)
        # It takes the processor for a while: requests beside it are not to wait.
        told, opening = await asyncio.to_thread(_given, entries, named, rules, keys)
        occasion = Occasion(
            kind="mentee",
            about={
                "menteeId": str(mentee),
                "healthWorkerIds": [str(one) for one in subject.people],
                "number": subject.number,
                "programme": subject.programme,
                "area": subject.area,
            },
            asked_by=ticket.subject,
            made_at=datetime.now(UTC),
            period={"from": _day(ticket.first), "to": _day(ticket.last)},
            language=spoken(),
        )
        proven = {name: one.proven for name, one in found.items()}
        says = [_rule(one, entries) for one in rules]
        # So does writing it.
        bare = await asyncio.to_thread(report.timeline, told, opening)
        lines = await report.told_in_words(bare, Reader(self.database, scopes))
        draft = await asyncio.to_thread(
            _written, occasion, subject, told, lines, proven, opening, says, pdf=ticket.pdf
        )
        return await self._sealed(draft, FIRST)

    async def _of_certificate(self, ticket: Ticket, number: str) -> bytes:
        shown = await gathering.certificate(self.database, number)
        places = await gathering.certified(self.database, UUID(shown["certificateId"]))
        found = await self._asked(places, {}, least=())
        told = in_order(
            [
                Told(service=name, entry=entry, withheld=Withheld.CERTIFICATE)
                for name, one in found.items()
                for entry in one.entries
            ]
        )
        occasion = Occasion(
            kind="certificate",
            about=shown,
            asked_by=ticket.subject,
            made_at=datetime.now(UTC),
            language=spoken(),
        )
        proven = {name: one.proven for name, one in found.items()}
        reports = {REPORT: report.of_certificate(occasion, told)}
        draft = drafted(occasion, told, proven, {}, [], reports)
        return await self._sealed(draft, next(iter(found)))

    async def _sealed(self, draft: Draft, service: str) -> bytes:
        return draft.sealed(await self.ledgers[service].seal(draft.digest))

    async def _asked(
        self,
        places: Iterable[tuple[str, int]],
        since: Mapping[str, bytes],
        least: Iterable[str] = (FIRST,),
    ) -> dict[str, EvidenceTold]:
        positions: dict[str, set[int]] = {name: set() for name in (*least, *since)}
        for service, position in places:
            positions.setdefault(service, set()).add(position)
        services = [name for name in SERVICES if name in positions]
        answers = await asyncio.gather(
            *(self.ledgers[s].ask(sorted(positions[s]), since.get(s)) for s in services)
        )
        return dict(zip(services, answers, strict=True))

    async def _keys(self, entries: Mapping[tuple[str, int], Entry]) -> Keys:
        whose: dict[str, set[UUID]] = defaultdict(set)
        for (service, _), entry in entries.items():
            whose[service].update(about([entry]))
        return {name: await self.keys[name].keys_for(subjects) for name, subjects in whose.items()}


def since_by_service(notes: Sequence[str]) -> dict[str, bytes]:
    """Return the checkpoints that somebody names, by the service whose log each is of.

    Raises:
        NoteMalformed: one is none.
        AnotherLog: one is of no log of ours.
    """
    found = {}
    for text in notes:
        note = text.encode()
        origin = read_checkpoint(read_note(note).text).origin
        parts = origin.split("/")
        name = parts[-2] if parts[-1].isdigit() and len(parts) > 1 else parts[-1]
        if name not in SERVICES:
            raise AnotherLog("since", origin=origin, expected=", ".join(SERVICES))
        found[name] = note
    return found


def _given(
    entries: Mapping[tuple[str, int], Entry],
    named: Sequence[Named],
    rules: Sequence[Published],
    keys: Keys,
) -> tuple[list[Told], Keys]:
    """Return what is given of the events, and the keys that open it."""
    told = _told(entries, named, rules, keys)
    return told, _opening(told, keys)


def _told(
    entries: Mapping[tuple[str, int], Entry],
    named: Sequence[Named],
    rules: Sequence[Published],
    keys: Keys,
) -> list[Told]:
    told = {
        (rule.service, rule.position): Told(
            service=rule.service, entry=entries[rule.service, rule.position]
        )
        for rule in rules
        if (rule.service, rule.position) in entries
    }
    for one in named:
        place = (one.service, one.position)
        if place in entries:
            why = why_withheld(entries[place], one, keys.get(one.service, {}))
            told[place] = Told(service=one.service, entry=entries[place], withheld=why)
    return in_order(list(told.values()))


def _opening(told: Sequence[Told], keys: Keys) -> Keys:
    """Return the keys that open what is given, and no other."""
    opening: Keys = defaultdict(dict)
    for one in told:
        if one.withheld is None and one.entry.topic not in RULES_TOPICS:
            held = keys.get(one.service, {})
            for subject in sealed_for([one.entry]):
                if subject in held:
                    opening[one.service][subject] = held[subject]
    return dict(opening)


RULES_TOPICS = frozenset({"registry.programme_version.published"})
"""Published to every holder of a grant; why, and by which words, is for who runs programmes."""


def _rule(one: Published, entries: Mapping[tuple[str, int], Entry]) -> Rule:
    return Rule(
        kind="ProgrammeVersion",
        id=one.id,
        code=one.code,
        version=one.version,
        service=one.service,
        position=one.position,
        says=msgspec.json.decode(entries[one.service, one.position].payload),
    )


def _written(
    occasion: Occasion,
    subject: gathering.Subject,
    told: Sequence[Told],
    lines: Sequence[report.Line],
    proven: Mapping[str, Proven],
    keys: Keys,
    rules: Sequence[Rule],
    *,
    pdf: bool,
) -> Draft:
    reports = {REPORT: report.of_mentee(occasion, subject, lines, rules, proven)}
    if pdf:
        from services.gateway.evidence.printed import printed  # half a second, for who wants it

        reports[REPORT_PDF] = printed(occasion, subject, lines, rules, proven)
    return drafted(occasion, told, proven, keys, rules, reports)


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None

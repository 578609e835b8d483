"""Deciding on whole cohorts: proposals for all mentees who are in no mentorship."""

import asyncio
from collections import defaultdict
from operator import itemgetter
from typing import TYPE_CHECKING, Any
from uuid import UUID

from services.registry.aggregates.cohort import Cohort
from services.registry.aggregates.mentor import Mentor
from services.registry.aggregates.mentorship import Mentorship
from services.registry.aggregates.programme_version import ProgrammeVersion
from services.registry.commands.handlers import handlers
from services.registry.commands.loads import room_of
from services.registry.matching.parties import Location, Offer, Seeker
from services.registry.views.care import CARE_OVER, DEPARTURE, IN_CARE
from services.registry.views.enrolments import ENROLMENT, NEEDS
from services.registry.views.offers import OFFER
from services.registry.views.places import ORG_UNIT
from shared.contracts.definition import Definition, Gate
from shared.contracts.registry.cohort import CohortMatch, CohortMatched, Unmatched
from shared.contracts.registry.mentorship import MenteeParty, MentorParty, MentorshipProposed
from shared.deciding.facts import Facts
from shared.deciding.work import Work
from shared.domain import derived_id
from shared.domain.errors import Refusal, Unavailable

_NONE: frozenset[str] = frozenset()

if TYPE_CHECKING:
    from services.registry.matching.proposing import Proposal, Proposals


class NobodyToMatch(Refusal):
    """Every mentee of the cohort is in a mentorship, or there is none."""

    code = "NOBODY_TO_MATCH"
    template = "No active mentee of the cohort is without a mentorship."
    remedy_template = "Enrol mentees, or decline the proposals that they are in."


class MatchingInfeasible(Refusal):
    """There is no proposal to make, for anybody."""

    code = "MATCHING_INFEASIBLE"
    template = "None of the {mentees} mentees can be matched; what binds: {constraints}."
    remedy_template = (
        "Certify mentors of the areas, or have them declare their availability; or publish a "
        "version of the programme with a wider ratio or distance."
    )


def _propose(seekers: list[Seeker], offers: list[Offer], definition: Definition) -> "Proposals":
    # Here, in the thread that solves: the solver is 16 MB that hardly a process ever needs.
    from services.registry.matching.proposing import propose

    return propose(seekers, offers, definition)


@handlers.decides(CohortMatch)
async def match(command: CohortMatch, work: Work[CohortMatch]) -> Cohort:
    """Propose the best mentorships for the cohort, all of them in one transaction."""
    cohort = await work.get(Cohort, command.cohort_id, field="cohortId")
    version = await work.get(ProgrammeVersion, cohort.programme_version_id, field="cohortId")
    definition = version.definition
    await work.allow(at=cohort.org_unit_id, programme=definition.programme)
    cohort.must_be_started(work.day)
    locations = _Locations(work.facts)
    seekers = await _seekers(cohort, definition, locations, work)
    if not seekers:
        raise NobodyToMatch("cohortId")
    mentors, offers = await _offers(definition, locations, work)
    # The solver takes a second or two for thousands of people, and others go on meanwhile.
    found = await asyncio.to_thread(_propose, seekers, offers, definition)
    if not found.proposals:
        binding = sorted({constraint.value for _, constraint in found.left})
        raise MatchingInfeasible("cohortId", mentees=len(seekers), constraints=", ".join(binding))
    mentorships = [
        _mentorship(proposal, cohort, version, mentors, work) for proposal in found.proposals
    ]
    cohort.record(
        CohortMatched(
            mentorships=tuple(one.id for one in mentorships),
            score=found.score,
            bound=found.bound,
            unmatched=tuple(
                Unmatched(enrolment_id=one.enrolment_id, constraint=constraint)
                for one, constraint in found.left
            ),
        )
    )
    return cohort


def _mentorship(
    proposal: "Proposal",
    cohort: Cohort,
    version: ProgrammeVersion,
    mentors: dict[UUID, Mentor],
    work: Work[Any],
) -> Mentorship:
    group, definition = proposal.group, version.definition
    first = group.seekers[0].enrolment_id
    mentorship = Mentorship.begin(
        derived_id("mentorship", work.command.command_id, first),
        MentorshipProposed(
            cohort_id=cohort.id,
            programme_version_id=version.id,
            programme=definition.programme,
            org_unit_id=group.location.org_unit_id,
            mentors=tuple(
                MentorParty(
                    mentor_id=one.mentor_id, health_worker_id=one.health_worker_id, area=one.area
                )
                for one in proposal.team
            ),
            mentees=tuple(
                MenteeParty(
                    enrolment_id=one.enrolment_id,
                    health_worker_id=one.health_worker_id,
                    area=one.area,
                )
                for one in group.seekers
            ),
            phase=definition.phases[0].code if definition.phases else None,
            matched=True,
            score=proposal.score,
            reasons=proposal.reasons,
            letters=Gate.SIGNATURES in definition.gates,
        ),
    )
    work.add(mentorship)
    for one in proposal.team:
        mentors[one.mentor_id].assign(mentorship.id, work.day)
    return mentorship


async def _seekers(
    cohort: Cohort, definition: Definition, locations: "_Locations", work: Work[Any]
) -> list[Seeker]:
    """Return the active mentees of the cohort who are in no mentorship, always in one order."""
    may = definition.matching.supervisor_may_mentor
    over = await _proposed(cohort, work)
    cared: set[UUID] = set()
    past: dict[UUID, list[UUID]] = defaultdict(list)
    for row in await work.facts.rows(IN_CARE, cohort_id=cohort.id):
        past[row["enrolment_id"]].append(row["mentorship_id"])
        if not row["left"] and not over.get(row["mentorship_id"], False):
            cared.add(row["enrolment_id"])
    waiting = [
        row
        for row in await work.facts.rows(ENROLMENT, cohort_id=cohort.id, active=True)
        if row["id"] not in cared
    ]
    needs = await _needs([row["id"] for row in waiting], work)
    found = []
    for row in waiting:
        excluded = {row["supervisor_id"]} if row["supervisor_id"] and not may else set()
        for mentorship_id in past[row["id"]]:
            departed = await work.facts.rows(DEPARTURE, mentorship_id=mentorship_id)
            excluded |= {one["health_worker_id"] for one in departed}
        found.append(
            Seeker(
                enrolment_id=row["id"],
                health_worker_id=row["health_worker_id"],
                area=row["area"],
                location=await locations.of(row["org_unit_id"]),
                needs=needs[row["id"]],
                languages=frozenset(row["languages"]),
                excluded=frozenset(excluded),
            )
        )
    return sorted(found, key=lambda one: one.enrolment_id)


async def _needs(enrolments: list[UUID], work: Work[Any]) -> dict[UUID, frozenset[str]]:
    """Return what each of these mentees wants to learn on the day of the command."""
    lines = defaultdict(list)
    for row in await work.facts.rows_among(NEEDS, "enrolment_id", enrolments):
        if row["since"] <= work.day:
            lines[row["enrolment_id"]].append((row["since"], frozenset(row["needs"])))
    return {id: max(lines[id], key=itemgetter(0), default=(None, _NONE))[1] for id in enrolments}


async def _offers(
    definition: Definition, locations: "_Locations", work: Work[Any]
) -> tuple[dict[UUID, Mentor], list[Offer]]:
    rows = await work.facts.rows(OFFER, programme=definition.programme)
    known = [await work.get(Mentor, row["mentor_id"], field="cohortId") for row in rows]
    room = room_of(known, definition, work.day)
    mentors: dict[UUID, Mentor] = {}
    offers: list[Offer] = []
    for row, mentor in zip(rows, known, strict=True):
        if not mentor.able_on(work.day):
            continue
        mentors[mentor.id] = mentor
        offers.append(
            Offer(
                mentor_id=mentor.id,
                health_worker_id=mentor.health_worker_id,
                area=mentor.area,
                location=await locations.of(mentor.org_unit_id),
                places=room[mentor.id].places,
                carried=room[mentor.id].carried,
                skills=frozenset(row["skills"]),
                languages=frozenset(row["languages"]),
            )
        )
    offers.sort(key=lambda one: one.mentor_id)
    return mentors, offers


async def _proposed(cohort: Cohort, work: Work[Any]) -> dict[UUID, bool]:
    """Return the cohort's mentorships, and whether each is over.

    A matching a moment ago may not have come round the bus: without its proposals, those whom it
    proposed would look as if nobody had them in care.

    Raises:
        Unavailable: they have not come round, in good time.
    """

    async def look() -> dict[UUID, bool] | None:
        rows = await work.facts.rows(CARE_OVER, cohort_id=cohort.id)
        known = {row["mentorship_id"]: row["over"] for row in rows}
        return known if known.keys() >= set(cohort.matched) else None

    known = await work.facts.until(look)
    if known is None:
        raise Unavailable(part="the view of the cohort's mentorships")
    return known


class _Locations:
    """Where units are, each looked up once: thousands of people work at hundreds of them."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._known: dict[UUID, Location] = {}

    async def of(self, org_unit_id: UUID) -> Location:
        """Return where a unit is."""
        if org_unit_id not in self._known:
            row = await self._facts.find(ORG_UNIT, org_unit_id)
            self._known[org_unit_id] = Location(
                org_unit_id=org_unit_id,
                parent_id=row["parent_id"] if row else None,
                latitude=row["latitude"] if row else None,
                longitude=row["longitude"] if row else None,
            )
        return self._known[org_unit_id]

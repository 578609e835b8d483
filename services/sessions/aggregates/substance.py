"""What a session was about, and what those present took away: what can be said of it."""

from collections.abc import Collection, Iterator
from uuid import UUID

from services.sessions.aggregates.agreement import Agreement
from shared.contracts.definition import Definition
from shared.contracts.sessions.session import SessionFacts
from shared.contracts.sessions.substance import Debrief, SessionDebriefed, Substance
from shared.domain.errors import Refusal
from shared.domain.findings import Findings


class CompetencyNotTaught(Refusal):
    """What is practised by its code is a competency of the programme."""

    code = "COMPETENCY_NOT_TAUGHT"
    template = "The programme's frameworks have no competency {competency!r}."
    remedy_template = "Its competencies: {competencies}. Anything else is a topic, in words."


class CasesWithoutConsent(Refusal):
    """No patient is observed without having agreed."""

    code = "CASES_WITHOUT_CONSENT"
    template = "{cases} cases were observed, and no consent is recorded."
    remedy_template = "Record in `consentRecorded` that each had agreed, or that none was observed."


class DebriefOfTheAbsent(Refusal):
    """Whoever took something away was there."""

    code = "DEBRIEF_OF_THE_ABSENT"
    template = "The health worker {person} is not among those present."
    remedy_template = "Name in `debriefs` some of those whom `present` lists, each once."


def must_be_sayable(
    about: Substance, rules: Definition, findings: Findings, *, consent_recorded: bool
) -> None:
    """Weigh what a session is said to have been about.

    CompetencyNotTaught, CasesWithoutConsent: as they say.
    """
    known = {each.code for one in rules.frameworks for each in one.competencies}
    for code in about.competencies:
        with findings.weighing():
            if code not in known:
                raise CompetencyNotTaught(
                    "about.competencies",
                    competency=code,
                    competencies=", ".join(sorted(known)) or "none",
                )
    with findings.weighing():
        if about.observed_cases and not consent_recorded:
            raise CasesWithoutConsent("consentRecorded", cases=about.observed_cases)


def must_have_been_there(
    debriefs: Collection[Debrief],
    present: Collection[UUID],
    agreement: Agreement,
    findings: Findings,
) -> None:
    """Weigh of whom something is said.

    DebriefOfTheAbsent: as it says.
    """
    left = set(present)
    for debrief in debriefs:
        person = debrief.health_worker_id
        with findings.weighing():
            if person not in left:
                raise DebriefOfTheAbsent("debriefs", person=agreement.name(person))
        left.discard(person)


def debriefed(
    debriefs: Collection[Debrief], said: SessionFacts, facts_version: int
) -> Iterator[SessionDebriefed]:
    """Yield what each took away, to be sealed with their own key."""
    for debrief in debriefs:
        yield SessionDebriefed(
            health_worker_id=debrief.health_worker_id,
            facts_version=facts_version,
            mentorship_id=said.mentorship_id,
            programme=said.programme,
            org_unit_id=said.org_unit_id,
            strengths=debrief.strengths,
            weaknesses=debrief.weaknesses,
            feedback=debrief.feedback,
            homework=debrief.homework,
            next_steps=debrief.next_steps,
        )

"""What happened in and around the story's mentorship, in the sessions service's own events: every
kind of them is told.
"""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from shared.contracts.base import Event
from shared.contracts.definition.visits import GuestRole, Initiative, Mode, SessionFormat
from shared.contracts.registry.mentorship import Side
from shared.contracts.sessions import (
    contact,
    cpd,
    exchange,
    guest,
    improvement_action,
    initiative,
    journal,
    notice,
    outcome_story,
    oversight,
    plan,
    relationship,
    session,
    substance,
    support_request,
    visit,
)
from shared.domain.ids import derived_id
from tests.support.story_workshops import GATHERINGS
from tests.support.telling import (
    BEGAN,
    ENROLMENT,
    HOSPITAL,
    HUYE,
    MENTEE,
    MENTOR,
    MENTORSHIP,
    NOMINEE,
    VERSION,
    Told,
    day,
    id_of,
    of,
)

CORRECTED, CANCELLED, PLANNED = map(
    id_of, ("corrected session", "cancelled session", "planned session")
)
PLAN, ENTRY, EVALUATION, REQUEST, ACTION = map(
    id_of, ("plan", "journal entry", "evaluation", "support request", "improvement action")
)
DONE, INITIATIVE, EXCHANGE, NOTICE, TALE = map(
    id_of, ("action done", "initiative", "exchange", "notice", "outcome story")
)
TAUGHT, THREE_DAYS = map(id_of, ("session with its substance", "visit of three days"))
GROWN, GROWING = map(id_of, ("plan that grew", "initiative that grew"))
OFFICES, FOUND = map(id_of, ("action of an office", "action after a supervision visit"))
OF_MENTEE = id_of("notice of a mentee")
TOUCH, NO_TOUCH = map(id_of, ("contact", "voided contact"))
RECONSIDERED, REWRITTEN, RETOLD, OFFERED, REVISITED, MET_AGAIN = map(
    id_of,
    (
        "evaluation reconsidered",
        "journal entry put otherwise",
        "story told again",
        "offer",
        "supervision visit of another day",
        "coordination meeting of another day",
    ),
)
VISIT, MEETING = map(id_of, ("supervision visit", "coordination meeting"))
ACCOUNT = derived_id("cpd_account", MENTOR)

_WHERE: dict[str, Any] = {"programme": "INGOBYI", "org_unit_id": HOSPITAL}
_CARE: dict[str, Any] = {**_WHERE, "mentorship_id": MENTORSHIP}


def _ours(kind: str, stream: Any, *bodies: Event, on: int, reason: str | None = None) -> list[Told]:
    return of(kind, stream, *bodies, on=on, key=MENTORSHIP, reason=reason)


def _at(number: int, hours: int) -> Any:
    return BEGAN + timedelta(days=number, hours=hours)


_FACTS: dict[str, Any] = {
    **_CARE,
    "programme_version_id": VERSION,
    "mode": Mode.IN_PERSON,
    "format": SessionFormat.INDIVIDUAL,
    "enrolments": (ENROLMENT,),
}

MEETING_EACH_OTHER = [
    *_ours(
        "session",
        CORRECTED,
        session.SessionPlanned(**_CARE, planned_for=day(26), mode=Mode.IN_PERSON),
        session.SessionRescheduled(mentorship_id=MENTORSHIP, planned_for=day(27)),
        on=22,
    ),
    *_ours(
        "session",
        CORRECTED,
        session.SessionHeld(
            **_FACTS,
            held_on=day(27),
            minutes=120,
            mentors=(MENTOR,),
            mentees=(MENTEE,),
            initiative=Initiative.MENTOR,
        ),
        on=27,
    ),
    *_ours(
        "session",
        CORRECTED,
        session.SessionCorrected(
            **_FACTS | {"enrolments": ()},
            held_on=day(28),
            minutes=90,
            mentors=(MENTOR,),
            mentees=(),
            absent=(MENTEE,),
            partly=(session.PartAttendance(health_worker_id=MENTOR, minutes=45),),
            guests=(
                guest.GuestPresent(role=GuestRole.SUPERVISOR, health_worker_id=NOMINEE),
                guest.GuestPresent(role=GuestRole.DIRECTOR),
            ),
            initiative=Initiative.MENTEE,
        ),
        guest.SessionGuestNamed(
            health_worker_id=MENTOR, facts_version=4, place=1, name="Doctor Mugisha"
        ),
        on=29,
        reason="It was the day after.",
    ),
    *_ours(
        "session",
        CORRECTED,
        session.SessionVoided(mentorship_id=MENTORSHIP, voided_on=day(30)),
        on=30,
    ),
    *_ours(
        "session",
        CORRECTED,
        session.SessionReinstated(mentorship_id=MENTORSHIP, reinstated_on=day(31)),
        on=31,
    ),
    *_ours(
        "session",
        CANCELLED,
        session.SessionPlanned(**_CARE, planned_for=day(33), mode=Mode.PHONE),
        session.SessionCancelled(mentorship_id=MENTORSHIP),
        on=32,
    ),
    *_ours(
        "session",
        PLANNED,
        session.SessionPlanned(**_CARE, planned_for=day(300), mode=Mode.VIDEO),
        on=32,
    ),
]
TOUCHING = [
    *_ours(
        "contact",
        TOUCH,
        contact.ContactMade(
            **_CARE,
            health_worker_id=MENTEE,
            mentor=MENTOR,
            programme_version_id=VERSION,
            mode=Mode.MESSAGE,
            made_on=day(33),
            minutes=5,
            reached_by=Side.MENTEE,
            about="How she found the prongs.",
        ),
        on=33,
    ),
    *_ours(
        "contact",
        NO_TOUCH,
        contact.ContactMade(
            **_CARE,
            health_worker_id=MENTEE,
            mentor=MENTOR,
            programme_version_id=VERSION,
            mode=Mode.PHONE,
            made_on=day(34),
            reached_by=Side.MENTOR,
        ),
        contact.ContactVoided(mentorship_id=MENTORSHIP, voided_on=day(34)),
        on=34,
    ),
]
VISITING = [
    *of(
        "visit",
        THREE_DAYS,
        visit.VisitMade(**_WHERE, programme_version_id=VERSION, starts=day(59), ends=day(60)),
        visit.VisitCorrected(starts=day(59), ends=day(61)),
        on=61,
    )
]
TEACHING = [
    *_ours(
        "session",
        TAUGHT,
        session.SessionHeld(
            **_FACTS,
            held_on=day(60),
            minutes=60,
            begins=_at(60, 8),
            ends=_at(60, 9),
            mentors=(MENTOR,),
            mentees=(MENTEE,),
            credited=(session.Credit(health_worker_id=MENTOR, minutes=30),),
            about=substance.Substance(
                topics=("Respectful care",),
                competencies=("CPAP",),
                simulations=(substance.Simulation(topic="CPAP", doses=4),),
                observed_cases=2,
                support_request_id=REQUEST,
                improvement_action_id=ACTION,
                plan_id=PLAN,
            ),
            visit_id=THREE_DAYS,
            consent_recorded=True,
        ),
        substance.SessionDebriefed(
            **_CARE,
            health_worker_id=MENTEE,
            facts_version=1,
            strengths="Calm.",
            weaknesses="Late with the mask.",
            feedback="Begin sooner.",
            homework="Ten drills.",
            next_steps="A night shift together.",
        ),
        on=60,
    ),
]
WRITING = [
    *_ours(
        "plan",
        PLAN,
        plan.PlanAgreed(
            **_CARE,
            plan_kind=plan.PlanKind.DEVELOPMENT,
            health_worker_id=MENTEE,
            starts=day(15),
            ends=day(100),
            objectives=("Run the ward round alone",),
            strengths=("Calm", "Exact"),
            named=2,
            agreed_on=day(15),
        ),
        on=15,
    ),
    *_ours(
        "plan",
        PLAN,
        plan.PlanSent(mentorship_id=MENTORSHIP, sent_to="The hospital's director", sent_on=day(16)),
        on=16,
    ),
    *_ours(
        "plan",
        GROWN,
        plan.PlanAgreed(
            **_CARE,
            plan_kind=plan.PlanKind.DEVELOPMENT,
            health_worker_id=MENTEE,
            starts=day(115),
            ends=day(160),
            objectives=("Teach the ward round",),
            agreed_on=day(115),
        ),
        plan.PlanAmended(
            health_worker_id=MENTEE,
            mentorship_id=MENTORSHIP,
            starts=day(115),
            ends=day(200),
            objectives=("Teach the ward round", "Chair the review"),
            strengths=("Patient", "Heard by others"),
            named=2,
            amended_on=day(130),
        ),
        on=130,
    ),
    *of(
        "journal_entry",
        ENTRY,
        journal.JournalEntryWritten(
            **_CARE,
            health_worker_id=MENTEE,
            session_id=CORRECTED,
            written_on=day(28),
            text="I was afraid of the prongs, and am not any more.",
        ),
        on=28,
        key=MENTEE,
    ),
    *of(
        "relationship_evaluation",
        EVALUATION,
        relationship.RelationshipEvaluated(
            **_CARE,
            health_worker_id=MENTEE,
            side=Side.MENTEE,
            ratings=(
                relationship.RelationshipRating(item="TRUST", rating=4),
                relationship.RelationshipRating(item="TIME", rating=3),
            ),
            total=7,
            most=10,
            comment="She listens before she speaks.",
            evaluated_on=day(40),
        ),
        on=40,
        key=MENTEE,
    ),
    *_ours(
        "outcome_story",
        TALE,
        outcome_story.OutcomeStoryTold(
            **_CARE,
            title="A warm corner",
            story="The maternity has a corner for newborns now.",
            told_on=day(80),
        ),
        on=80,
    ),
]
ASKING = [
    *_ours(
        "support_request",
        REQUEST,
        support_request.SupportRequestRaised(
            **_CARE,
            health_worker_id=MENTEE,
            area="PAED",
            phase="REACTIVE",
            about="CPAP",
            question="Which pressure do I begin with?",
            raised_at=_at(35, 0),
            acknowledge_hours=2,
            answer_hours=24,
        ),
        support_request.SupportRequestAcknowledged(
            health_worker_id=MENTOR, acknowledged_at=_at(35, 1), after=3600
        ),
        support_request.SupportRequestEscalated(to_org_unit_id=HUYE, escalated_at=_at(35, 5)),
        on=35,
    ),
    *_ours(
        "support_request",
        REQUEST,
        support_request.SupportRequestAnswered(
            health_worker_id=MENTOR,
            answer="With five centimetres of water.",
            answered_at=_at(36, 6),
            after=30 * 3600,
        ),
        support_request.SupportRequestFollowedUp(
            health_worker_id=MENTEE,
            side=Side.MENTEE,
            mentorship_id=MENTORSHIP,
            programme="INGOBYI",
            org_unit_id=HOSPITAL,
            text="And when she is restless?",
            followed_up_at=_at(36, 7),
            session_id=CORRECTED,
            competency="CPAP",
        ),
        support_request.SupportRequestClosed(closed_at=_at(36, 8), answered=True),
        on=36,
    ),
    *_ours(
        "exchange",
        EXCHANGE,
        exchange.ExchangePosted(
            **_CARE,
            health_worker_id=MENTEE,
            exchange_kind=exchange.ExchangeKind.REQUEST,
            text="Somebody to read my charts with.",
            posted_on=day(37),
        ),
        on=37,
    ),
    *_ours(
        "exchange",
        EXCHANGE,
        exchange.ExchangeTakenUp(health_worker_id=MENTOR, taken_up_on=day(38)),
        on=38,
    ),
]
IMPROVING = [
    *_ours(
        "improvement_action",
        ACTION,
        improvement_action.ActionAgreed(
            **_CARE,
            session_id=CORRECTED,
            title="A second oxygen source",
            root_causes=("No budget line", "Nobody asked"),
            owner_id=MENTEE,
            agreed_on=day(28),
            due=day(58),
        ),
        on=28,
    ),
    *_ours(
        "improvement_action",
        ACTION,
        improvement_action.ActionEscalated(to_org_unit_id=HUYE, escalated_on=day(50)),
        on=50,
    ),
    *_ours(
        "improvement_action",
        ACTION,
        improvement_action.ActionResolved(
            result="The district bought a concentrator.", resolved_on=day(70)
        ),
        on=70,
    ),
    *_ours(
        "improvement_action",
        OFFICES,
        improvement_action.ActionAgreed(
            **_CARE,
            title="A second incubator",
            owner_office="The hospital's director",
            owner_unit_id=HOSPITAL,
            agreed_on=day(28),
            due=day(58),
        ),
        improvement_action.ActionRescheduled(due=day(88), rescheduled_on=day(50)),
        improvement_action.ActionProgressed(
            note="Two offers were asked for.", progressed_on=day(51)
        ),
        improvement_action.ActionEscalated(
            to_office="The national supply agency", escalated_on=day(52)
        ),
        improvement_action.ActionReturned(returned_on=day(60)),
        improvement_action.ActionDropped(dropped_on=day(61)),
        on=61,
    ),
    *_ours(
        "improvement_action",
        DONE,
        improvement_action.ActionAgreed(
            **_CARE, title="Label the prongs", owner_id=MENTEE, agreed_on=day(28), due=day(30)
        ),
        on=28,
    ),
    *_ours(
        "improvement_action",
        DONE,
        improvement_action.ActionCompleted(
            result="Every size has its drawer.", completed_on=day(31), late=True
        ),
        on=31,
    ),
    *_ours(
        "initiative",
        INITIATIVE,
        initiative.InitiativeChosen(
            **_CARE,
            health_worker_id=MENTEE,
            title="Warm newborns",
            root_causes=("Cold rooms",),
            measures=(
                initiative.Measure(
                    code="CHECKS",
                    name="Temperatures taken",
                    kind=initiative.MeasureKind.LEADING,
                    unit="a day",
                    baseline=Decimal(2),
                    target=Decimal(8),
                ),
                initiative.Measure(
                    code="COLD",
                    name="Cold newborns",
                    kind=initiative.MeasureKind.LAGGING,
                    unit="a month",
                    target=Decimal("0.5"),
                ),
            ),
            chosen_on=day(45),
        ),
        on=45,
    ),
    *_ours(
        "initiative",
        GROWING,
        initiative.InitiativeChosen(
            **_CARE,
            health_worker_id=MENTEE,
            title="A laboratory without a queue",
            root_causes=("One counter",),
            measures=(
                initiative.Measure(
                    code="QUEUE",
                    name="Patients in the queue",
                    kind=initiative.MeasureKind.LAGGING,
                    unit="at ten",
                    target=Decimal(0),
                ),
            ),
            chosen_on=day(40),
        ),
        initiative.InitiativeMeasureAdded(
            measure=initiative.Measure(
                code="COUNTERS",
                name="Counters open",
                kind=initiative.MeasureKind.LEADING,
                unit="counters",
                baseline=Decimal(1),
                target=Decimal(3),
            ),
            place=2,
            added_on=day(42),
        ),
        initiative.InitiativeNoted(
            health_worker_id=MENTEE,
            mentorship_id=MENTORSHIP,
            programme="INGOBYI",
            org_unit_id=HOSPITAL,
            note_kind=initiative.NoteKind.SETBACK,
            text="The second counter closed again.",
            noted_on=day(43),
        ),
        initiative.InitiativeEnded(
            health_worker_id=MENTEE,
            ending=initiative.InitiativeEnding.CLOSED,
            result="Nobody waits.",
            ended_on=day(44),
        ),
        on=44,
    ),
    *(
        told
        for number, value in ((52, "4"), (59, "7.5"))
        for told in _ours(
            "initiative",
            INITIATIVE,
            initiative.InitiativeMeasured(
                measure="CHECKS",
                kind=initiative.MeasureKind.LEADING,
                value=Decimal(value),
                target=Decimal(8),
                measured_on=day(number),
            ),
            on=number,
        )
    ),
]
OVERSEEING = [
    *of(
        "supervision_visit",
        VISIT,
        oversight.SupervisionVisitHeld(
            **_WHERE,
            programme_version_id=VERSION,
            held_on=day(90),
            joint=True,
            supervisors=("District hospital", "Professional association"),
            findings=("Charts are kept",),
            recommendations=("Keep them",),
            told=1,
            mentors=(MENTOR,),
            scores=(oversight.SupervisionScore(checklist="Oxygen", points=8, most=10),),
            next_visit_on=day(180),
        ),
        on=90,
    ),
    *of(
        "improvement_action",
        FOUND,
        improvement_action.ActionAgreed(
            **_WHERE,
            supervision_visit_id=VISIT,
            finding=1,
            title="Charts for the night shift",
            owner_office="The hospital's matron",
            agreed_on=day(90),
            due=day(120),
        ),
        on=90,
        key=VISIT,
    ),
    *of(
        "coordination_meeting",
        MEETING,
        oversight.CoordinationMeetingHeld(
            programme="INGOBYI",
            org_unit_id=HUYE,
            programme_version_id=VERSION,
            held_on=day(91),
            participants=12,
            decisions=("Hire an anaesthetist",),
            told=1,
            agenda=("Last quarter's reports", "Staff"),
            attendees=(MENTOR,),
            offices=("Ministry of Health",),
            reports=("Report of the hospital",),
        ),
        on=91,
    ),
    *_ours(
        "notice",
        NOTICE,
        notice.NoticeRaised(
            **_CARE, mentor_id=NOMINEE, role="SECRETARIAT", raised_on=day(100), due=day(107)
        ),
        on=100,
    ),
    *_ours(
        "notice",
        NOTICE,
        notice.NoticeGiven(given_to="The secretary", given_on=day(108), late=True),
        on=108,
    ),
]
TELLING = [
    *_ours(
        "notice",
        OF_MENTEE,
        notice.NoticeRaised(
            **_CARE, enrolment_id=ENROLMENT, role="SECRETARIAT", raised_on=day(100), due=day(107)
        ),
        on=100,
    )
]
_ONCE: dict[str, Any] = {"mentorship_id": MENTORSHIP, "health_worker_id": MENTEE}
_EVALUATED: dict[str, Any] = {
    **_CARE,
    "health_worker_id": MENTEE,
    "side": Side.MENTEE,
    "most": 10,
    "evaluated_on": day(41),
}
_RATED = relationship.RelationshipRating(item="TRUST", rating=2)
_WROTE: dict[str, Any] = {**_CARE, "health_worker_id": MENTEE, "session_id": CORRECTED}
TAKING_BACK = [
    *of(
        "relationship_evaluation",
        RECONSIDERED,
        relationship.RelationshipEvaluated(**_EVALUATED, ratings=(_RATED,), total=2),
        relationship.RelationshipCorrected(
            **_EVALUATED | {"evaluated_on": day(42)},
            ratings=(_RATED, relationship.RelationshipRating(item="TIME", rating=3)),
            total=5,
            comment="She listens after all.",
        ),
        relationship.RelationshipVoided(**_ONCE, voided_on=day(43)),
        relationship.RelationshipReinstated(**_ONCE, reinstated_on=day(44)),
        on=44,
        key=MENTEE,
    ),
    *of(
        "journal_entry",
        REWRITTEN,
        journal.JournalEntryWritten(**_WROTE, written_on=day(29), text="I was not afraid."),
        journal.JournalEntryCorrected(**_WROTE, written_on=day(28), text="I was afraid."),
        journal.JournalEntryVoided(**_ONCE, voided_on=day(43)),
        journal.JournalEntryReinstated(**_ONCE, reinstated_on=day(44)),
        journal.JournalEntryVoided(**_ONCE, voided_on=day(45)),
        on=45,
        key=MENTEE,
    ),
    *_ours(
        "outcome_story",
        RETOLD,
        outcome_story.OutcomeStoryTold(
            **_CARE, title="A cold corner", story="Its heater broke.", told_on=day(81)
        ),
        outcome_story.OutcomeStoryCorrected(
            **_CARE, title="A cold corner", story="Its heater was not there.", told_on=day(80)
        ),
        outcome_story.OutcomeStoryVoided(mentorship_id=MENTORSHIP, voided_on=day(82)),
        outcome_story.OutcomeStoryReinstated(mentorship_id=MENTORSHIP, reinstated_on=day(83)),
        on=83,
    ),
    *_ours(
        "exchange",
        OFFERED,
        exchange.ExchangePosted(
            **_CARE,
            health_worker_id=MENTEE,
            exchange_kind=exchange.ExchangeKind.OFFER,
            text="A lift to the district.",
            posted_on=day(37),
        ),
        exchange.ExchangeWithdrawn(**_ONCE, voided_on=day(38)),
        exchange.ExchangeReinstated(**_ONCE, reinstated_on=day(39)),
        on=39,
    ),
    *of(
        "supervision_visit",
        REVISITED,
        oversight.SupervisionVisitHeld(
            **_WHERE,
            programme_version_id=VERSION,
            held_on=day(92),
            joint=False,
            supervisors=("District hospital",),
        ),
        oversight.SupervisionVisitCorrected(
            **_WHERE,
            held_on=day(93),
            joint=True,
            supervisors=("District hospital", "The Ministry"),
        ),
        oversight.SupervisionVisitVoided(**_WHERE, voided_on=day(94)),
        oversight.SupervisionVisitReinstated(**_WHERE, reinstated_on=day(95)),
        on=95,
    ),
    *of(
        "coordination_meeting",
        MET_AGAIN,
        oversight.CoordinationMeetingHeld(
            **_WHERE, programme_version_id=VERSION, held_on=day(92), participants=3
        ),
        oversight.CoordinationMeetingCorrected(**_WHERE, held_on=day(93), participants=30),
        oversight.CoordinationMeetingVoided(**_WHERE, voided_on=day(94)),
        oversight.CoordinationMeetingReinstated(**_WHERE, reinstated_on=day(95)),
        on=95,
    ),
]
_POINTS: dict[str, Any] = {
    "health_worker_id": MENTOR,
    "programme": "INGOBYI",
    "rule": "MENTOR-HOUR",
    "source": CORRECTED,
    "fiscal_year": 2021,
}
EARNING = [
    told
    for number, body in (
        (
            27,
            cpd.CpdPointsAwarded(
                **_POINTS,
                org_unit_id=HOSPITAL,
                minutes=120,
                points=Decimal("2.00"),
                withheld=Decimal("0.50"),
                balance=Decimal("2.00"),
                earned_on=day(27),
            ),
        ),
        (
            29,
            cpd.CpdPointsReversed(
                **_POINTS, points=Decimal("2.00"), balance=Decimal("0.00"), reversed_on=day(29)
            ),
        ),
        (
            29,
            cpd.CpdPointsAwarded(
                **_POINTS,
                org_unit_id=HOSPITAL,
                minutes=45,
                points=Decimal("0.75"),
                balance=Decimal("0.75"),
                earned_on=day(28),
            ),
        ),
    )
    for told in of("cpd_account", ACCOUNT, body, on=number, key=MENTOR)
]
SESSIONS_TOLD: list[Told] = [
    *MEETING_EACH_OTHER,
    *WRITING,
    *ASKING,
    *IMPROVING,
    *OVERSEEING,
    *EARNING,
    *TOUCHING,
    *VISITING,
    *TEACHING,
    *TAKING_BACK,
    *TELLING,
    *GATHERINGS,
]

"""Queries of what happens in and around mentorships: all that the sessions service records."""

import strawberry

from services.gateway.graphql.connection import Connection
from services.gateway.graphql.paging import pages
from services.gateway.graphql.queries.single import single
from services.gateway.graphql.types.contact import Contact, ContactFilter, ContactOrder
from services.gateway.graphql.types.deviation import (
    Deviation,
    DeviationFilter,
    DeviationOrder,
)
from services.gateway.graphql.types.exchange import Exchange, ExchangeFilter, ExchangeOrder
from services.gateway.graphql.types.improvement_action import (
    ImprovementAction,
    ImprovementActionFilter,
    ImprovementActionOrder,
)
from services.gateway.graphql.types.initiative import (
    Initiative,
    InitiativeFilter,
    InitiativeOrder,
)
from services.gateway.graphql.types.journal import (
    JournalEntry,
    JournalEntryFilter,
    JournalEntryOrder,
)
from services.gateway.graphql.types.notice import Notice, NoticeFilter, NoticeOrder
from services.gateway.graphql.types.outcome_story import (
    OutcomeStory,
    OutcomeStoryFilter,
    OutcomeStoryOrder,
)
from services.gateway.graphql.types.oversight import (
    CoordinationMeeting,
    CoordinationMeetingFilter,
    CoordinationMeetingOrder,
    SupervisionVisit,
    SupervisionVisitFilter,
    SupervisionVisitOrder,
)
from services.gateway.graphql.types.plan import Plan, PlanFilter, PlanOrder
from services.gateway.graphql.types.relationship import (
    RelationshipEvaluation,
    RelationshipEvaluationFilter,
    RelationshipEvaluationOrder,
)
from services.gateway.graphql.types.session import Session, SessionFilter, SessionOrder
from services.gateway.graphql.types.support_request import (
    SupportRequest,
    SupportRequestFilter,
    SupportRequestOrder,
)
from services.gateway.graphql.types.visit import Visit, VisitFilter, VisitOrder
from services.gateway.graphql.types.workshop import Workshop, WorkshopFilter, WorkshopOrder


@strawberry.type
class HappeningQueries:
    """What can be asked of sessions, and of what comes with them."""

    session = single("Session", Session, "One session.")
    sessions: Connection[Session] = pages(
        "Session",
        orders=SessionOrder,
        filter=SessionFilter,
        description="Sessions: planned, held, cancelled, voided.",
    )
    visit = single("Visit", Visit, "One visit.")
    visits: Connection[Visit] = pages(
        "Visit",
        orders=VisitOrder,
        filter=VisitFilter,
        description="Visits of mentors: the days, and the sessions held in them.",
    )
    workshop = single("Workshop", Workshop, "One workshop.")
    workshops: Connection[Workshop] = pages(
        "Workshop",
        orders=WorkshopOrder,
        filter=WorkshopFilter,
        description="Sensitisations, orientations, trainings, openings, closings.",
    )
    contact = single("Contact", Contact, "One contact.")
    contacts: Connection[Contact] = pages(
        "Contact",
        orders=ContactOrder,
        filter=ContactFilter,
        description="Calls, messages and words in passing that were no sessions.",
    )
    deviations: Connection[Deviation] = pages(
        "Deviation",
        orders=DeviationOrder,
        filter=DeviationFilter,
        description="What was recorded although it departs from its programme's rules.",
    )
    plan = single("Plan", Plan, "One plan.")
    plans: Connection[Plan] = pages(
        "Plan",
        orders=PlanOrder,
        filter=PlanFilter,
        description="Plans of mentorships, of visits, and of mentees' development.",
    )
    journal_entry = single("JournalEntry", JournalEntry, "One journal entry.")
    journal_entries: Connection[JournalEntry] = pages(
        "JournalEntry",
        orders=JournalEntryOrder,
        filter=JournalEntryFilter,
        description="That journal entries exist, when, and whose; their text for the pair alone.",
    )
    relationship_evaluation = single(
        "RelationshipEvaluation", RelationshipEvaluation, "One evaluation of a relationship."
    )
    relationship_evaluations: Connection[RelationshipEvaluation] = pages(
        "RelationshipEvaluation",
        orders=RelationshipEvaluationOrder,
        filter=RelationshipEvaluationFilter,
        description="How mentors and mentees see their relationship.",
    )
    support_request = single("SupportRequest", SupportRequest, "One support request.")
    support_requests: Connection[SupportRequest] = pages(
        "SupportRequest",
        orders=SupportRequestOrder,
        filter=SupportRequestFilter,
        description="What mentees asked, and what mentors answered.",
    )
    improvement_action = single("ImprovementAction", ImprovementAction, "One improvement action.")
    improvement_actions: Connection[ImprovementAction] = pages(
        "ImprovementAction",
        orders=ImprovementActionOrder,
        filter=ImprovementActionFilter,
        description="The action board: who does what by when.",
    )
    initiative = single("Initiative", Initiative, "One initiative.")
    initiatives: Connection[Initiative] = pages(
        "Initiative",
        orders=InitiativeOrder,
        filter=InitiativeFilter,
        description="What coached people chose to change.",
    )
    exchange = single("Exchange", Exchange, "One offer or request.")
    exchanges: Connection[Exchange] = pages(
        "Exchange",
        orders=ExchangeOrder,
        filter=ExchangeFilter,
        description="What members of mentorships offer each other, and ask for.",
    )
    supervision_visit = single("SupervisionVisit", SupervisionVisit, "One supervision visit.")
    supervision_visits: Connection[SupervisionVisit] = pages(
        "SupervisionVisit",
        orders=SupervisionVisitOrder,
        filter=SupervisionVisitFilter,
        description="Supervision visits that were held.",
    )
    coordination_meeting = single(
        "CoordinationMeeting", CoordinationMeeting, "One coordination meeting."
    )
    coordination_meetings: Connection[CoordinationMeeting] = pages(
        "CoordinationMeeting",
        orders=CoordinationMeetingOrder,
        filter=CoordinationMeetingFilter,
        description="Coordination meetings that were held.",
    )
    notice = single("Notice", Notice, "One notice.")
    notices: Connection[Notice] = pages(
        "Notice",
        orders=NoticeOrder,
        filter=NoticeFilter,
        description="Who must be told that a mentor left, and who was.",
    )
    outcome_story = single("OutcomeStory", OutcomeStory, "One outcome story.")
    outcome_stories: Connection[OutcomeStory] = pages(
        "OutcomeStory",
        orders=OutcomeStoryOrder,
        filter=OutcomeStoryFilter,
        description="What changed because of mentorships.",
    )

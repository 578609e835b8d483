"""Queries of people: who they are, who mentors, who is mentored."""

import strawberry

from services.gateway.graphql.connection import Connection
from services.gateway.graphql.paging import pages
from services.gateway.graphql.queries.single import single
from services.gateway.graphql.types.duplicate import (
    SuspectedDuplicate,
    SuspectedDuplicateFilter,
    SuspectedDuplicateOrder,
)
from services.gateway.graphql.types.health_worker import (
    HealthWorker,
    HealthWorkerFilter,
    HealthWorkerOrder,
)
from services.gateway.graphql.types.mentee import Mentee, MenteeFilter, MenteeOrder
from services.gateway.graphql.types.mentor import Mentor, MentorFilter, MentorOrder
from services.gateway.graphql.types.screening import Screening, ScreeningFilter, ScreeningOrder


@strawberry.type
class PeopleQueries:
    """What can be asked of people."""

    health_worker = single("HealthWorker", HealthWorker, "One health worker.")
    health_workers: Connection[HealthWorker] = pages(
        "HealthWorker",
        orders=HealthWorkerOrder,
        filter=HealthWorkerFilter,
        description="Health workers posted in your scope.",
    )
    mentor = single("Mentor", Mentor, "One mentor.")
    mentors: Connection[Mentor] = pages(
        "Mentor",
        orders=MentorOrder,
        filter=MentorFilter,
        description="Mentors, from their nomination on.",
    )
    mentee = single("Mentee", Mentee, "One mentee, with progress and audit trail.")
    mentees: Connection[Mentee] = pages(
        "Mentee",
        orders=MenteeOrder,
        filter=MenteeFilter,
        description="Mentees: health workers enrolled in an area.",
    )
    suspected_duplicates: Connection[SuspectedDuplicate] = pages(
        "SuspectedDuplicate",
        orders=SuspectedDuplicateOrder,
        filter=SuspectedDuplicateFilter,
        description="Pairs of records that may be of one person, and what became of them.",
    )
    screening = single("Screening", Screening, "One screening of the register.")
    screenings: Connection[Screening] = pages(
        "Screening",
        orders=ScreeningOrder,
        filter=ScreeningFilter,
        description="Screenings of the register for people who are in it twice.",
    )

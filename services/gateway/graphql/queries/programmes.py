"""Queries of programmes: their rules, and who started together under them."""

import strawberry

from services.gateway.graphql.connection import Connection
from services.gateway.graphql.paging import pages
from services.gateway.graphql.queries.single import single, single_of_then
from services.gateway.graphql.types.mentorship import (
    Mentorship,
    MentorshipFilter,
    MentorshipOrder,
)
from services.gateway.graphql.types.programme import (
    Cohort,
    CohortFilter,
    CohortOrder,
    ProgrammeVersion,
    ProgrammeVersionFilter,
    ProgrammeVersionOrder,
)


@strawberry.type
class ProgrammeQueries:
    """What can be asked of programmes, cohorts and mentorships."""

    programme_version = single("ProgrammeVersion", ProgrammeVersion, "One programme version.")
    programme_versions: Connection[ProgrammeVersion] = pages(
        "ProgrammeVersion",
        orders=ProgrammeVersionOrder,
        filter=ProgrammeVersionFilter,
        description="The published rules of programmes.",
    )
    cohort = single("Cohort", Cohort, "One cohort.")
    cohorts: Connection[Cohort] = pages(
        "Cohort", orders=CohortOrder, filter=CohortFilter, description="Cohorts of programmes."
    )
    mentorship = single_of_then("Mentorship", Mentorship, "One mentorship.")
    mentorships: Connection[Mentorship] = pages(
        "Mentorship",
        orders=MentorshipOrder,
        filter=MentorshipFilter,
        description="Mentorships, from their proposal on.",
    )

"""What is told of cohorts."""

from services.gateway.telling.words import Words, tells
from shared.contracts.registry.cohort import (
    CohortApproved,
    CohortClosed,
    CohortExtended,
    CohortMatched,
    CohortMoved,
    CohortOpened,
    CohortPaused,
    CohortResumed,
    CohortStarted,
)

tells(
    CohortOpened,
    Words("The cohort {name} of {programme} was opened at {org_unit_id}, from {starts} to {ends}."),
)
tells(CohortExtended, Words("The cohort was extended to {ends}."))
tells(CohortMoved, Words("The cohort is over {org_unit_id}, since {since}."))
tells(CohortPaused, Words("The cohort pauses since {since}: {cause}."))
tells(CohortResumed, Words("The cohort that paused on {paused} goes on, since {since}."))
tells(CohortApproved, Words("The cohort was approved on {approved_on}."))
tells(CohortStarted, Words("The cohort started on {started_on}."))
tells(CohortClosed, Words("The cohort was closed on {closed_on}."))
tells(
    CohortMatched,
    Words(
        "Mentees were matched with mentors; mentorships proposed: {mentorships:count}, "
        "mentees left: {unmatched:count}."
    ),
)

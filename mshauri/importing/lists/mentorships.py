"""`mentorships`: which mentors take which mentees into their care where; one row a mentorship."""

from typing import Any

from mshauri.api import global_id
from mshauri.importing.columns import Column, Form
from mshauri.importing.kinds import Kind
from mshauri.importing.known import NO_MENTORSHIPS, Known
from mshauri.importing.planned import Planned, wish
from mshauri.importing.rows import Draft
from mshauri.importing.words import MEANS
from shared.contracts.base import Code
from shared.contracts.registry.mentorship import MentorshipPropose
from shared.domain import derived_id


def _people(name: str) -> Column:
    return Column(
        name=name, means=MEANS[name], form=Form.CODE, ref="HealthWorker", many=True, required=True
    )


def _plan(draft: Draft, known: Known) -> Planned | None:
    programme, area = draft.text("programme"), draft.text("area")
    cohort = known.cohorts[programme, draft.text("cohort")]
    mentors, mentees = (frozenset(draft.values[name]) for name in ("mentors", "mentees"))
    same = cohort, mentees, area
    for stands in known.mentorships.get(cohort, NO_MENTORSHIPS).of(min(mentees)):
        if stands.status not in _OVER and mentees <= stands.mentees:
            if mentors != stands.mentors:
                draft.stands_otherwise("mentors", "mentorshipReassign")
                return None
            return Planned(draft=draft, same=same, id=stands.id)
    enrolments = [one for number in sorted(mentees) for one in _enrolled(number, draft, known)]
    areas = {area} if area else {one["area"] for one in enrolments}
    rights = [one for number in sorted(mentors) for one in _mentoring(number, areas, draft, known)]
    if draft.errors:
        return None
    key = cohort, draft.text("occurredOn"), *sorted(mentors), "", *sorted(mentees), area
    id = derived_id("import_mentorship", *key)
    sent = wish(
        MentorshipPropose,
        draft,
        known,
        key=("mentorship", *key),
        id=str(id),
        cohortId=cohort,
        mentorIds=[one["id"] for one in rights],
        enrolmentIds=[one["id"] for one in enrolments],
    )
    return Planned(
        draft=draft,
        same=same,
        id=global_id("Mentorship", id),
        wishes=(sent,),
        writes=mentors | mentees,
    )


_OVER = ("DECLINED", "CONCLUDED")


def _enrolled(number: str, draft: Draft, known: Known) -> list[dict[str, Any]]:
    """Return a mentee's enrolments in the cohort; none is a mistake."""
    programme, area = draft.text("programme"), draft.text("area")
    cohort = known.cohorts[programme, draft.text("cohort")]
    found = [
        one
        for one in known.people[number]["enrolments"]
        if one["cohort"] is not None
        and one["cohort"]["id"] == cohort
        and one["withdrawnOn"] is None
        and area in ("", one["area"])
    ]
    if not found:
        draft.wrong("NOT_ENROLLED", "mentees", number, area=area or "any area", programme=programme)
    return found


def _mentoring(number: str, areas: set[str], draft: Draft, known: Known) -> list[dict[str, Any]]:
    """Return what a mentor mentors in of these areas; nothing is a mistake."""
    programme = draft.text("programme")
    found = [
        one
        for one in known.people[number]["mentoring"]
        if one["programme"] == programme and one["area"] in areas
    ]
    if not found and areas:
        named = ", ".join(sorted(areas))
        draft.wrong("NO_MENTOR", "mentors", number, areas=named, programme=programme)
    return found


MENTORSHIPS = Kind(
    name="mentorships",
    record="mentorship",
    sends=(MentorshipPropose,),
    key=("programme", "cohort", "mentees", "area"),
    plan=_plan,
    person="""mentoring { id programme area }
  enrolments { id area withdrawnOn cohort { id } }""",
    hidden=frozenset({"mentorIds", "enrolmentIds"}),
    also=(
        _people("mentors"),
        _people("mentees"),
        Column(name="area", means=MEANS["area"], form=Form.CODE, hint=Code),
    ),
    required=frozenset({"occurredOn"}),
    mentorships=True,
)

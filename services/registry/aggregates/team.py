"""Who fits together: what the programme's ratio asks of a team and the mentees in its care."""

from collections.abc import Sequence

from services.registry.aggregates.mentorship_rules import (
    AreaNotCovered,
    MenteeCount,
    MentorIsMentee,
    OneOfEachArea,
    TeamSize,
)
from shared.contracts.definition import Ratio
from shared.contracts.registry.mentorship import MenteeParty, MentorParty


def must_fit(
    ratio: Ratio,
    areas: Sequence[str],
    mentors: Sequence[MentorParty],
    mentees: Sequence[MenteeParty],
) -> None:
    """Refuse a team and mentees that the programme's ratio does not allow.

    Raises:
        TeamSize, OneOfEachArea, AreaNotCovered, MenteeCount, MentorIsMentee: as they say.
    """
    people = {party.health_worker_id for party in mentors}
    least, most = ratio.team
    if not least <= len(mentors) <= most or len(people) != len(mentors):
        asked = str(least) if least == most else f"{least} to {most}"
        raise TeamSize("mentorIds", mentors=len(people), asked=asked)
    team_areas = sorted(party.area for party in mentors)
    if ratio.one_of_each_area and team_areas != sorted(areas):
        raise OneOfEachArea(
            "mentorIds", areas=", ".join(team_areas), asked=", ".join(sorted(areas))
        )
    least, most = ratio.mentees
    # By the enrolment: one person may be mentored in two areas, and named for both.
    enrolments = {party.enrolment_id for party in mentees}
    if not least <= len(enrolments) <= most or len(enrolments) != len(mentees):
        raise MenteeCount("enrolmentIds", mentees=len(enrolments), least=least, most=most)
    for party in mentees:
        if party.health_worker_id in people:
            raise MentorIsMentee("enrolmentIds", person=party.health_worker_id)
        if party.area not in team_areas:
            raise AreaNotCovered("mentorIds", area=party.area, areas=", ".join(team_areas))

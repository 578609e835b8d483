"""Who fits together: what the programme's ratio asks of a team and the mentees in its care."""

from collections.abc import Sequence

from services.registry.aggregates.mentorship_rules import (
    AreaNotCovered,
    MenteeCount,
    MenteeTwice,
    MentorIsMentee,
    MentorTwice,
    OneOfEachArea,
    TeamSize,
)
from shared.contracts.definition import Ratio
from shared.contracts.registry.mentorship import MenteeParty, MentorParty
from shared.domain.findings import Findings


def must_fit(
    ratio: Ratio,
    areas: Sequence[str],
    mentors: Sequence[MentorParty],
    mentees: Sequence[MenteeParty],
    findings: Findings,
) -> None:
    """Weigh a team and its mentees by the programme's ratio.

    A team is counted by its people: one who mentors two areas is one, and stands for both.
    TeamSize, OneOfEachArea, AreaNotCovered, MenteeCount, MentorIsMentee: as they say.
    """
    people = {party.health_worker_id for party in mentors}
    team_areas = sorted(party.area for party in mentors)
    least, most = ratio.team
    with findings.weighing():
        if len({party.mentor_id for party in mentors}) != len(mentors):
            raise MentorTwice("mentorIds")
    with findings.weighing():
        if not least <= len(people) <= most:
            asked = str(least) if least == most else f"{least} to {most}"
            raise TeamSize("mentorIds", mentors=len(people), asked=asked)
    with findings.weighing():
        if ratio.one_of_each_area and team_areas != sorted(areas):
            raise OneOfEachArea(
                "mentorIds", areas=", ".join(team_areas), asked=", ".join(sorted(areas))
            )
    # By the enrolment: one person may be mentored in two areas, and named for both.
    with findings.weighing():
        if len({party.enrolment_id for party in mentees}) != len(mentees):
            raise MenteeTwice("enrolmentIds")
    with findings.weighing():
        must_be_so_many(ratio, len(mentees), field="enrolmentIds")
    for party in mentees:
        with findings.weighing():
            if party.health_worker_id in people:
                raise MentorIsMentee("enrolmentIds", person=party.health_worker_id)
            must_be_covered(party, team_areas, field="mentorIds")


def must_be_so_many(ratio: Ratio, mentees: int, *, field: str) -> None:
    """Raise MenteeCount unless one team cares for so many."""
    least, most = ratio.mentees
    if not least <= mentees <= most:
        raise MenteeCount(field, mentees=mentees, least=least, most=most)


def must_be_covered(mentee: MenteeParty, areas: Sequence[str], *, field: str) -> None:
    """Raise AreaNotCovered unless somebody mentors in the mentee's area."""
    if mentee.area not in areas:
        raise AreaNotCovered(field, area=mentee.area, areas=", ".join(areas))

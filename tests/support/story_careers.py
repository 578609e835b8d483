"""What registry recorded of somebody who was said to be struck off, and was not: it followed, and
was undone.
"""

from shared.contracts.registry import access_grant as grants
from shared.contracts.registry import employment, mentor, mentorship
from tests.support.story_registry import DEPUTY, GASANA, HABIMANA, LATER, THIRD_COHORT
from tests.support.telling import CENTRE, VERSION, Told, day, id_of, of

_GRANT = id_of("a grant that came back")
_CARE = id_of("fourth mentorship")
_STRUCK_OFF = employment.EmploymentSince(
    employment=employment.Employment.STRUCK_OFF, since=day(196)
)
_BACK = employment.EmploymentSince(employment=employment.Employment.ACTIVE, since=day(197))
_LEAVE = employment.EmploymentSince(
    employment=employment.Employment.ON_LEAVE, since=day(192), expected_return=day(199)
)


def _of_care(becomes: employment.Becomes, *, undone: bool = False) -> employment.Outcome:
    return employment.Outcome(
        duty=employment.Duty.MENTORSHIP,
        record_id=_CARE,
        party_id=DEPUTY,
        becomes=becomes,
        on=day(196),
        because=employment.Employment.STRUCK_OFF,
        since=day(196),
        undone=undone,
    )


CAREERS: tuple[Told, ...] = (
    *of(
        "access_grant",
        _GRANT,
        grants.AccessGrantGiven(
            subject_name="gasana@example.org",
            role=grants.Role.MENTOR,
            org_unit_id=CENTRE,
            health_worker_id=GASANA,
            since=day(150),
        ),
        on=150,
    ),
    *of(
        "mentorship",
        _CARE,
        mentorship.MentorshipProposed(
            cohort_id=THIRD_COHORT,
            programme_version_id=VERSION,
            programme="INGOBYI",
            org_unit_id=CENTRE,
            mentors=(
                mentorship.MentorParty(mentor_id=DEPUTY, health_worker_id=GASANA, area="OBS"),
            ),
            mentees=(
                mentorship.MenteeParty(enrolment_id=LATER, health_worker_id=HABIMANA, area="OBS"),
            ),
            letters=False,
        ),
        mentorship.MentorshipAgreed(agreed_on=day(195)),
        on=195,
    ),
    *of(
        "health_worker",
        GASANA,
        employment.HealthWorkerEmploymentTold(
            health_worker_id=GASANA, employment=(_LEAVE, _STRUCK_OFF)
        ),
        employment.HealthWorkerEmploymentFollowed(
            health_worker_id=GASANA, outcomes=(_of_care(employment.Becomes.DISENGAGED),)
        ),
        on=196,
    ),
    *of("access_grant", _GRANT, grants.AccessGrantRevoked(since=day(196)), on=196),
    *of(
        "mentorship",
        _CARE,
        mentorship.MentorDisengaged(
            mentor_id=DEPUTY,
            health_worker_id=GASANA,
            programme="INGOBYI",
            org_unit_id=CENTRE,
            left_on=day(196),
            team=0,
            cause=mentorship.MentorLeaving.LEFT_SERVICE,
        ),
        on=196,
        reason="Their employment was told, or corrected.",
    ),
    *of(
        "health_worker",
        GASANA,
        employment.HealthWorkerEmploymentTold(
            health_worker_id=GASANA, employment=(_LEAVE, _BACK), removed=(day(196),)
        ),
        employment.HealthWorkerEmploymentFollowed(
            health_worker_id=GASANA,
            outcomes=(_of_care(employment.Becomes.REJOINED, undone=True),),
        ),
        on=198,
        reason="The council meant a namesake.",
    ),
    *of(
        "mentor",
        id_of("a mentor who was not struck off"),
        mentor.MentorSuspended(
            health_worker_id=GASANA,
            programme="INGOBYI",
            area="OBS",
            since=day(196),
            ground=mentor.SuspensionGround.LEFT_SERVICE,
        ),
        mentor.MentorSuspensionVoided(
            health_worker_id=GASANA,
            programme="INGOBYI",
            area="OBS",
            since=day(196),
            certified=True,
            certified_on=day(103),
        ),
        on=198,
        key=GASANA,
    ),
    *of("access_grant", _GRANT, grants.AccessGrantRestored(revoked=day(196)), on=198),
    *of(
        "mentorship",
        _CARE,
        mentorship.MentorshipLeavingVoided(
            party_id=DEPUTY,
            health_worker_id=GASANA,
            side=mentorship.Side.MENTOR,
            left_on=day(196),
            agreed=True,
        ),
        on=198,
    ),
)

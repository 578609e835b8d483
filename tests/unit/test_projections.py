"""What each kind of event shows in the read models."""

from typing import Any

import pytest

from services.gateway.projections import PROJECTIONS
from tests.support.rows import Rows
from tests.support.story import (
    CENTRE,
    COHORT,
    ENROLMENT,
    HOSPITAL,
    HUYE,
    MATERNITY,
    MENTEE,
    MENTOR,
    MENTORSHIP,
    NOMINEE,
    PAEDIATRICS,
    RULES,
    RWANDA,
    SESSION,
    SOUTH,
    VERSION,
    day,
    happenings,
)

Row = dict[str, Any]


@pytest.fixture(scope="module")
def rows() -> Rows:
    """The read models at the end of the story."""
    rows = Rows()
    for happening in happenings():
        rows.happen(PROJECTIONS, happening)
    return rows


def only(rows: Rows, table: str, **wanted: Any) -> Row:
    """Return the one row that is so."""
    (row,) = [row for row in rows.of(table) if row | wanted == row]
    return row


def shows(row: Row, **values: Any) -> bool:
    """Say whether a row holds these values."""
    return row | values == row


def test_an_org_unit_is_shown_under_its_newest_name_and_parent(rows: Rows) -> None:
    assert only(rows, "org_unit", id=HOSPITAL)["name"] == "Kabutare DH"
    assert shows(only(rows, "org_unit", id=HUYE), parent_id=SOUTH, since=day(0), record_version=2)


def test_where_a_unit_was_on_any_day_is_kept(rows: Rows) -> None:
    parents = {
        row["since"]: row["parent_id"]
        for row in rows.of("org_unit_parent")
        if row["org_unit_id"] == HUYE
    }
    assert parents == {day(0): RWANDA, day(5): SOUTH}


def test_a_facility_shows_what_its_list_says(rows: Rows) -> None:
    facility = only(rows, "org_unit", id=HOSPITAL)
    assert shows(facility, facility_type="District hospital", facility_beds=96)
    assert shows(facility, facility_operational=True, facility_level=None)


def test_a_district_shows_no_facility(rows: Rows) -> None:
    assert only(rows, "org_unit", id=HUYE)["facility_operational"] is None


def test_a_health_worker_is_shown_at_their_newest_posting(rows: Rows) -> None:
    mentee = only(rows, "health_worker", id=MENTEE)
    assert shows(mentee, given_names="Grace", number="N-77", org_unit_id=HOSPITAL, since=day(8))
    assert mentee["record_version"] == 2


def test_every_posting_is_kept(rows: Rows) -> None:
    postings = {
        row["since"]: row["org_unit_id"]
        for row in rows.of("posting")
        if row["health_worker_id"] == MENTEE
    }
    assert postings == {day(0): CENTRE, day(8): HOSPITAL}


def test_a_programme_version_is_shown_with_its_definition(rows: Rows) -> None:
    version = only(rows, "programme_version", id=VERSION)
    assert shows(version, programme="INGOBYI", version=1, name="Hospital mentorship")
    assert version["definition"] == RULES


def test_a_framework_is_shown_with_its_checklists(rows: Rows) -> None:
    (row,) = rows.of("framework")
    assert shows(row, code="PAED", framework_version=2, competencies=PAEDIATRICS.competencies)


def test_a_cohort_is_shown(rows: Rows) -> None:
    assert shows(only(rows, "cohort", id=COHORT), code="FY21", starts=day(0), org_unit_id=RWANDA)


def test_a_mentor_is_shown_with_both_evaluations_and_the_day_of_each_step(rows: Rows) -> None:
    mentor = only(rows, "mentor", id=NOMINEE)
    assert shows(mentor, status="CERTIFIED", theory=92, practical=88, health_worker_id=MENTOR)
    steps = [mentor[step] for step in ("nominated_on", "oriented_on", "certified_on")]
    assert steps == [day(2), day(3), day(4)]


def test_a_mentor_who_was_assigned_has_the_version_a_client_must_expect(rows: Rows) -> None:
    assert only(rows, "mentor", id=NOMINEE)["record_version"] == 4


def test_a_mentee_is_shown_with_enrolment_and_progress(rows: Rows) -> None:
    mentee = only(rows, "mentee", id=ENROLMENT)
    assert shows(mentee, health_worker_id=MENTEE, association="RPA", fiscal_year=2021)
    assert shows(mentee, baseline_raw=9, baseline_max=20, validated=2, competencies=2)
    assert shows(mentee, first_validated_on=day(50), fully_validated_on=day(60))
    assert shows(mentee, last_assessed_on=day(60), record_version=1, competency_record_version=9)


def test_a_mentee_who_was_never_assessed_has_no_progress(rows: Rows) -> None:
    mentee = only(rows, "mentee", id=MATERNITY)
    assert shows(mentee, since=day(10), validated=None, first_validated_on=None)


def test_progress_at_a_competency_is_that_of_the_last_attempt(rows: Rows) -> None:
    progress = only(rows, "competency_progress", mentee_id=ENROLMENT, competency="CPAP")
    assert shows(progress, attempts=2, raw=17, max=20, technique=True, reached=True)
    assert shows(progress, name="Bubble CPAP", validated_on=day(50))


def test_every_attempt_is_kept_whatever_it_showed(rows: Rows) -> None:
    attempts = [row for row in rows.of("assessment") if row["competency"] == "CPAP"]
    assert [(row["attempt"], row["raw"], row["reached"]) for row in attempts] == [
        (1, 16, False),
        (2, 17, True),
    ]


def test_a_mentorship_is_agreed_on_the_day_of_its_last_signature(rows: Rows) -> None:
    mentorship = only(rows, "mentorship", id=MENTORSHIP)
    assert shows(mentorship, proposed_on=day(11), agreed_on=day(13), record_version=4)


def test_each_party_is_shown_once_with_the_day_they_signed(rows: Rows) -> None:
    parties = [row for row in rows.of("mentorship_party") if row["mentorship_id"] == MENTORSHIP]
    assert {(row["side"], row["health_worker_id"], row["signed_on"]) for row in parties} == {
        ("MENTOR", MENTOR, day(12)),
        ("MENTEE", MENTEE, day(13)),
    }


def test_a_mentee_in_two_areas_of_one_mentorship_is_in_its_care_twice(rows: Rows) -> None:
    care = {
        (row["mentee_id"], row["area"])
        for row in rows.of("mentorship_mentee")
        if row["mentorship_id"] == MENTORSHIP
    }
    assert care == {(ENROLMENT, "PAED"), (MATERNITY, "OBS")}
    assert only(rows, "mentorship_party", health_worker_id=MENTEE)["areas"] == ("PAED", "OBS")


def test_a_session_is_shown_with_who_was_there(rows: Rows) -> None:
    session = only(rows, "session", id=SESSION)
    assert shows(session, held_on=day(20), minutes=480, mode="IN_PERSON", steps=("ROUND",))
    there = {
        (row["side"], row["health_worker_id"])
        for row in rows.of("session_attendance")
        if row["session_id"] == SESSION
    }
    assert there == {("MENTOR", MENTOR), ("MENTEE", MENTEE)}

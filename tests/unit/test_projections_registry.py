"""What registry's later events show: units that end, a merge undone, a mentorship handed over."""

from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from services.gateway.projections import PROJECTIONS
from tests.support.rows import Rows
from tests.support.story import MENTOR, NOMINEE, happenings
from tests.support.story_registry import (
    BY_CASCADE,
    CARE,
    CLUSTER,
    DECLINED,
    DELIVERY,
    DELIVERY_AGAIN,
    DEPUTY,
    ENROLLING,
    GASANA,
    GISHAMVU,
    HABIMANA,
    KARAMA,
    KEZA,
    KEZA_AGAIN,
    KINAZI,
    MEETING,
    NURSING,
    POST,
    REACHING,
    REFORM,
    RUSATIRA,
    SECOND_COHORT,
    SECOND_VERSION,
)
from tests.support.telling import (
    CENTRE,
    COHORT,
    ENROLMENT,
    HOSPITAL,
    HUYE,
    VERSION,
    day,
    id_of,
)

Row = dict[str, Any]


@pytest.fixture(scope="module")
def rows() -> Rows:
    """The read models at the end of the story."""
    return told_until(None)


def told_until(on: int | None) -> Rows:
    """Return the read models after all that occurred until a day, in the order it was recorded."""
    rows = Rows()
    for happening in happenings():
        if on is None or happening.meta.occurred_on <= day(on):
            rows.happen(PROJECTIONS, happening)
    return rows


def found(rows: Rows, table: str, **wanted: Any) -> Iterator[Row]:
    """Yield the rows that are so."""
    return (row for row in rows.of(table) if row | wanted == row)


def only(rows: Rows, table: str, **wanted: Any) -> Row:
    """Return the one row that is so."""
    (row,) = found(rows, table, **wanted)
    return row


def shows(row: Row, **values: Any) -> bool:
    """Say whether a row holds these values."""
    return row | values == row


def test_a_unit_that_was_split_up_names_its_successors_and_they_name_it(rows: Rows) -> None:
    before = only(rows, "org_unit", id=RUSATIRA)
    assert shows(before, state="SPLIT", ended_on=day(70), successors=(KINAZI, GISHAMVU))
    for successor in (KINAZI, GISHAMVU):
        after = only(rows, "org_unit", id=successor)
        assert shows(after, state="ACTIVE", predecessors=(RUSATIRA,), ended_on=None)


def test_a_merged_unit_names_the_one_it_became_part_of(rows: Rows) -> None:
    assert shows(only(rows, "org_unit", id=POST), state="MERGED", into_id=CENTRE, ended_on=day(80))


def test_a_closed_unit_is_no_more_since_a_day(rows: Rows) -> None:
    assert shows(only(rows, "org_unit", id=KARAMA), facility_type="Health post", facility_beds=4)
    assert shows(only(rows, "org_unit", id=KARAMA), state="CLOSED", ended_on=day(90), into_id=None)


def test_what_held_of_a_facility_and_which_codes_it_had_is_kept_by_day(rows: Rows) -> None:
    held = {
        row["since"]: (row["ownership"], row["services"])
        for row in found(rows, "org_unit_facility", org_unit_id=KARAMA)
    }
    assert held == {day(62): (None, ("ART", "ANC")), day(84): ("PUBLIC", ())}
    coded = {
        (row["system"], row["code"]): (row["since"], row["until"])
        for row in found(rows, "org_unit_code", org_unit_id=KARAMA)
    }
    assert coded == {
        ("OWN", "C-5"): (day(61), day(84)),
        ("OWN", "C-55"): (day(84), None),
        ("MFL", "M 1"): (day(61), day(63)),
        ("MFL", "M 2"): (day(63), day(84)),
    }
    assert only(rows, "org_unit", id=KARAMA)["code"] == "C-55"


def test_a_groups_members_are_units_and_people_and_who_left_is_kept(rows: Rows) -> None:
    members = {row["member_id"]: row["until"] for row in found(rows, "group_member")}
    assert members == {HUYE: day(95), GASANA: None}
    assert shows(only(rows, "group", id=CLUSTER), group_kind="CLUSTER", record_version=11)
    officers = found(rows, "group_officer", health_worker_id=GASANA)
    terms = {row["office"]: (row["since"], row["until"]) for row in officers}
    assert terms == {"REPRESENTATIVE": (day(62), None), "CHAIR": (day(64), day(94))}


def test_a_target_is_what_it_was_told_to_be_last(rows: Rows) -> None:
    reach = only(rows, "target", id=REACHING)
    assert shows(reach, number=250, org_unit_id=None, fiscal_year=2021, record_version=2)
    assert numbers_of(rows, REACHING) == {day(0): 200, day(60): 250}
    withdrawn = told_until(100)
    assert only(withdrawn, "target", id=ENROLLING)["number"] is None
    assert numbers_of(withdrawn, ENROLLING) == {day(0): 20, day(100): None}
    assert shows(only(rows, "target", id=ENROLLING), number=25, org_unit_id=HUYE, area="PAED")
    assert numbers_of(rows, ENROLLING) == {day(0): 25}
    assert shows(only(rows, "target", id=MEETING), group_id=CLUSTER, fiscal_year=None)


def numbers_of(rows: Rows, target: UUID) -> dict[date, int | None]:
    """Return what a target was, by the day since when."""
    told = (row for row in rows.of("target_number") if row["target_id"] == target)
    return {row["since"]: row["number"] for row in told}


def test_a_health_worker_shows_the_cadre_of_now(rows: Rows) -> None:
    worker = only(rows, "health_worker", id=HABIMANA)
    assert shows(worker, cadre="Senior nurse", record_version=14)


def test_postings_that_were_said_anew_take_the_place_of_those_before(rows: Rows) -> None:
    postings = {
        row["since"]: row["org_unit_id"]
        for row in found(rows, "posting", health_worker_id=HABIMANA, kind="PRIMARY")
    }
    assert postings == {day(40): HOSPITAL, day(59): CENTRE}
    worker = only(rows, "health_worker", id=HABIMANA)
    assert shows(worker, org_unit_id=CENTRE, since=day(59), given_names="Jean Bosco")


def test_a_health_worker_shows_the_phone_and_languages_of_now(rows: Rows) -> None:
    worker = only(rows, "health_worker", id=HABIMANA)
    assert shows(worker, phone="+250 788 333 444", languages=("rw", "fr", "en"))
    assert shows(worker, sex="MALE", birth_year=1988, employer="A partner of the hospital")


def test_a_second_posting_stands_beside_the_line_as_it_is_said_now(rows: Rows) -> None:
    (second,) = found(rows, "posting", health_worker_id=HABIMANA, kind="SECONDARY")
    assert shows(second, org_unit_id=HOSPITAL, since=day(75), until=None)


def test_a_licence_is_shown_as_it_was_corrected(rows: Rows) -> None:
    (licence,) = found(rows, "licence", health_worker_id=HABIMANA)
    assert shows(
        licence,
        issuing_body="Council of Nurses and Midwives",
        valid_until=day(565),
        withdrawn_on=day(74),
    )


def test_the_right_number_stands_in_the_wrong_one_s_place(rows: Rows) -> None:
    (number,) = found(rows, "person_identifier", health_worker_id=HABIMANA)
    assert shows(number, system="NCNM register", value="4712")


def test_a_merged_record_names_the_one_that_stands_for_it_until_the_merge_is_reversed(
    rows: Rows,
) -> None:
    merged = told_until(170)
    assert only(merged, "health_worker", id=KEZA_AGAIN)["merged_into_id"] == KEZA
    assert only(merged, "mentee", id=DELIVERY_AGAIN)["status"] == "SET_ASIDE"
    assert only(rows, "health_worker", id=KEZA_AGAIN)["merged_into_id"] is None
    assert only(rows, "mentee", id=DELIVERY_AGAIN)["status"] == "ENROLLED"


def test_a_suspicion_is_settled_by_a_look_or_by_a_merge(rows: Rows) -> None:
    def states(at: Rows) -> dict[Any, str]:
        return {row["other_id"]: row["state"] for row in found(at, "suspected_duplicate")}

    assert states(told_until(62)) == {KEZA: "SUSPECTED", HABIMANA: "SUSPECTED"}
    assert states(told_until(170)) == {KEZA: "MERGED", HABIMANA: "DISMISSED"}
    assert states(rows) == {KEZA: "DISMISSED", HABIMANA: "DISMISSED"}
    pair = only(rows, "suspected_duplicate", other_id=KEZA)
    assert shows(pair, grounds=("PHONE", "NAME_AND_FACILITY"), score=91, settled_on=day(180))


def test_a_cohort_shows_each_station_and_what_its_matching_came_to(rows: Rows) -> None:
    cohort = only(rows, "cohort", id=SECOND_COHORT)
    assert shows(cohort, status="CLOSED", approved_by="The district's office", closed_on=day(300))
    assert shows(cohort, match_score=127.5, match_bound=127.5, match_proposals=2)
    assert shows(only(rows, "cohort", id=COHORT), status="OPEN", started_on=None)
    left = only(rows, "cohort_unmatched", cohort_id=SECOND_COHORT)
    assert shows(left, mentee_id=DELIVERY_AGAIN, binding="NO_AVAILABILITY", matched_on=day(104))


def test_a_mentor_by_cascade_names_the_enrolment_that_earned_it(rows: Rows) -> None:
    mentor = only(rows, "mentor", id=BY_CASCADE)
    assert shows(mentor, nominated_by="CASCADE", earned_in=ENROLMENT, programme="INGOBYI-POST")


def test_a_mentor_shows_what_they_declared_and_whether_they_may_mentor(rows: Rows) -> None:
    declared = {"skills": ("BIRTH",), "places": 2, "available_until": day(300)}
    assert shows(only(told_until(262), "mentor", id=DEPUTY), status="SUSPENDED", **declared)
    mentor = only(rows, "mentor", id=DEPUTY)
    assert shows(mentor, status="CERTIFIED", suspended_on=None, criteria=("PRACTISES",))


def test_a_mentors_load_is_what_they_carry_now(rows: Rows) -> None:
    carried = only(told_until(143), "mentor_load", mentor_id=DEPUTY)
    assert shows(carried, mentorship_id=CARE, assigned_on=day(143))
    assert not list(found(rows, "mentor_load", mentor_id=DEPUTY))


def test_a_mentee_shows_where_they_enrolled_where_they_are_and_under_which_rules(
    rows: Rows,
) -> None:
    mentee = only(rows, "mentee", id=DELIVERY)
    assert shows(mentee, org_unit_id=CENTRE, org_unit_now_id=HOSPITAL, supervisor_id=HABIMANA)
    assert shows(mentee, programme_version_id=SECOND_VERSION, status="COMPLETED")
    assert shows(mentee, completed_on=day(259), trained_on=day(101), record_version=15)
    assert shows(mentee, needs=("BIRTH", "PPH"))
    versions = [
        (row["since"], row["programme_version_id"], row["reason"])
        for row in found(rows, "mentee_version", mentee_id=DELIVERY)
    ]
    assert sorted(versions, key=lambda each: each[0]) == [
        (day(100), VERSION, None),
        (day(160), SECOND_VERSION, "The rules of 2022 suit her."),
    ]


def test_a_mentee_who_withdrew_is_shown_as_one(rows: Rows) -> None:
    assert shows(only(rows, "mentee", id=NURSING), status="WITHDRAWN", withdrawn_on=day(200))


def test_a_mentees_goals_trainings_and_ratings_are_kept(rows: Rows) -> None:
    goals = {
        row["goal"]: row["reached_on"] for row in found(rows, "mentee_goal", mentee_id=DELIVERY)
    }
    assert goals == {"G1": day(150), "G2": day(149)}
    training = only(rows, "mentee_training", mentee_id=DELIVERY)
    assert shows(training, training="Safe birth", days=5)
    assert only(rows, "self_rating", mentee_id=DELIVERY, skill="BIRTH")["level"] == 2


@pytest.mark.parametrize(
    ("on", "status"),
    [
        (104, "PROPOSED"),
        (105, "ACCEPTED"),
        (106, "AGREED"),
        (140, "DISENGAGED"),
        (143, "ACCEPTED"),
        (144, "AGREED"),
        (260, "CONCLUDED"),
    ],
)
def test_a_mentorship_goes_from_proposal_over_a_new_mentor_to_its_end(on: int, status: str) -> None:
    assert only(told_until(on), "mentorship", id=CARE)["status"] == status


def test_a_proposal_that_was_declined_is_kept(rows: Rows) -> None:
    declined = only(rows, "mentorship", id=DECLINED)
    assert shows(declined, status="DECLINED", declined_on=day(105), matched=True, score=40.0)


def test_a_mentorships_phases_are_dated_and_reasoned(rows: Rows) -> None:
    phases = {
        row["phase"]: (row["since"], row["reason"])
        for row in found(rows, "mentorship_phase", mentorship_id=CARE)
    }
    assert phases == {
        "PROACTIVE": (day(104), None),
        "REACTIVE": (day(130), "The proactive visits are over."),
    }
    assert only(rows, "mentorship", id=CARE)["phase"] == "REACTIVE"


def test_a_mentor_who_left_stays_among_the_parties_with_the_day(rows: Rows) -> None:
    left = only(rows, "mentorship_party", mentorship_id=CARE, health_worker_id=MENTOR)
    assert shows(left, left_on=day(140), signed_on=day(106), mentor_id=NOMINEE)
    came = only(rows, "mentorship_party", mentorship_id=CARE, health_worker_id=GASANA)
    assert shows(came, left_on=None, signed_on=day(144), mentor_id=DEPUTY, side="MENTOR")


def test_a_disengagement_names_who_was_told_and_who_had_still_to_be(rows: Rows) -> None:
    leaving = only(rows, "disengagement", mentorship_id=CARE)
    assert shows(leaving, reason="Posted abroad.", due=("SECRETARIAT",), due_on=day(147), team=0)
    assert [told.role for told in leaving["notified"]] == ["FOCAL-PERSON"]


def test_a_reform_shows_what_was_drafted_last_and_how_far_it_came(rows: Rows) -> None:
    meant = only(rows, "reform", id=REFORM)
    assert shows(meant, state="WITHDRAWN", effective_on=day(401), record_version=5)
    assert meant["faults"] == [{"code": "ALREADY_TAKEN", "field": "changes[1].code"}]
    split, new = found(rows, "reform_change", draft_id=meant["draft_id"])
    assert split["children"] == [HUYE]
    assert split["children_parents"] == split["successors"][:1]
    assert shows(new, change_kind="ESTABLISH", code="RW-N", org_unit_id=id_of("a new province"))
    done = only(rows, "reform", id=id_of("a reform that was carried out"))
    assert shows(done, state="CARRIED_OUT", carried_out_on=day(97))

"""What validation's later events show: validations that end, and what follows from one."""

from typing import Any

import pytest

from services.gateway.projections import PROJECTIONS
from shared.contracts.validation.competency_record import CompetencyRevoked
from shared.domain.ids import derived_id
from tests.support.rows import Rows
from tests.support.story import FIRST_YEAR, happenings
from tests.support.story_registry import DELIVERY, HABIMANA, KEZA, NURSING
from tests.support.story_validation import ANOTHER, CERTIFICATE, FACILITY, NUMBER
from tests.support.telling import (
    CENTRE,
    ENROLMENT,
    HOSPITAL,
    MENTEE,
    RECORD,
    VERSION,
    day,
    of,
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


def test_with_the_last_validation_the_day_of_the_first_is_gone(rows: Rows) -> None:
    for mentee in (DELIVERY, NURSING):
        row = only(rows, "mentee", id=mentee)
        assert shows(row, validated=0, competencies=2, first_validated_on=None)


def test_whoever_loses_one_of_all_is_validated_but_no_longer_fully() -> None:
    revoked = CompetencyRevoked(
        health_worker_id=MENTEE,
        enrolment_id=ENROLMENT,
        programme_version_id=VERSION,
        programme="INGOBYI",
        area="PAED",
        org_unit_id=HOSPITAL,
        competency="CPAP",
        revoked_on=day(70),
        validated=1,
        competencies=2,
    )
    rows = Rows()
    for happening in happenings(
        (*FIRST_YEAR, *of("competency_record", RECORD, revoked, on=70, key=MENTEE))
    ):
        rows.happen(PROJECTIONS, happening)
    mentee = only(rows, "mentee", id=ENROLMENT)
    assert shows(mentee, validated=1, fully_validated_on=None, first_validated_on=day(50))


@pytest.mark.parametrize(
    ("mentee", "how", "on"), [(DELIVERY, "REVOKED", 125), (NURSING, "LAPSED", 480)]
)
def test_progress_tells_how_a_validation_ended(rows: Rows, mentee: Any, how: str, on: int) -> None:
    progress = only(rows, "competency_progress", mentee_id=mentee, competency="BIRTH")
    assert shows(progress, validated_on=None, valid_until=None, ended_by=how, ended_on=day(on))


def test_every_validation_and_every_end_of_one_is_a_fact_of_its_day(rows: Rows) -> None:
    facts = [
        (row["day"], row["counts"])
        for row in rows.of("validation_fact")
        if row["mentee_id"] == DELIVERY
    ]
    assert sorted(facts) == [(day(121), True), (day(125), False)]


def test_a_coaching_plan_stands_beside_the_attempt_that_failed(rows: Rows) -> None:
    plan = only(rows, "coaching_plan", mentee_id=DELIVERY)
    assert shows(plan, attempt=1, actions=("Three births under supervision",), until=day(120))


def test_a_right_to_mentor_names_its_cause_and_the_mentor_that_came_of_it(rows: Rows) -> None:
    right = only(rows, "right_to_mentor", mentee_id=ENROLMENT)
    assert shows(right, tier="INGOBYI-POST", status="HELD", because=("CPAP", "RESUS"))
    assert right["mentor_id"] == derived_id("mentor", "INGOBYI-POST", "PAED", MENTEE)


def test_a_right_that_was_lost_is_kept_with_its_cause(rows: Rows) -> None:
    right = only(rows, "right_to_mentor", mentee_id=DELIVERY, health_worker_id=KEZA)
    assert shows(right, status="LOST", lost_on=day(125), lost_because="BIRTH", earned_on=day(121))


def test_a_certificate_shows_its_approvals_its_number_and_its_end(rows: Rows) -> None:
    certificate = only(rows, "certificate", id=CERTIFICATE)
    assert shows(certificate, number=NUMBER, awaited=0, status="REVOKED", mentee_id=ENROLMENT)
    assert shows(certificate, issued_on=day(64), revoked_on=day(400), record_version=7)
    steps = {
        row["step"]: row["approved_on"]
        for row in rows.of("certificate_approval")
        if row["certificate_id"] == CERTIFICATE
    }
    assert steps == {"DISTRICT": day(62), "MINISTRY": day(64)}


def test_a_certificate_issued_anew_says_which_number_it_supersedes(rows: Rows) -> None:
    certificate = only(rows, "certificate", id=ANOTHER)
    assert shows(certificate, status="REVOKED", revoked_on=day(496), declined_on=None)
    assert shows(certificate, supersedes="INGOBYI-2022-1AAAAAAA-1")
    number = only(rows, "superseded_number", number="INGOBYI-2022-1AAAAAAA-1")
    assert shows(number, certificate_id=ANOTHER, superseded_by=certificate["number"])


def test_no_read_model_but_the_trail_says_who_approved(rows: Rows) -> None:
    tables = (
        name
        for name in rows.tables
        if name not in ("audit_event", "audit_trail", "person_record", "naming_nobody")
    )
    assert not any("officer@example.org" in str(rows.of(name)) for name in tables)


def test_every_score_on_an_indicator_is_kept_from_the_baseline_on(rows: Rows) -> None:
    scores = {row["round"]: (row["occasion"], row["score"]) for row in rows.of("indicator_score")}
    assert scores == {0: ("BASELINE", 4), 1: ("FOLLOW_UP", 7)}


def test_every_look_at_a_facility_is_kept(rows: Rows) -> None:
    again = only(rows, "facility_baseline", id=FACILITY, attempt=2)
    assert shows(again, raw=5, voided_on=None, notes="All posts are filled.")
    look = only(rows, "facility_baseline", id=FACILITY, attempt=1)
    assert shows(look, org_unit_id=CENTRE, attempt=1, raw=3, max=5, assessed_on=day(99))
    assert look["areas"][0].area == "STAFF"


def test_whoever_only_lost_it_had_it(rows: Rows) -> None:
    attempt = only(rows, "assessment", mentee_id=NURSING, competency="BIRTH")
    assert shows(attempt, reached=True, health_worker_id=HABIMANA)


def test_an_attempt_is_shown_as_it_was_corrected_signed_and_reinstated(rows: Rows) -> None:
    attempt = only(rows, "assessment", mentee_id=NURSING, competency="CORD")
    assert shows(attempt, assessed_on=day(481), voided_on=None, unsigned=False, counts=True)
    assert shows(attempt, recorded_for_another=True, post_test_raw=17, post_test_max=20)
    progress = only(rows, "competency_progress", mentee_id=NURSING, competency="CORD")
    assert shows(progress, attempts=1, assessed_on=day(481), name="Cord care", reached=True)
    assert shows(only(rows, "mentee", id=NURSING), last_assessed_on=day(481))
    baseline = only(rows, "competency_baseline", mentee_id=NURSING, competency="CORD")
    assert shows(baseline, raw=5, max=20, counts=True)
    assert not [row for row in rows.of("deviation") if row["rule"] == "BASELINE_MISSING"]

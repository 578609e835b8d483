"""What each kind of event of the sessions service shows in the read models."""

from decimal import Decimal
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from services.gateway.projections import PROJECTIONS
from shared.contracts.base import events
from shared.contracts.sessions.plan import PlanAgreed
from shared.contracts.sessions.session import SessionHeld
from tests.support.rows import Rows
from tests.support.story import happenings
from tests.support.story_erasure import FORGOTTEN
from tests.support.story_sessions import (
    ACCOUNT,
    ACTION,
    CANCELLED,
    CORRECTED,
    DONE,
    ENTRY,
    EVALUATION,
    EXCHANGE,
    FOUND,
    INITIATIVE,
    MEETING,
    NOTICE,
    PLAN,
    PLANNED,
    REQUEST,
    SESSIONS_TOLD,
    TALE,
    VISIT,
)
from tests.support.telling import HOSPITAL, HUYE, MENTEE, MENTOR, MENTORSHIP, day

Row = dict[str, Any]


def rows_of(until: int = len(SESSIONS_TOLD)) -> Rows:
    """Return the read models after so many events."""
    rows = Rows()
    for happening in happenings(SESSIONS_TOLD)[:until]:
        rows.happen(PROJECTIONS, happening)
    return rows


@pytest.fixture(scope="module")
def rows() -> Rows:
    """The read models at the end."""
    return rows_of()


def only(rows: Rows, table: str, **wanted: Any) -> Row:
    """Return the one row that is so."""
    (row,) = [row for row in rows.of(table) if row | wanted == row]
    return row


def shows(row: Row, **values: Any) -> bool:
    """Say whether a row holds these values."""
    return row | values == row


def after(kind: type, number: int = 1) -> int:
    """Return how many events there are up to the `number`th of a kind."""
    places = [at for at, told in enumerate(SESSIONS_TOLD, 1) if type(told.body) is kind]
    return places[number - 1]


def attendance(rows: Rows) -> dict[Any, tuple[Any, int, bool]]:
    """Return who was at the corrected session, by what counts of it."""
    facts = only(rows, "session", id=CORRECTED)["facts_id"]
    return {
        row["health_worker_id"]: (row["side"], row["minutes"], row["present"])
        for row in rows.of("session_attendance")
        if row["facts_id"] == facts
    }


def test_the_story_tells_every_event_of_the_service() -> None:
    told = {one.body.topic for one in (*SESSIONS_TOLD, *FORGOTTEN)}
    of_sessions = {topic for topic in events if topic.startswith("sessions.")}
    assert {topic for topic in told if topic.startswith("sessions.")} == of_sessions


def test_a_planned_session_is_shown_on_its_day_and_nobody_was_there(rows: Rows) -> None:
    planned = only(rows, "session", id=PLANNED)
    assert shows(planned, status="PLANNED", day=day(300), held_on=None, minutes=None, facts_id=None)


def test_a_rescheduled_session_moves_to_its_new_day() -> None:
    session = only(rows_of(2), "session", id=CORRECTED)
    assert shows(session, status="PLANNED", day=day(27), planned_for=day(27), record_version=2)


def test_a_cancelled_session_stays_on_record(rows: Rows) -> None:
    cancelled = only(rows, "session", id=CANCELLED)
    assert shows(cancelled, status="CANCELLED", day=day(33), held_on=None, record_version=2)


def test_a_session_that_was_held_shows_what_was_said_of_it() -> None:
    rows = rows_of(after(SessionHeld))
    session = only(rows, "session", id=CORRECTED)
    assert shows(session, status="HELD", day=day(27), minutes=120, format="INDIVIDUAL")
    assert shows(session, initiative="MENTOR", corrected=False, facts_version=3)
    assert attendance(rows) == {MENTOR: ("MENTOR", 120, True), MENTEE: ("MENTEE", 120, True)}


def test_a_correction_replaces_what_was_said_and_who_was_there(rows: Rows) -> None:
    session = only(rows, "session", id=CORRECTED)
    assert shows(session, day=day(28), held_on=day(28), minutes=90, initiative="MENTEE")
    assert shows(session, corrected=True, facts_version=4, planned_for=day(27))
    assert attendance(rows) == {MENTOR: ("MENTOR", 45, True), MENTEE: (None, 0, False)}


def test_whoever_a_correction_does_not_name_was_not_there() -> None:
    rows = rows_of(after(SessionHeld))
    told = happenings(SESSIONS_TOLD)[after(SessionHeld)]
    without = replace(told, body=replace(told.body, absent=()))
    rows.happen(PROJECTIONS, without)
    assert attendance(rows) == {MENTOR: ("MENTOR", 45, True)}


def test_a_voided_session_counts_no_more_until_it_is_reinstated(rows: Rows) -> None:
    voided = only(rows_of(6), "session", id=CORRECTED)
    assert shows(voided, status="VOIDED", held_on=day(28))
    assert shows(only(rows, "session", id=CORRECTED), status="HELD", record_version=7)


def test_a_plan_is_shown_with_the_day_it_was_sent(rows: Rows) -> None:
    plan = only(rows, "plan", id=PLAN)
    assert shows(plan, plan_kind="DEVELOPMENT", health_worker_id=MENTEE, starts=day(15))
    assert shows(plan, strengths=("Calm", "Exact"), sent_on=day(16), record_version=2)
    assert only(rows_of(after(PlanAgreed)), "plan", id=PLAN)["sent_on"] is None


def test_a_journal_entry_is_shown_with_whose_and_when(rows: Rows) -> None:
    entry = only(rows, "journal_entry", id=ENTRY)
    assert shows(entry, health_worker_id=MENTEE, mentorship_id=MENTORSHIP, written_on=day(28))
    assert shows(entry, session_id=CORRECTED)
    assert entry["text"].startswith("I was afraid")


def test_a_journal_entry_whose_key_is_gone_still_exists() -> None:
    (written,) = [each for each in happenings(SESSIONS_TOLD) if each.stream == ENTRY]
    rows = Rows()
    rows.happen(PROJECTIONS, replace(written, body=replace(written.body, text=None)))
    assert shows(only(rows, "journal_entry", id=ENTRY), text=None, written_on=day(28))


def test_what_is_confided_stands_in_no_other_table(rows: Rows) -> None:
    for table in rows.tables.keys() - {"journal_entry", "relationship_evaluation"}:
        held = msgspec.json.encode(rows.of(table)).decode()
        assert "afraid of the prongs" not in held
        assert "listens before" not in held


def test_an_evaluation_shows_its_points_of_those_there_were(rows: Rows) -> None:
    evaluation = only(rows, "relationship_evaluation", id=EVALUATION)
    assert shows(evaluation, side="MENTEE", total=7, most=10, evaluated_on=day(40))


def test_a_support_request_shows_how_long_everything_took(rows: Rows) -> None:
    request = only(rows, "support_request", id=REQUEST)
    assert shows(request, status="CLOSED", area="PAED", phase="REACTIVE", closed_answered=True)
    assert shows(request, acknowledged_after=3600, answered_after=108_000, escalated_to=HUYE)
    assert shows(request, acknowledged_by=MENTOR, answered_by=MENTOR, record_version=6)


@pytest.mark.parametrize(
    ("number", "status", "awaited"),
    [
        (1, "RAISED", True),
        (2, "ACKNOWLEDGED", True),
        (3, "ESCALATED", True),
        (4, "ANSWERED", False),
        (5, "FOLLOWED_UP", True),
        (6, "CLOSED", False),
    ],
)
def test_a_support_request_stands_where_it_came_last(
    number: int, status: str, awaited: bool
) -> None:
    rows = Rows()
    for happening in [each for each in happenings(SESSIONS_TOLD) if each.stream == REQUEST][
        :number
    ]:
        rows.happen(PROJECTIONS, happening)
    request = only(rows, "support_request", id=REQUEST)
    assert request["status"] == status
    assert (request["awaited_since"] is not None) == awaited, "whether a mentor's word is"


def test_an_action_is_open_until_it_is_done(rows: Rows) -> None:
    agreed = next(each for each in happenings(SESSIONS_TOLD) if each.stream == ACTION)
    before = Rows()
    before.happen(PROJECTIONS, agreed)
    assert shows(only(before, "improvement_action", id=ACTION), status="OPEN", open_due=day(58))
    done = only(rows, "improvement_action", id=DONE)
    assert shows(done, status="DONE", open_due=None, due=day(30), done_on=day(31), late=True)


def test_an_escalated_action_shows_who_has_it_and_how_it_was_solved(rows: Rows) -> None:
    action = only(rows, "improvement_action", id=ACTION)
    assert shows(action, status="DONE", escalated_to=HUYE, escalated_on=day(50), done_on=day(70))
    assert shows(action, open_due=None, late=None, owner_id=MENTEE, org_unit_id=HOSPITAL)


def test_an_initiative_shows_its_measures_and_each_of_their_values(rows: Rows) -> None:
    assert shows(only(rows, "initiative", id=INITIATIVE), health_worker_id=MENTEE, record_version=3)
    measures = [
        (row["place"], row["code"], row["kind"])
        for row in rows.of("initiative_measure")
        if row["initiative_id"] == INITIATIVE
    ]
    assert measures == [(1, "CHECKS", "LEADING"), (2, "COLD", "LAGGING")]
    values = [(row["measured_on"], row["value"]) for row in rows.of("initiative_value")]
    assert values == [(day(52), Decimal(4)), (day(59), Decimal("7.5"))]


def test_an_exchange_shows_who_took_it_up(rows: Rows) -> None:
    exchange = only(rows, "exchange", id=EXCHANGE)
    assert shows(exchange, exchange_kind="REQUEST", taken_up_by=MENTOR, taken_up_on=day(38))


def test_oversight_is_shown_with_what_was_found_and_decided(rows: Rows) -> None:
    visit = only(rows, "supervision_visit", id=VISIT)
    assert shows(visit, joint=True, held_on=day(90), findings=("Charts are kept",))
    meeting = only(rows, "coordination_meeting", id=MEETING)
    assert shows(meeting, org_unit_id=HUYE, participants=12, decisions=("Hire an anaesthetist",))
    assert shows(meeting, offices=("Ministry of Health",), reports=("Report of the hospital",))
    named = {row["record_id"]: row["health_worker_id"] for row in rows.of("oversight_person")}
    assert named == {VISIT: MENTOR, MEETING: MENTOR}


def test_what_is_done_about_a_finding_is_on_the_board(rows: Rows) -> None:
    action = only(rows, "improvement_action", id=FOUND)
    assert shows(action, arose_from="SUPERVISION_VISIT", supervision_visit_id=VISIT, finding=1)
    assert shows(action, mentorship_id=None, open_due=day(120), org_unit_id=HOSPITAL)
    agreed = only(rows, "improvement_action", id=ACTION)
    assert shows(agreed, arose_from="MENTORSHIP", mentorship_id=MENTORSHIP, finding=None)


def test_a_notice_is_due_until_it_is_given(rows: Rows) -> None:
    raised = next(each for each in happenings(SESSIONS_TOLD) if each.stream == NOTICE)
    before = Rows()
    before.happen(PROJECTIONS, raised)
    assert shows(only(before, "notice", id=NOTICE), open_due=day(107), given_on=None, late=None)
    assert shows(only(rows, "notice", id=NOTICE), open_due=None, given_on=day(108), late=True)


def test_a_cpd_balance_is_the_sum_of_its_bookings(rows: Rows) -> None:
    bookings = rows.of("cpd_booking")
    assert [(row["booked"], row["points"]) for row in bookings] == [
        ("AWARDED", Decimal("2.00")),
        ("REVERSED", Decimal("-2.00")),
        ("AWARDED", Decimal("0.75")),
    ]
    assert all(row["settled_for"] == row["source"] for row in bookings), (
        "recorded before it was kept"
    )
    account = only(rows, "cpd_account", id=ACCOUNT)
    assert account["balance"] == sum(row["points"] for row in bookings) == bookings[-1]["balance"]


def test_an_outcome_story_is_shown(rows: Rows) -> None:
    assert shows(only(rows, "outcome_story", id=TALE), title="A warm corner", told_on=day(80))


def test_guests_stand_in_the_telling_that_names_them(rows: Rows) -> None:
    told = only(rows, "session", id=CORRECTED)
    assert told["guest_roles"] == ("SUPERVISOR", "DIRECTOR")
    shown = [row for row in rows.of("session_guest") if row["words_id"] == told["words_id"]]
    assert [(row["role"], row["name"]) for row in sorted(shown, key=lambda row: row["place"])] == [
        ("SUPERVISOR", None),
        ("DIRECTOR", "Doctor Mugisha"),
    ]

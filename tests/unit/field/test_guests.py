"""Who else was at a session: a director, the QI team, a supervisor, a mentor in training."""

from uuid import UUID

from services.gateway.projections import CPD_ACCOUNT, SESSION, SESSION_ATTENDANCE, SESSION_GUEST
from shared.contracts.sessions.guest import SessionGuestNamed
from tests.support.paired import Paired, days_ago, paired, rules
from tests.unit.sessions.test_deviations import POINTS
from tests.unit.sessions.test_session_commands import again, log


async def with_a_supervisor() -> tuple[Paired, UUID]:
    """Return the house, and somebody of the hospital who is no party of any mentorship."""
    pair = await paired(rules(cpd=POINTS))
    supervisor = await pair.send(
        "healthWorkerRegister",
        givenNames="Immaculée",
        familyName="Uwera",
        cadre="NURSE",
        orgUnitId=pair.facility,
        occurredOn=days_ago(40),
    )
    return pair, supervisor.id


async def test_director_qi_team_supervisor_and_trainee_mentor_are_at_a_session() -> None:
    pair, supervisor = await with_a_supervisor()
    guests = [
        {"role": "DIRECTOR", "name": "Doctor Mugisha"},
        {"role": "QI_TEAM"},
        {"role": "SUPERVISOR", "healthWorkerId": supervisor},
        {"role": "TRAINEE_MENTOR", "name": "Aline"},
    ]
    session = await log(pair, guests=guests)
    shown = [
        (row["role"], row["health_worker_id"], row["name"])
        for row in sorted(pair.house.rows(SESSION_GUEST), key=lambda row: row["place"])
    ]
    assert shown == [
        ("DIRECTOR", None, "Doctor Mugisha"),
        ("QI_TEAM", None, None),
        ("SUPERVISOR", supervisor, None),
        ("TRAINEE_MENTOR", None, "Aline"),
    ]
    (row,) = pair.house.rows(SESSION)
    assert (row["id"], "SUPERVISOR" in row["guest_roles"]) == (session, True)


async def test_guests_are_no_parties_and_earn_nothing() -> None:
    pair, supervisor = await with_a_supervisor()
    await log(pair, guests=[{"role": "SUPERVISOR", "healthWorkerId": supervisor}])
    assert supervisor not in {row["health_worker_id"] for row in pair.house.rows(CPD_ACCOUNT)}
    there = {row["health_worker_id"] for row in pair.house.rows(SESSION_ATTENDANCE)}
    assert supervisor not in there


async def test_a_guests_name_is_sealed_with_the_key_of_a_mentor_who_was_there() -> None:
    pair, _ = await with_a_supervisor()
    session = await log(pair, guests=[{"role": "DIRECTOR", "name": "Doctor Mugisha"}])
    (named,) = [
        event for event in await pair.house.events(session) if isinstance(event, SessionGuestNamed)
    ]
    assert (named.health_worker_id, named.facts_version) == (pair.mentors[0], 1)


async def test_a_correction_says_the_guests_anew() -> None:
    pair, supervisor = await with_a_supervisor()
    session = await log(pair, guests=[{"role": "DIRECTOR", "name": "Doctor Mugisha"}])
    guests = [{"role": "SUPERVISOR", "healthWorkerId": supervisor}]
    await pair.send("sessionCorrect", **again(pair, session, guests=guests))
    (row,) = pair.house.rows(SESSION)
    shown = [one for one in pair.house.rows(SESSION_GUEST) if one["words_id"] == row["words_id"]]
    assert [(one["role"], one["name"]) for one in shown] == [("SUPERVISOR", None)]
    assert list(row["guest_roles"]) == ["SUPERVISOR"]

"""The one policy: who may do what, where, on which day."""

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.access.grants import ROLES, Grant, Read, RoleMeaning
from shared.access.policy import (
    POLICY,
    Action,
    Actor,
    Place,
    Write,
    decide,
    must,
    name_of,
    reach,
    roles_for,
)
from shared.contracts.base import commands
from shared.contracts.registry.access_grant import AccessGrantGive, AccessGrantRevoke, Role
from shared.contracts.registry.cohort import CohortOpen
from shared.contracts.registry.enrolment import MenteeComplete
from shared.contracts.registry.mentorship import MentorshipSign
from shared.contracts.registry.org_unit import OrgUnitEstablish
from shared.contracts.sessions.session import SessionLog
from shared.domain.errors import AccessDenied
from shared.domain.phrases import Phrase

TODAY = date(2024, 6, 1)
COUNTRY, NORTH, SOUTH, HOSPITAL = UUID(int=1), UUID(int=2), UUID(int=3), UUID(int=4)
AT_COUNTRY = Place(path=(COUNTRY,), programme="ingobyi")
AT_NORTH = Place(path=(NORTH, COUNTRY), programme="ingobyi")
AT_SOUTH = Place(path=(SOUTH, COUNTRY), programme="ingobyi")
AT_HOSPITAL = Place(path=(HOSPITAL, NORTH, COUNTRY), programme="ingobyi")
NOWHERE = Place()
ANN, BOB = UUID(int=11), UUID(int=12)
LOG, SIGN, OPEN = Write.of(SessionLog), Write.of(MentorshipSign), Write.of(CohortOpen)
ESTABLISH = Write.of(OrgUnitEstablish)


def holder(role: Role, unit: UUID | None = NORTH, programme: str | None = None) -> Actor:
    grant = Grant(
        subject="ann",
        role=role,
        org_unit_id=unit,
        programme=programme,
        health_worker_id=ANN,
        since=date(2024, 1, 1),
    )
    return Actor(subject="ann", grants=(grant,))


def give(role: Role) -> Write:
    return Write.of(AccessGrantGive, conveys=role)


@pytest.mark.parametrize(
    ("role", "action", "place", "allowed"),
    [
        (Role.ADMINISTRATOR, ESTABLISH, AT_HOSPITAL, True),
        (Role.ADMINISTRATOR, ESTABLISH, AT_SOUTH, False),
        (Role.ADMINISTRATOR, LOG, AT_HOSPITAL, False),
        (Role.ADMINISTRATOR, Read.AUDIT, AT_HOSPITAL, False),
        (Role.COORDINATOR, OPEN, AT_NORTH, True),
        (Role.COORDINATOR, LOG, AT_HOSPITAL, True),
        (Role.COORDINATOR, LOG, AT_COUNTRY, False),
        (Role.COORDINATOR, LOG, NOWHERE, False),
        (Role.COORDINATOR, ESTABLISH, AT_NORTH, False),
        (Role.COORDINATOR, Read.PERSONAL, AT_HOSPITAL, True),
        (Role.COORDINATOR, Read.PERSONAL, AT_SOUTH, False),
        (Role.MENTOR, LOG, AT_HOSPITAL, True),
        (Role.MENTOR, OPEN, AT_HOSPITAL, False),
        (Role.MENTOR, Read.PERSONAL, AT_HOSPITAL, True),
        (Role.VIEWER, Read.FIGURES, AT_HOSPITAL, True),
        (Role.VIEWER, Read.RECORDS, AT_HOSPITAL, True),
        (Role.VIEWER, Read.PERSONAL, AT_HOSPITAL, False),
        (Role.VIEWER, Read.AUDIT, AT_HOSPITAL, False),
        (Role.VIEWER, LOG, AT_HOSPITAL, False),
        (Role.AUDITOR, Read.AUDIT, AT_HOSPITAL, True),
        (Role.AUDITOR, Read.PERSONAL, AT_HOSPITAL, True),
        (Role.AUDITOR, Read.AUDIT, AT_SOUTH, False),
        (Role.AUDITOR, LOG, AT_HOSPITAL, False),
        (Role.MENTEE, Read.RECORDS, AT_HOSPITAL, False),
        (Role.VIEWER, Read.CATALOGUE, NOWHERE, True),
        (Role.MENTEE, Read.CATALOGUE, NOWHERE, True),
        (Role.VIEWER, Read.FIGURES, NOWHERE, False),
    ],
)
def test_a_role_over_the_north_allows(
    role: Role, action: Action, place: Place, allowed: bool
) -> None:
    assert decide(holder(role), action, place, TODAY).allowed is allowed


def test_without_a_grant_nothing_is_allowed_not_even_the_catalogue() -> None:
    nobody = Actor(subject="ann")
    for action in (*Read, LOG, give(Role.VIEWER)):
        assert not decide(nobody, action, AT_NORTH, TODAY).allowed
        assert reach(nobody, action, TODAY) == ()


def test_an_operator_may_do_everything_everywhere() -> None:
    operator = Actor(subject="root", operator=True)
    for action in (*Read, LOG, ESTABLISH, give(Role.ADMINISTRATOR)):
        for place in (NOWHERE, AT_COUNTRY, AT_HOSPITAL):
            assert decide(operator, action, place, TODAY).allowed


def test_no_grant_makes_an_operator() -> None:
    usurper = holder(Role.OPERATOR, unit=None)
    assert not decide(usurper, Read.FIGURES, AT_NORTH, TODAY).allowed
    assert not decide(usurper, ESTABLISH, AT_NORTH, TODAY).allowed


def test_another_subjects_grant_does_not_count() -> None:
    borrowed = Actor(subject="bob", grants=holder(Role.COORDINATOR).grants)
    assert not decide(borrowed, LOG, AT_NORTH, TODAY).allowed


def test_a_grant_everywhere_reaches_what_lies_outside_any_unit() -> None:
    everywhere = holder(Role.COORDINATOR, unit=None)
    assert decide(everywhere, LOG, AT_SOUTH, TODAY).allowed
    assert decide(everywhere, Read.RECORDS, NOWHERE, TODAY).allowed


def test_a_grant_for_a_programme_reaches_neither_another_nor_what_belongs_to_none() -> None:
    mentor = holder(Role.MENTOR, programme="mani")
    assert decide(mentor, LOG, Place(path=(NORTH,), programme="mani"), TODAY).allowed
    assert not decide(mentor, LOG, AT_NORTH, TODAY).allowed
    assert not decide(mentor, LOG, Place(path=(NORTH,)), TODAY).allowed


def test_a_mentee_sees_and_signs_their_own_record_alone() -> None:
    mentee = holder(Role.MENTEE)
    own = Place(path=(HOSPITAL, NORTH), programme="ingobyi", people=frozenset({ANN}))
    other = Place(path=(HOSPITAL, NORTH), programme="ingobyi", people=frozenset({BOB}))
    for action in (Read.RECORDS, Read.PERSONAL, SIGN):
        assert decide(mentee, action, own, TODAY).allowed
        assert not decide(mentee, action, other, TODAY).allowed


@pytest.mark.parametrize(
    ("since", "until", "allowed"),
    [
        (TODAY, TODAY, True),
        (TODAY, None, True),
        (TODAY + timedelta(days=1), None, False),
        (date(2024, 1, 1), TODAY - timedelta(days=1), False),
    ],
)
def test_a_grant_holds_from_its_first_day_to_its_last(
    since: date, until: date | None, allowed: bool
) -> None:
    grant = Grant(subject="ann", role=Role.MENTOR, since=since, until=until)
    assert decide(Actor(subject="ann", grants=(grant,)), LOG, AT_NORTH, TODAY).allowed is allowed


@pytest.mark.parametrize(
    ("giver", "given", "place", "allowed"),
    [
        (Role.ADMINISTRATOR, Role.COORDINATOR, AT_HOSPITAL, True),
        (Role.ADMINISTRATOR, Role.ADMINISTRATOR, AT_HOSPITAL, True),
        (Role.ADMINISTRATOR, Role.ADMINISTRATOR, AT_COUNTRY, False),
        (Role.ADMINISTRATOR, Role.COORDINATOR, NOWHERE, False),
        (Role.ADMINISTRATOR, Role.AUDITOR, AT_HOSPITAL, False),
        (Role.ADMINISTRATOR, Role.OPERATOR, AT_HOSPITAL, False),
        (Role.COORDINATOR, Role.MENTOR, AT_HOSPITAL, False),
    ],
)
def test_one_gives_no_more_than_one_was_given(
    giver: Role, given: Role, place: Place, allowed: bool
) -> None:
    assert decide(holder(giver), give(given), place, TODAY).allowed is allowed


def test_not_even_an_operator_makes_another_by_a_grant() -> None:
    operator = Actor(subject="root", operator=True)
    assert not decide(operator, give(Role.OPERATOR), NOWHERE, TODAY).allowed


@pytest.mark.parametrize("command", [AccessGrantGive, AccessGrantRevoke])
def test_a_command_on_grants_must_say_what_it_conveys(
    command: type[AccessGrantGive | AccessGrantRevoke],
) -> None:
    with pytest.raises(ValueError, match="convey"):
        Write.of(command)


def test_a_denial_names_the_roles_that_would_do() -> None:
    with pytest.raises(AccessDenied) as denied:
        must(holder(Role.VIEWER), LOG, AT_NORTH, TODAY)
    assert denied.value.params == {
        "actor": "ann",
        "action": "sessionLog",
        "roles": "COORDINATOR, MENTOR",
    }
    assert must(holder(Role.MENTOR), LOG, AT_NORTH, TODAY).allowed


@pytest.mark.parametrize(
    ("actor", "action", "reason"),
    [
        (Actor(subject="ann"), LOG, "ann holds no grant"),
        (holder(Role.VIEWER), LOG, "no role of ann allows sessionLog"),
        (holder(Role.MENTOR), LOG, "sessionLog is outside what ann was given"),
        (Actor(subject="root", operator=True), LOG, "root is an operator"),
        (holder(Role.MENTOR, unit=None), LOG, "ann was given it everywhere"),
        (holder(Role.MENTOR, unit=SOUTH), LOG, f"ann was given it over {SOUTH}"),
    ],
)
def test_a_decision_says_why(actor: Actor, action: Action, reason: str) -> None:
    assert decide(actor, action, AT_SOUTH, TODAY).reason == reason


def test_an_expired_grant_is_said_to_be_none_on_that_day() -> None:
    old = Grant(subject="ann", role=Role.MENTOR, since=date(2020, 1, 1), until=date(2020, 2, 1))
    decision = decide(Actor(subject="ann", grants=(old,)), LOG, AT_NORTH, TODAY)
    assert decision.reason == "ann holds no grant on 2024-06-01"


def test_the_table_has_a_line_for_every_role_and_refuses_writers_who_cannot_read() -> None:
    assert set(ROLES) == set(Role)
    with pytest.raises(ValueError, match="reads what it writes"):
        RoleMeaning(what=Phrase("Writes blindly."), reads=frozenset({Read.RECORDS}), writes=True)


@pytest.mark.parametrize("role", [Role.VIEWER, Role.AUDITOR])
def test_who_only_reads_writes_nothing_even_if_a_contract_named_them(role: Role) -> None:
    careless = Write(command="sessionLog", record="Session", roles=frozenset({role.value}))
    assert not decide(holder(role), careless, AT_HOSPITAL, TODAY).allowed


def test_every_role_that_a_contract_names_is_in_the_table_and_writes() -> None:
    for command in commands.values():
        named = {ROLES[Role(role)] for role in command.roles - {POLICY}}
        assert named or POLICY in command.roles, command
        assert all(meaning.writes for meaning in named), command


def test_a_grant_over_ones_own_record_opens_nothing_until_it_says_who_one_is() -> None:
    grant = Grant(subject="ann", role=Role.MENTEE, since=TODAY)
    nobody = Actor(subject="ann", grants=(grant,))
    own = Place(path=(HOSPITAL, NORTH), programme="ingobyi", people=frozenset({ANN}))
    assert not decide(nobody, SIGN, own, TODAY).allowed
    assert decide(holder(Role.MENTEE), SIGN, own, TODAY).allowed


def test_a_policy_asks_for_what_names_policies_and_reads_nothing() -> None:
    policy = Actor(subject="policy:completion", policy=True)
    assert decide(policy, Write.of(MenteeComplete), NOWHERE, TODAY).allowed
    assert not decide(policy, LOG, AT_NORTH, TODAY).allowed
    assert not decide(policy, Read.RECORDS, AT_NORTH, TODAY).allowed


def test_a_token_that_is_called_like_a_policy_is_none() -> None:
    pretender = Actor(subject="policy:completion")
    assert not decide(pretender, Write.of(MenteeComplete), NOWHERE, TODAY).allowed


# ── properties ────────────────────────────────────────────────────────────────────────────────

UNITS = [UUID(int=n) for n in range(1, 7)]
days = st.dates(date(2024, 1, 1), date(2024, 1, 10))
programmes = st.sampled_from([None, "ingobyi", "mani"])
grants = st.builds(
    Grant,
    subject=st.sampled_from(["ann", "bob"]),
    role=st.sampled_from(Role),
    org_unit_id=st.sampled_from([None, *UNITS]),
    programme=programmes,
    health_worker_id=st.sampled_from([None, ANN, BOB]),
    since=days,
    until=st.none() | days,
)
actors = st.builds(Actor, subject=st.just("ann"), grants=st.lists(grants, max_size=4).map(tuple))
places = st.builds(
    Place,
    path=st.lists(st.sampled_from(UNITS), unique=True, max_size=4).map(tuple),
    programme=programmes,
    people=st.frozensets(st.sampled_from([ANN, BOB])),
)
ordinary = [c for c in commands.values() if c.record != "AccessGrant"]
writes = st.sampled_from(ordinary).map(Write.of) | st.sampled_from(Role).map(give)
actions = st.sampled_from(Read) | writes


@given(actors, writes, places, days)
def test_what_one_may_write_one_may_read(
    actor: Actor, write: Write, place: Place, on: date
) -> None:
    if decide(actor, write, place, on).allowed:
        assert decide(actor, Read.RECORDS, place, on).allowed
        assert decide(actor, Read.PERSONAL, place, on).allowed


@given(actors, actions, places, days)
def test_a_grant_never_reaches_outside_its_subtree_its_programme_or_its_days(
    actor: Actor, action: Action, place: Place, on: date
) -> None:
    if decide(actor, action, place, on).allowed and action is not Read.CATALOGUE:
        assert any(
            g.subject == actor.subject
            and g.since <= on <= (g.until or date.max)
            and (g.org_unit_id is None or g.org_unit_id in place.path)
            and (g.programme is None or g.programme == place.programme)
            for g in actor.grants
        )


@given(actors, actions, places, days, st.sampled_from(UNITS))
def test_what_is_allowed_at_a_unit_is_allowed_below_it(
    actor: Actor, action: Action, place: Place, on: date, above: UUID
) -> None:
    """And what is not allowed below is not allowed above: reach only grows on the way down."""
    lower = Place(path=(uuid4(), *place.path), programme=place.programme, people=place.people)
    if decide(actor, action, place, on).allowed:
        assert decide(actor, action, lower, on).allowed


@given(actors, grants, actions, places, days)
def test_a_further_grant_takes_nothing_away(
    actor: Actor, more: Grant, action: Action, place: Place, on: date
) -> None:
    richer = Actor(subject=actor.subject, grants=(*actor.grants, more))
    if decide(actor, action, place, on).allowed:
        assert decide(richer, action, place, on).allowed


@given(actors, actions, places, days)
def test_reach_and_decision_agree(actor: Actor, action: Action, place: Place, on: date) -> None:
    covered = any(reached.covers(place) for reached in reach(actor, action, on))
    assert decide(actor, action, place, on).allowed is covered


@given(actions)
def test_the_roles_that_are_offered_do_allow_it_somewhere(action: Action) -> None:
    for role in roles_for(action):
        grant = Grant(subject="ann", role=role, health_worker_id=ANN, since=TODAY)
        holder_of_it = Actor(subject="ann", grants=(grant,))
        assert reach(holder_of_it, action, TODAY), name_of(action)

"""Groups: who belongs to one, since when; they say nothing about where its members stand."""

from datetime import date

import pytest

from services.registry.aggregates.group import (
    AlreadyMember,
    Group,
    NotMember,
    OneMember,
)
from services.registry.aggregates.stays import BeforeMembership
from shared.contracts.registry.group import (
    GroupEstablished,
    GroupKind,
    GroupMemberAdded,
    GroupMemberRemoved,
)
from shared.domain import new_id

SINCE = date(2018, 1, 1)
COUNTY, NURSE = new_id(), new_id()


def cluster() -> Group:
    group = Group.begin(
        new_id(),
        GroupEstablished(
            code="LREB", name="Lake region", group_kind=GroupKind.CLUSTER, since=SINCE
        ),
    )
    group.collect()
    return group


def test_units_and_people_belong_to_a_group_since_a_day() -> None:
    group = cluster()
    group.add(COUNTY, None, date(2019, 1, 1))
    group.add(None, NURSE, date(2020, 1, 1))
    assert group.collect() == [
        GroupMemberAdded(org_unit_id=COUNTY, since=date(2019, 1, 1)),
        GroupMemberAdded(health_worker_id=NURSE, since=date(2020, 1, 1)),
    ]
    assert group.members == [COUNTY, NURSE]


def test_a_member_leaves_and_may_come_back() -> None:
    group = cluster()
    group.add(COUNTY, None, SINCE)
    group.remove(COUNTY, None, date(2019, 1, 1))
    assert group.members == []
    group.add(COUNTY, None, date(2019, 1, 1))
    assert group.collect()[1] == GroupMemberRemoved(org_unit_id=COUNTY, since=date(2019, 1, 1))
    assert group.members == [COUNTY]


@pytest.mark.parametrize(("unit", "worker"), [(None, None), (COUNTY, NURSE)])
def test_a_command_is_about_one_member(unit: None, worker: None) -> None:
    with pytest.raises(OneMember):
        cluster().add(unit, worker, SINCE)
    with pytest.raises(OneMember):
        cluster().remove(unit, worker, SINCE)


def test_who_belongs_to_the_group_does_not_join_it() -> None:
    group = cluster()
    group.add(None, NURSE, SINCE)
    with pytest.raises(AlreadyMember) as refused:
        group.add(None, NURSE, SINCE)
    assert refused.value.field == "healthWorkerId"


def test_who_does_not_belong_to_the_group_does_not_leave_it() -> None:
    with pytest.raises(NotMember):
        cluster().remove(COUNTY, None, SINCE)


def test_nobody_joins_before_there_is_a_group() -> None:
    with pytest.raises(BeforeMembership):
        cluster().add(COUNTY, None, date(2017, 12, 31))


def test_nobody_leaves_before_they_joined_nor_comes_back_before_they_left() -> None:
    group = cluster()
    group.add(COUNTY, None, date(2019, 1, 1))
    with pytest.raises(BeforeMembership):
        group.remove(COUNTY, None, date(2018, 12, 31))
    group.remove(COUNTY, None, date(2020, 1, 1))
    with pytest.raises(BeforeMembership):
        group.add(COUNTY, None, date(2019, 12, 31))

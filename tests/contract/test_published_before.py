"""Versions of a programme keep what they meant: each is read by the settings there were then."""

import pytest

from shared.contracts.definition import Definition, Gate
from shared.contracts.definition.conduct import ConductRule, Judgement
from shared.contracts.definition.people import LoadPer
from shared.contracts.registry.programme import ProgrammeVersionPublished
from tests.contract.test_contracts_golden import decoded
from tests.support.goldens import file_of, read


def published(version: int) -> Definition:
    """Return the rules that an event of that version carries, as they are read today."""
    event = decoded(read(file_of(ProgrammeVersionPublished.topic, version)))
    assert isinstance(event, ProgrammeVersionPublished)
    return event.definition


@pytest.mark.parametrize("version", [1, 2])
def test_what_could_not_say_so_yet_refused_every_departure_and_asked_for_letters(
    version: int,
) -> None:
    rules = published(version)
    assert rules.conduct.judge(ConductRule.SESSION_TOO_SHORT) is Judgement.REFUSE
    assert rules.conduct.judge(ConductRule.SESSION_OVERLAPS) is Judgement.COUNT
    assert Gate.SIGNATURES in rules.gates
    assert rules.grace_days == 0


@pytest.mark.parametrize("version", [1, 2, 3])
def test_what_named_no_supervisor_and_no_cadre_asks_for_none(version: int) -> None:
    rules = published(version)
    assert rules.oversight is None
    assert [area.cadres for area in rules.areas] == [()]
    assert rules.ratio.load_per is LoadPer.AREA


def test_what_names_them_keeps_them() -> None:
    rules = published(4)
    assert rules.oversight
    assert rules.oversight.supervised_by == ("SUPERVISOR",)
    assert [area.cadres for area in rules.areas] == [("Nurse", "Doctor")]
    assert rules.ratio.load_per is LoadPer.PERSON

"""Initiatives: a mentee's own choice, measured on the way and in the result."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from services.sessions.aggregates.agreement import MentorshipOver, NotItsMentee
from services.sessions.aggregates.initiative import (
    BeforeChosen,
    Initiative,
    InitiativeIsOver,
    MeasureRepeated,
    MeasureUnknown,
)
from shared.contracts.sessions.initiative import (
    InitiativeChosen,
    InitiativeEnding,
    InitiativeMeasureAdded,
    InitiativeMeasured,
    Measure,
    MeasureKind,
    NoteKind,
)
from shared.deciding.repository import open_snapshot, take_snapshot
from shared.domain import new_id
from tests.support.agreements import MENTEE, MENTOR, agreement

CHOSEN = date(2018, 11, 20)
ROUNDS = Measure(
    code="rounds",
    name="Supervision rounds held",
    kind=MeasureKind.LEADING,
    unit="rounds a month",
    target=Decimal(4),
)
STOCK_OUTS = Measure(
    code="stock-outs",
    name="Days without oxytocin",
    kind=MeasureKind.LAGGING,
    unit="days a month",
    baseline=Decimal("6.5"),
    target=Decimal(0),
)


def choose(**changes: Any) -> Initiative:
    return Initiative.chosen(
        **{
            "id": new_id(),
            "agreement": agreement(),
            "mentee": MENTEE,
            "title": "No day without oxytocin",
            "root_causes": ("Orders leave late",),
            "measures": (ROUNDS, STOCK_OUTS),
            "chosen_on": CHOSEN,
            **changes,
        }
    )


def test_an_initiative_is_kept_as_the_mentee_chose_it() -> None:
    under = agreement()
    initiative = choose(agreement=under)
    (chosen,) = initiative.recorded
    assert isinstance(chosen, InitiativeChosen)
    assert (chosen.health_worker_id, chosen.measures) == (MENTEE, (ROUNDS, STOCK_OUTS))
    assert initiative.key == under.mentorship_id


def test_an_initiative_is_a_mentees_own() -> None:
    for other in (MENTOR, new_id()):
        with pytest.raises(NotItsMentee):
            choose(mentee=other)


def test_nothing_is_chosen_in_a_mentorship_that_is_over() -> None:
    with pytest.raises(MentorshipOver):
        choose(agreement=agreement(live=False))


@pytest.mark.parametrize("only", [ROUNDS, STOCK_OUTS])
def test_a_measure_of_the_way_or_of_the_result_can_come_later(only: Measure) -> None:
    initiative = choose(measures=(only,))
    other = STOCK_OUTS if only is ROUNDS else ROUNDS
    with pytest.raises(MeasureRepeated):
        initiative.add_measure(only, CHOSEN)
    initiative.add_measure(other, date(2018, 12, 1))
    added = initiative.recorded[-1]
    assert isinstance(added, InitiativeMeasureAdded)
    assert (added.measure, added.place) == (other, 2)
    initiative.measure(other.code, Decimal(1), date(2018, 12, 2))


@pytest.mark.parametrize("ending", InitiativeEnding)
def test_nothing_happens_after_its_end_but_late_data_is_data(ending: InitiativeEnding) -> None:
    initiative = choose()
    initiative.note(NoteKind.SETBACK, "The fridge broke.", date(2018, 12, 1))
    initiative.end(ending, "Nobody waits.", date(2018, 12, 31))
    initiative.measure("rounds", Decimal(4), date(2018, 12, 31))
    late = date(2019, 1, 1)
    with pytest.raises(InitiativeIsOver):
        initiative.measure("rounds", Decimal(4), late)
    with pytest.raises(InitiativeIsOver):
        initiative.note(NoteKind.WIN, "It runs.", late)
    with pytest.raises(InitiativeIsOver):
        initiative.end(ending, None, date(2018, 12, 30))


def test_each_measure_has_a_code_of_its_own() -> None:
    with pytest.raises(MeasureRepeated, match="rounds"):
        choose(measures=(ROUNDS, STOCK_OUTS, ROUNDS))


def test_a_value_is_told_with_the_kind_and_the_target_of_its_measure() -> None:
    initiative = choose()
    initiative.measure("stock-outs", Decimal("2.5"), date(2018, 12, 31))
    measured = initiative.recorded[-1]
    assert isinstance(measured, InitiativeMeasured)
    assert (measured.kind, measured.value, measured.target) == (
        MeasureKind.LAGGING,
        Decimal("2.5"),
        Decimal(0),
    )


def test_an_initiative_is_measured_by_its_own_measures() -> None:
    with pytest.raises(MeasureUnknown) as refused:
        choose().measure("tea", Decimal(1), CHOSEN)
    assert "rounds, stock-outs" in refused.value.remedy


def test_late_data_is_data_but_what_was_before_is_the_baseline() -> None:
    initiative = choose()
    initiative.measure("rounds", Decimal(4), date(2019, 1, 31))
    initiative.measure("rounds", Decimal(2), date(2018, 12, 31))
    initiative.measure("rounds", Decimal(0), CHOSEN)
    with pytest.raises(BeforeChosen):
        initiative.measure("rounds", Decimal(0), date(2018, 11, 19))


def test_an_initiative_comes_back_from_a_snapshot_with_its_measures() -> None:
    initiative = choose()
    known = open_snapshot(Initiative, take_snapshot(initiative))
    assert known is not None
    assert known.measures == initiative.measures

"""The county's year: what it says is the same each time, and a figure that is wrong is shown."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import msgspec
import pytest
from rich.console import Console

import shared.contracts.registry
import shared.contracts.sessions
import shared.contracts.validation  # noqa: F401  (fill `commands`)
from mshauri.api import Wish
from mshauri.demo import play
from mshauri.demo.county.approving import approving
from mshauri.demo.county.changes import Changes
from mshauri.demo.county.diary import judged, looked_up
from mshauri.demo.county.group import Group
from mshauri.demo.county.pairs import Pairs
from mshauri.demo.county.promoters import ISSUED, VISITS
from mshauri.demo.paper import Page
from mshauri.demo.people import People
from mshauri.demo.play import Player
from mshauri.demo.programmes import load, own
from mshauri.demo.stage import Script
from shared.contracts.base import commands
from shared.contracts.definition.conduct import ConductRule, Judgement
from shared.domain import derived_id

COUNTY, CENTRE, HOSPITAL = (derived_id("org_unit", code) for code in ("A", "B", "C"))


def wishes(seed: int) -> Iterator[Wish]:
    """Everything that both parts say in their own words."""
    script = Script("county", seed)
    people = People(script, "KE")
    pairs = Pairs(script, people, load("kenya-hrh")[2], COUNTY)
    group = Group(script, people, own("county-chp"), CENTRE, HOSPITAL)
    yield from pairs.open()
    for pair in pairs.all:
        yield from [*pairs.begin(pair), *pairs.agree(pair), *pairs.meet(pair, VISITS, 45)]
    yield from [*group.open(), *group.begin()]
    with script.because("Four of them."):
        yield group.propose({"MENTEE_COUNT": "An office"})
    yield from [*group.sign(), *(group.meet(on) for on in VISITS)]
    for one in group.four:
        yield group.assess(one, "MALARIA", VISITS[1], missing="TESTS")
        yield group.coach(one, "MALARIA", VISITS[1])
    for stage in approving(script, group.rules, list(map(group.enrolment, group.four)), ISSUED):
        yield from (wish for lane in stage.lanes for wish in lane)


def test_the_same_seed_says_the_same_and_all_of_it_is_a_command() -> None:
    said = list(wishes(1))
    assert said == list(wishes(1))
    assert said != list(wishes(2))
    for wish in said:
        msgspec.convert(wish.command, commands[wish.name])


def test_four_are_fewer_than_the_promoters_programme_asks_for() -> None:
    rules = own("county-chp").definition
    assert rules.ratio.mentees[0] > 4
    assert rules.conduct.judge(ConductRule.MENTEE_COUNT) is Judgement.RECORD


class Asked:
    """Figures that answer one after the other, and the last one for ever."""

    def __init__(self, *answers: dict[str, object]) -> None:
        self._answers = list(answers)

    async def asked(self, _as_of: Any) -> dict[str, object]:
        return self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]


def changes() -> Changes:
    player: Any = Player(None, "operator", None, 1)  # type: ignore[arg-type]
    return Changes(player)


def shown(found: Changes) -> tuple[bool, str]:
    console = Console(width=110, record=True, quiet=True)
    console.quiet = False
    with console.capture() as captured:
        same = found.show(Page(console))
    return same, captured.get()


async def test_a_figure_that_policies_make_right_in_a_while_is_right() -> None:
    found = changes()
    figures: Any = Asked({"completed": 0}, {"completed": 3}, {"completed": 4})
    async with found.around("The end", figures, {"completed": (0, 4)}):
        pass
    same, page = shown(found)
    assert same
    assert "1 of 1 figures as they should be" in page


async def test_a_figure_that_stays_wrong_is_shown_with_what_it_should_be(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(play, "PATIENCE", 0.0)
    found = changes()
    figures: Any = Asked({"completed": 0, "held": 7})
    async with found.around("The end", figures, {"completed": (0, 4), "held": (7, 7)}):
        pass
    same, page = shown(found)
    assert not same
    assert "✗ not 0 → 4" in page
    assert "1 of 2 figures as they should be" in page


def deviation(**other: object) -> dict[str, Any]:
    version = {"programme": "kenya-hrh", "version": 3}
    short: dict[str, Any] = {"rule": "SESSION_TOO_SHORT", "params": {"minutes": 45, "least": 90}}
    return short | {"programmeVersion": version, "waivedBy": None} | other


def test_a_record_is_told_with_the_rule_it_departs_from_and_who_waived_it() -> None:
    assert judged(True, []) == "recorded, and counts"
    assert judged(False, [deviation()]) == (
        "recorded, and counts for nothing: SESSION_TOO_SHORT of kenya-hrh, version 3 "
        "(least 90, minutes 45)"
    )
    assert judged(True, [deviation(params={}, waivedBy="An office")]) == (
        "recorded, and counts: SESSION_TOO_SHORT of kenya-hrh, version 3, waived by An office"
    )


def test_a_certificate_is_told_as_whoever_looks_it_up_hears_it() -> None:
    number = f"CHP-{uuid4()}"
    found = {"number": number, "status": "ISSUED", "supersedes": None, "inDoubtSince": None}
    assert looked_up(number, found) == f"{number}: issued"
    doubted = found | {"inDoubtSince": "2025-02-12"}
    assert looked_up(number, doubted) == f"{number}: issued, in doubt since 2025-02-12"
    assert looked_up(number, found | {"supersedes": "OLD"}) == f"{number}: issued, in place of OLD"
    assert looked_up("OLD", found) == f"OLD looked up: {number} holds in its place"

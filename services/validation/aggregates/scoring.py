"""Scoring: a checklist's points, and whether they reach what the rule asks; whole numbers only."""

from collections.abc import Iterable
from dataclasses import dataclass

from shared.contracts.definition import ChecklistItem, Competency, Validation
from shared.contracts.definition.assessment import Operator
from shared.contracts.validation.competency_record import ItemScore, PostTest
from shared.domain.errors import Refusal


class ItemUnknown(Refusal):
    """The checklist has no such item."""

    code = "ITEM_UNKNOWN"
    template = "The checklist of {competency} has no item {item!r}."
    remedy_template = "Its items: {items}."


class ItemRepeated(Refusal):
    """An item was scored twice in one attempt."""

    code = "ITEM_REPEATED"
    template = "The item {item!r} is scored more than once."
    remedy_template = "Give each item one score."


class ItemMissing(Refusal):
    """An item was left out; an item that was not done has 0 points."""

    code = "ITEM_MISSING"
    template = "The item {item!r} of {competency} has no score."
    remedy_template = "Score every item; give 0 points where it was not done."


class ScoreBeyondMaximum(Refusal):
    """More points than there are."""

    code = "SCORE_BEYOND_MAXIMUM"
    template = "{points} points where the most is {most}."
    remedy_template = "Give 0 to {most} points."


class PostTestIncomplete(Refusal):
    """A written test is told by its points, and by how many there were."""

    code = "POST_TEST_INCOMPLETE"
    template = "A written test is told by both its points and the most there were."
    remedy_template = "Give `postTestRaw` and `postTestMax`, or neither."


def post_test(raw: int | None, most: int | None) -> PostTest | None:
    """Return what a written test came to; None: there was none.

    Raises:
        PostTestIncomplete: only half of it is told.
    """
    if raw is None and most is None:
        return None
    if raw is None or most is None:
        raise PostTestIncomplete("postTestRaw" if raw is None else "postTestMax")
    return PostTest(raw=raw, max=most)


@dataclass(frozen=True, slots=True)
class Score:
    """What an attempt came to: `raw` of `max` points, and whether it reached the rule.

    `reached` is None where there is no rule.
    """

    raw: int
    max: int
    reached: bool | None


def score(
    competency: Competency,
    items: tuple[ItemScore, ...],
    technique: bool,
    rule: Validation | None,
    test: PostTest | None = None,
) -> Score:
    """Add up an attempt and hold it against the rule: `raw × 100 ≥ threshold × max`, exactly.

    So 84.52 % does not reach 85 %, whatever it would round to (seed 002: the technique is
    performed properly and the score is at least 85 %).

    Raises:
        ItemUnknown, ItemRepeated, ItemMissing, ScoreBeyondMaximum: as they say.
    """
    points = points_by_item(competency.code, competency.checklist, items)
    if test is not None and test.raw > test.max:
        raise ScoreBeyondMaximum("postTestRaw", points=test.raw, most=test.max)
    raw = sum(points.values())
    most = sum(item.points for item in competency.checklist)
    if rule is None:
        return Score(raw=raw, max=most, reached=None)
    proper = technique or not rule.technique
    critical = not rule.critical_items or all(
        points[item.code] == item.points for item in competency.checklist if item.critical
    )
    written = rule.post_test is None or (
        test is not None and test.raw * 100 >= rule.post_test * test.max
    )
    reached = _enough(raw, most, rule) and proper and critical and written
    return Score(raw=raw, max=most, reached=reached)


def _enough(raw: int, most: int, rule: Validation) -> bool:
    if rule.operator is Operator.ABOVE:
        return raw * 100 > rule.threshold * most
    return raw * 100 >= rule.threshold * most


def points_by_item(
    of: str, checklist: Iterable[ChecklistItem], items: tuple[ItemScore, ...], at: str = "items"
) -> dict[str, int]:
    """Return the points of every item of a checklist, each scored once.

    Args:
        of: the code of what the checklist is about, and `at` the input its scores come from:
            what an error names.

    Raises:
        ItemUnknown, ItemRepeated, ItemMissing, ScoreBeyondMaximum: as they say.
    """
    most = {item.code: item.points for item in checklist}
    points: dict[str, int] = {}
    for index, given in enumerate(items):
        here = f"{at}[{index}]"
        if given.item not in most:
            raise ItemUnknown(f"{here}.item", competency=of, item=given.item, items=", ".join(most))
        if given.item in points:
            raise ItemRepeated(f"{here}.item", item=given.item)
        if given.points > most[given.item]:
            raise ScoreBeyondMaximum(f"{here}.points", points=given.points, most=most[given.item])
        points[given.item] = given.points
    for code in most:
        if code not in points:
            raise ItemMissing(at, item=code, competency=of)
    return points

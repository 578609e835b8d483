"""Scoring: a checklist's points, and whether they reach what the rule asks; whole numbers only."""

from dataclasses import dataclass

from shared.contracts.definition import Competency, Validation
from shared.contracts.validation.competency_record import ItemScore
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


@dataclass(frozen=True, slots=True)
class Score:
    """What an attempt came to: `raw` of `max` points, and whether it reached the rule."""

    raw: int
    max: int
    reached: bool


def score(
    competency: Competency, items: tuple[ItemScore, ...], technique: bool, rule: Validation
) -> Score:
    """Add up an attempt and hold it against the rule: `raw × 100 ≥ threshold × max`, exactly.

    So 84.52 % does not reach 85 %, whatever it would round to (seed 002: the technique is
    performed properly and the score is at least 85 %).

    Raises:
        ItemUnknown, ItemRepeated, ItemMissing, ScoreBeyondMaximum: as they say.
    """
    points = _points_by_item(competency, items)
    raw = sum(points.values())
    most = sum(item.points for item in competency.checklist)
    enough = raw * 100 >= rule.threshold * most
    proper = technique or not rule.technique
    critical = not rule.critical_items or all(
        points[item.code] == item.points for item in competency.checklist if item.critical
    )
    return Score(raw=raw, max=most, reached=enough and proper and critical)


def _points_by_item(competency: Competency, items: tuple[ItemScore, ...]) -> dict[str, int]:
    most = {item.code: item.points for item in competency.checklist}
    points: dict[str, int] = {}
    for index, given in enumerate(items):
        at = f"items[{index}]"
        if given.item not in most:
            raise ItemUnknown(
                f"{at}.item",
                competency=competency.code,
                item=given.item,
                items=", ".join(most),
            )
        if given.item in points:
            raise ItemRepeated(f"{at}.item", item=given.item)
        if given.points > most[given.item]:
            raise ScoreBeyondMaximum(f"{at}.points", points=given.points, most=most[given.item])
        points[given.item] = given.points
    for code in most:
        if code not in points:
            raise ItemMissing("items", item=code, competency=competency.code)
    return points

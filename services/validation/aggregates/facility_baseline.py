"""A facility baseline: how one facility stood, each time somebody looked, for one programme."""

from dataclasses import dataclass
from datetime import date
from typing import Self
from uuid import UUID

from services.validation.aggregates.scoring import points_by_item
from shared.contracts.definition import Definition
from shared.contracts.definition.assessment import BaselineArea
from shared.contracts.validation.facility_baseline import (
    AreaResult,
    AreaScores,
    FacilityBaselineAssessed,
)
from shared.domain import Aggregate, derived_id, event
from shared.domain.errors import Refusal


class NoFacilityBaseline(Refusal):
    """The programme does not say what a facility is looked at for."""

    code = "NO_FACILITY_BASELINE"
    template = "The programme {programme} looks at no facility."
    remedy_template = "Say what is looked at in a new version of the programme."


class BaselineAreaUnknown(Refusal):
    """The programme's baseline has no such area."""

    code = "BASELINE_AREA_UNKNOWN"
    template = "The facility baseline has no area {area!r}."
    remedy_template = "Its areas: {areas}."


class BaselineAreaRepeated(Refusal):
    """An area was scored twice in one baseline."""

    code = "BASELINE_AREA_REPEATED"
    template = "The area {area!r} is scored more than once."
    remedy_template = "Give each area once."


class BaselineAreaMissing(Refusal):
    """An area was left out."""

    code = "BASELINE_AREA_MISSING"
    template = "The area {area!r} has no scores."
    remedy_template = "Score every area: {areas}."


def facility_baseline_id(programme: str, org_unit_id: UUID) -> UUID:
    """Return the id of the one baseline record of a facility in a programme."""
    return derived_id("facility_baseline", programme, org_unit_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What somebody saw at a facility on a day, and the rules that say what to look for."""

    org_unit_id: UUID
    programme_version_id: UUID
    rules: Definition
    areas: tuple[AreaScores, ...]
    notes: str | None
    on: date

    def seen(self, *, attempt: int) -> FacilityBaselineAssessed:
        """Add the scores up.

        Raises:
            NoFacilityBaseline, BaselineAreaUnknown, BaselineAreaRepeated, BaselineAreaMissing,
            and what `points_by_item` raises.
        """
        results = _added_up(self.rules, self.areas)
        return FacilityBaselineAssessed(
            org_unit_id=self.org_unit_id,
            programme_version_id=self.programme_version_id,
            programme=self.rules.programme,
            attempt=attempt,
            areas=results,
            raw=sum(result.raw for result in results),
            max=sum(result.max for result in results),
            notes=self.notes,
            assessed_on=self.on,
        )


class FacilityBaseline(Aggregate):
    """Every baseline of one facility in one programme, kept for ever."""

    kind = "facility_baseline"

    attempt: int
    first_on: date

    @classmethod
    def begun(cls, look: Look) -> Self:
        """Look at a facility for the first time; what is refused, `Look.seen` says."""
        id = facility_baseline_id(look.rules.programme, look.org_unit_id)
        return cls.begin(id, look.seen(attempt=1))

    def assess(self, look: Look) -> None:
        """Look at it again; what is refused, `Look.seen` says."""
        self.record(look.seen(attempt=self.attempt + 1))

    @event(FacilityBaselineAssessed)
    def _looked_at(self, event: FacilityBaselineAssessed) -> None:
        self.attempt = event.attempt
        # What happened first may be told later.
        if event.attempt == 1 or event.assessed_on < self.first_on:
            self.first_on = event.assessed_on


def _added_up(rules: Definition, areas: tuple[AreaScores, ...]) -> tuple[AreaResult, ...]:
    if not rules.facility_baseline:
        raise NoFacilityBaseline("programmeVersionId", programme=rules.programme)
    asked = {area.code: area for area in rules.facility_baseline}
    names = ", ".join(asked)
    results: dict[str, AreaResult] = {}
    for index, given in enumerate(areas):
        if given.area not in asked:
            raise BaselineAreaUnknown(f"areas[{index}].area", area=given.area, areas=names)
        if given.area in results:
            raise BaselineAreaRepeated(f"areas[{index}].area", area=given.area)
        results[given.area] = _area(asked[given.area], given, at=f"areas[{index}].items")
    for code in asked:
        if code not in results:
            raise BaselineAreaMissing("areas", area=code, areas=names)
    return tuple(results.values())


def _area(asked: BaselineArea, given: AreaScores, *, at: str) -> AreaResult:
    points = points_by_item(asked.code, asked.items, given.items, at)
    return AreaResult(
        area=asked.code,
        items=given.items,
        raw=sum(points.values()),
        max=sum(item.points for item in asked.items),
    )

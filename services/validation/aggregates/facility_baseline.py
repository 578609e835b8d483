"""A facility baseline: how one facility stood, each time somebody looked, for one programme."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Self
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from services.validation.aggregates.scoring import points_by_item
from shared.contracts.definition import Definition
from shared.contracts.definition.assessment import BaselineArea
from shared.contracts.validation.facility_baseline import (
    AreaResult,
    AreaScores,
    FacilityBaselineAssessed,
    FacilityBaselineCorrected,
    FacilityBaselineCountersigned,
    FacilityBaselineFacts,
    FacilityBaselineReinstated,
    FacilityBaselineVoided,
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


class LookUnknown(Refusal):
    """Only a look that was told is corrected or voided."""

    code = "LOOK_UNKNOWN"
    template = "There is no baseline {attempt} of the facility."
    remedy_template = "Give the number of a baseline that was recorded."


class LookVoided(Refusal):
    """What is voided stands no more."""

    code = "LOOK_VOIDED"
    template = "Baseline {attempt} of the facility is voided."
    remedy_template = "Let it count again with `facilityBaselineReinstate` first."


class LookStands(Refusal):
    """What is not voided need not be let count again."""

    code = "LOOK_STANDS"
    template = "Baseline {attempt} of the facility is not voided."
    remedy_template = "Nothing is left to do."


class LookNotUnsigned(Refusal):
    """What its assessor recorded, or has signed, awaits no signature."""

    code = "LOOK_NOT_UNSIGNED"
    template = "Baseline {attempt} of the facility awaits no signature."
    remedy_template = "Nothing is left to do; if nobody is named who looked, correct it first."


class LookSignedByAnother(Refusal):
    """Nobody signs for the assessor."""

    code = "LOOK_SIGNED_BY_ANOTHER"
    template = "{actor} is not the assessor of baseline {attempt} of the facility."
    remedy_template = "Let the assessor sign under their own grant."


def facility_baseline_id(programme: str, org_unit_id: UUID) -> UUID:
    """Return the id of the one baseline record of a facility in a programme."""
    return derived_id("facility_baseline", programme, org_unit_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What somebody saw at a facility on a day, and the rules that say what to look for.

    Attributes:
        assessor_id: who looked, if that is said.
        records_it: they record it themselves.
    """

    org_unit_id: UUID
    programme_version_id: UUID
    rules: Definition
    areas: tuple[AreaScores, ...]
    notes: str | None
    on: date
    assessor_id: UUID | None = None
    records_it: bool = False

    def seen(self, *, attempt: int) -> dict[str, Any]:
        """Return what is to be said of it, with the scores added up.

        Raises:
            NoFacilityBaseline, BaselineAreaUnknown, BaselineAreaRepeated, BaselineAreaMissing,
            and what `points_by_item` raises.
        """
        results, rule = _added_up(self.rules, self.areas), self.rules.validation
        return {
            "org_unit_id": self.org_unit_id,
            "programme_version_id": self.programme_version_id,
            "programme": self.rules.programme,
            "attempt": attempt,
            "areas": results,
            "raw": sum(result.raw for result in results),
            "max": sum(result.max for result in results),
            "notes": self.notes,
            "assessed_on": self.on,
            "assessor_id": self.assessor_id,
            "recorded_for_another": None if self.assessor_id is None else not self.records_it,
            "unsigned": bool(rule and rule.countersigned and not self.records_it),
        }


class Looked(Struct, frozen=True, kw_only=True):
    """A look at a facility as it is remembered."""

    on: date
    voided: bool = False
    assessor_id: UUID | None = None
    unsigned: bool = False


class FacilityBaseline(Aggregate):
    """Every baseline of one facility in one programme, kept for ever."""

    kind = "facility_baseline"
    fold_version = 3

    org_unit_id: UUID
    programme: str
    looks: list[Looked]

    @classmethod
    def begun(cls, look: Look) -> Self:
        """Look at a facility for the first time; what is refused, `Look.seen` says."""
        id = facility_baseline_id(look.rules.programme, look.org_unit_id)
        return cls.begin(id, FacilityBaselineAssessed(**look.seen(attempt=1)))

    @property
    def first_on(self) -> date | None:
        """When the facility was first looked at: what happened first may be told later."""
        stand = (look.on for look in self.looks if not (look.voided or look.unsigned))
        return min(stand, default=None)

    def assess(self, look: Look) -> None:
        """Look at it again; what is refused, `Look.seen` says."""
        self.record(FacilityBaselineAssessed(**look.seen(attempt=len(self.looks) + 1)))

    @event(FacilityBaselineAssessed)
    def _looked_at(self, event: FacilityBaselineAssessed) -> None:
        self.org_unit_id, self.programme = event.org_unit_id, event.programme
        self.looks = getattr(self, "looks", [])  # the first look begins the record
        self.looks.append(_looked(event))

    def correct(self, look: Look, attempt: int) -> None:
        """Say again, whole, what somebody saw.

        Raises:
            LookUnknown, LookVoided, and what `Look.seen` raises.
        """
        self._must_stand(attempt)
        self.record(FacilityBaselineCorrected(**look.seen(attempt=attempt)))

    @event(FacilityBaselineCorrected)
    def _corrected(self, event: FacilityBaselineCorrected) -> None:
        self.looks[event.attempt - 1] = _looked(event)

    def countersign(self, attempt: int, on: date) -> None:
        """Have its assessor sign a look that somebody else recorded.

        Raises:
            LookUnknown, LookVoided, LookNotUnsigned: as they say.
        """
        look = self._must_stand(attempt)
        if not look.unsigned or look.assessor_id is None:
            raise LookNotUnsigned("attempt", attempt=attempt)
        self.record(
            FacilityBaselineCountersigned(
                **self._about(attempt), assessor_id=look.assessor_id, countersigned_on=on
            )
        )

    @event(FacilityBaselineCountersigned)
    def _countersigned(self, event: FacilityBaselineCountersigned) -> None:
        look = self.looks[event.attempt - 1]
        self.looks[event.attempt - 1] = replace(look, unsigned=False)

    def void(self, attempt: int, on: date) -> None:
        """Let a look count no more.

        Raises:
            LookUnknown, LookVoided: as they say.
        """
        self._must_stand(attempt)
        self.record(FacilityBaselineVoided(**self._about(attempt), voided_on=on))

    @event(FacilityBaselineVoided)
    def _voided(self, event: FacilityBaselineVoided) -> None:
        look = self.looks[event.attempt - 1]
        self.looks[event.attempt - 1] = replace(look, voided=True)

    def reinstate(self, attempt: int, on: date) -> None:
        """Let a voided look count again.

        Raises:
            LookUnknown, LookStands: as they say.
        """
        if not self.known(attempt).voided:
            raise LookStands("attempt", attempt=attempt)
        self.record(FacilityBaselineReinstated(**self._about(attempt), reinstated_on=on))

    @event(FacilityBaselineReinstated)
    def _reinstated(self, event: FacilityBaselineReinstated) -> None:
        look = self.looks[event.attempt - 1]
        self.looks[event.attempt - 1] = replace(look, voided=False)

    def _about(self, attempt: int) -> dict[str, Any]:
        return {
            "org_unit_id": self.org_unit_id,
            "programme": self.programme,
            "attempt": attempt,
        }

    def known(self, attempt: int) -> Looked:
        """Return a look that was told, voided or not.

        Raises:
            LookUnknown: there is none of that number.
        """
        if attempt > len(self.looks):
            raise LookUnknown("attempt", attempt=attempt)
        return self.looks[attempt - 1]

    def _must_stand(self, attempt: int) -> Looked:
        look = self.known(attempt)
        if look.voided:
            raise LookVoided("attempt", attempt=attempt)
        return look


def _looked(event: FacilityBaselineFacts) -> Looked:
    return Looked(on=event.assessed_on, assessor_id=event.assessor_id, unsigned=event.unsigned)


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

"""Competency records to try rules on: a mentee, an assessor, a framework, attempts at it."""

from datetime import date
from typing import Any, TypeVar

from services.validation.aggregates.assessor import Assessor
from services.validation.aggregates.competency_record import CompetencyRecord
from services.validation.aggregates.framework import Framework
from services.validation.aggregates.mentee import Mentee
from shared.contracts.base import Event
from shared.contracts.definition import ChecklistItem, Competency, Validation
from shared.contracts.definition.assessment import BaselineArea, Formula, Indicator
from shared.contracts.validation.competency_record import ItemScore
from shared.contracts.validation.framework import FrameworkPublished
from shared.domain import Aggregate, new_id
from tests.support.definitions import BLEEDING, RESUSCITATION

Kind = TypeVar("Kind", bound=Event)

TODAY = date(2018, 12, 1)
FRAMEWORK = Framework.begin(
    new_id(),
    FrameworkPublished(
        code="test-newborn",
        framework_version=1,
        name="Newborn and mother",
        competencies=(RESUSCITATION, BLEEDING),
    ),
)
WELL = {"HBB": {"prepare": 40, "ventilate": 60}, "PPH": {"oxytocin": 20}}
POORLY = {"HBB": {"prepare": 24, "ventilate": 60}, "PPH": {"oxytocin": 0}}


WATER = BaselineArea(
    code="water",
    name="Infrastructure",
    items=(ChecklistItem(code="tap", text="Water runs", points=1),),
)
DRIVE = Indicator(
    code="drive",
    name="Drive for change",
    numerator="points",
    denominator="participants",
    most=20,
    formula=Formula.CHANGE_OF_MEANS,
)


def mentee(**changes: Any) -> Mentee:
    """Return a mentee of the test programme, enrolled a month before today."""
    return Mentee(
        **{
            "enrolment_id": new_id(),
            "health_worker_id": new_id(),
            "programme_version_id": new_id(),
            "programme": "test-hospital",
            "area": "RAM",
            "org_unit_id": new_id(),
            "enrolled_on": date(2018, 11, 1),
            "rule": Validation(threshold=85, technique=True),
            **changes,
        }
    )


def assessor(**changes: Any) -> Assessor:
    """Return somebody who may assess today."""
    return Assessor(**{"health_worker_id": new_id(), "certified": True, "day": TODAY, **changes})


def attempt(
    record: CompetencyRecord,
    about: Mentee,
    points: dict[str, dict[str, int]],
    competency: Competency = RESUSCITATION,
    *,
    technique: bool = True,
    by: Assessor | None = None,
) -> None:
    """Assess the mentee at a competency, today if `by` says no other day."""
    items = tuple(ItemScore(item=i, points=p) for i, p in points[competency.code].items())
    record.assess(about, by or assessor(), FRAMEWORK, competency, items, technique)


def told(record: Aggregate, kind: type[Kind]) -> list[Kind]:
    """Return what a record has recorded of one kind."""
    return [body for body in record.recorded if isinstance(body, kind)]

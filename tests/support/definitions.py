"""A small programme, complete enough for every rule: what tests run under."""

from shared.contracts.definition import (
    Area,
    Calendar,
    ChecklistItem,
    Competency,
    Conduct,
    Definition,
    Framework,
    Gate,
    Minutes,
    Mode,
    Model,
    Orientation,
    Ratio,
    Validation,
    VisitStep,
)
from shared.contracts.definition.conduct import OF_SOMEBODY, SUSPICIONS, Judgement

STRICT = Conduct(
    count=tuple(sorted(SUSPICIONS | OF_SOMEBODY)),
    otherwise=Judgement.REFUSE,
)
"""What all versions meant before a version could say: every departure was refused, but from rules
that nobody asked about then."""

RESUSCITATION = Competency(
    code="HBB",
    name="Helping Babies Breathe",
    checklist=(
        ChecklistItem(code="prepare", text="Prepares the area and the equipment", points=40),
        ChecklistItem(
            code="ventilate", text="Ventilates within a minute", points=60, critical=True
        ),
    ),
)
BLEEDING = Competency(
    code="PPH",
    name="Postpartum haemorrhage",
    checklist=(ChecklistItem(code="oxytocin", text="Gives oxytocin in time", points=20),),
)


def definition() -> Definition:
    """Return a programme of three areas that share one framework of two competencies."""
    return Definition(
        programme="test-hospital",
        version=1,
        name="Test hospital mentorship",
        source="The tests",
        model=Model.EXTERNAL,
        languages=("en",),
        calendar=Calendar(zone="Africa/Kigali", fiscal_year_start="10-01"),
        ratio=Ratio(mentors=3, mentees=(1, 20), one_of_each_area=True, load=2),
        cadence="three days a month",
        minutes=Minutes(min=60, target=480),
        modes=(Mode.IN_PERSON, Mode.PHONE),
        gates=(Gate.PRE_TEST, Gate.SIGNATURES),
        conduct=STRICT,
        orientation=Orientation(theory=80, practical=80),
        visit_steps=(
            VisitStep(code="entry", name="Entry meeting"),
            VisitStep(code="observation", name="Case observation", needs_consent=True),
        ),
        areas=tuple(
            Area(
                code=code,
                name=code,
                technical_area=technical_area,
                association=code,
                association_name=code,
                framework="test-newborn",
                framework_version=1,
            )
            for code, technical_area in (
                ("RPA", "paediatrics"),
                ("RAM", "midwifery"),
                ("RSOG", "obstetrics"),
            )
        ),
        validation=Validation(threshold=85, technique=True),
        frameworks=(
            Framework(
                code="test-newborn",
                version=1,
                name="Newborn and mother",
                competencies=(RESUSCITATION, BLEEDING),
            ),
        ),
    )

"""Workshops of the story, and what they opened: told, corrected, voided and reinstated."""

from typing import Any

from shared.contracts.registry import enrolment, mentor
from shared.contracts.sessions import workshop
from tests.support.story_registry import BY_CASCADE, KEZA, LATE
from tests.support.telling import COHORT, HUYE, MENTEE, MENTOR, VERSION, Told, day, id_of, of

TRAINING, CLOSING = id_of("workshop of training"), id_of("workshop of closing")

_WHERE: dict[str, Any] = {
    "programme_version_id": VERSION,
    "programme": "INGOBYI",
    "org_unit_id": HUYE,
}
_TRAINING: dict[str, Any] = {
    **_WHERE,
    "cohort_id": COHORT,
    "workshop_kind": workshop.WorkshopKind.TRAINING,
    "title": "Care of the newborn",
    "place": "A hotel in Huye",
    "starts": day(181),
    "ends": day(183),
    "days": (day(181), day(182), day(183)),
    "course": "NEWBORN",
    "modules": (
        workshop.WorkshopModule(
            topic="BREATHING",
            name="The first minute",
            methods=(workshop.TeachingMethod.SIMULATION, workshop.TeachingMethod.FILM),
            minutes=240,
            days=(day(181),),
        ),
        workshop.WorkshopModule(topic="WARMTH"),
    ),
    "facilitators": (
        workshop.Facilitated(health_worker_id=MENTOR),
        workshop.Facilitated(organisation="A college of midwives"),
    ),
    "others": 4,
}
_THERE = workshop.Attended(
    health_worker_id=KEZA,
    days=(day(181), day(182), day(183)),
)
_IN_PART = workshop.Attended(health_worker_id=MENTEE, days=(day(181),), modules=("BREATHING",))

GATHERINGS: list[Told] = [
    *of("workshop", TRAINING, workshop.WorkshopHeld(**_TRAINING, attendance=(_IN_PART,)), on=183),
    *of(
        "workshop",
        TRAINING,
        workshop.WorkshopCorrected(**_TRAINING, attendance=(_THERE,), no_more=(MENTEE,)),
        workshop.WorkshopTested(
            health_worker_id=KEZA,
            facts_version=2,
            programme="INGOBYI",
            org_unit_id=HUYE,
            pre_test=40,
            post_test=85,
        ),
        workshop.WorkshopPutInWords(
            health_worker_id=MENTOR,
            facts_version=2,
            programme="INGOBYI",
            org_unit_id=HUYE,
            facilitators=(workshop.NamedFacilitator(place=1, name="Sister Immaculee"),),
            notes="Two asked for a second day at the manikin.",
        ),
        on=184,
        reason="It was Keza.",
    ),
    *of(
        "workshop",
        CLOSING,
        workshop.WorkshopHeld(
            **_WHERE,
            workshop_kind=workshop.WorkshopKind.CLOSING,
            title="Looking back",
            starts=day(200),
            ends=day(200),
            days=(day(200),),
            attendance=(workshop.Attended(health_worker_id=MENTEE, days=(day(200),)),),
        ),
        on=200,
    ),
    *of(
        "workshop",
        CLOSING,
        workshop.WorkshopVoided(
            programme="INGOBYI", org_unit_id=HUYE, people=(MENTEE,), voided_on=day(201)
        ),
        on=201,
        reason="It was put off.",
    ),
    *of(
        "workshop",
        CLOSING,
        workshop.WorkshopReinstated(
            programme="INGOBYI", org_unit_id=HUYE, people=(MENTEE,), reinstated_on=day(202)
        ),
        on=202,
        reason="It was not.",
    ),
]

_TAKEN: dict[str, Any] = {
    "health_worker_id": KEZA,
    "training": "Care of the newborn",
    "days": 3,
    "completed_on": day(183),
    "course": "NEWBORN",
    "workshop_id": TRAINING,
    "taken_on": (day(181), day(182), day(183)),
    "trained_on": day(183),
}
OPENED: list[Told] = [
    *of(
        "enrolment",
        LATE,
        enrolment.MenteeTrained(
            **_TAKEN | {"days": 1, "completed_on": day(181), "taken_on": (day(181),)}
        ),
        enrolment.TrainingCorrected(**_TAKEN, facts_version=4),
        enrolment.TrainingVoided(health_worker_id=KEZA, facts_version=4),
        enrolment.TrainingReinstated(health_worker_id=KEZA, facts_version=4, trained_on=day(183)),
        on=191,
        key=KEZA,
        reason="A workshop was told, corrected, voided or reinstated.",
    ),
    *of(
        "mentor",
        BY_CASCADE,
        mentor.MentorOriented(health_worker_id=MENTEE, oriented_on=day(183), workshop_id=TRAINING),
        mentor.MentorOrientationVoided(health_worker_id=MENTEE, facts_version=2, oriented=False),
        on=191,
        key=MENTEE,
        reason="A workshop was told, corrected, voided or reinstated.",
    ),
]

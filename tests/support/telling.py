"""Who and what the story is about, the rules it keeps, and how an event of it is told."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from shared.contracts.base import Event
from shared.contracts.definition import (
    Area,
    Calendar,
    ChecklistItem,
    Competency,
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
from shared.contracts.definition.people import LoadPer
from shared.contracts.definition.visits import GuestRole, Oversight
from shared.domain.ids import derived_id

BEGAN = datetime(2020, 10, 1, 7, 30, tzinfo=UTC)


def id_of(name: str) -> UUID:
    """Return the id of something in the story."""
    return derived_id("story", name)


RWANDA, SOUTH, HUYE, HOSPITAL, CENTRE = map(
    id_of, ("Rwanda", "South", "Huye", "hospital", "centre")
)
MENTOR, MENTEE = id_of("Uwase, paediatrician"), id_of("Mutoni, nurse")
VERSION, COHORT, NOMINEE = id_of("programme version"), id_of("cohort"), id_of("mentor")
ENROLMENT, MATERNITY = id_of("enrolment in paediatrics"), id_of("enrolment in obstetrics")
MENTORSHIP, SESSION, GRANT = id_of("mentorship"), id_of("session"), id_of("grant")
RECORD = derived_id("competency_record", ENROLMENT)


def day(number: int) -> date:
    """Return a day of the story; the first is 0."""
    return BEGAN.date() + timedelta(days=number)


CPAP = Competency(
    code="CPAP",
    name="Bubble CPAP",
    checklist=(
        ChecklistItem(code="1", text="Explains the procedure to the mother", points=4),
        ChecklistItem(code="2", text="Fits the prongs", points=16, critical=True),
    ),
)
RESUSCITATION = Competency(
    code="RESUS",
    name="Newborn resuscitation",
    checklist=(ChecklistItem(code="1", text="Ventilates within a minute", points=20),),
)
PAEDIATRICS = Framework(
    code="PAED", version=2, name="Paediatrics", competencies=(CPAP, RESUSCITATION)
)
RULES = Definition(
    programme="INGOBYI",
    version=1,
    name="Hospital mentorship",
    source="A test.",
    model=Model.EXTERNAL,
    languages=("rw", "en"),
    calendar=Calendar(zone="Africa/Kigali", fiscal_year_start="10-01"),
    ratio=Ratio(mentors=1, mentees=(1, 12), load=2, load_per=LoadPer.PERSON),
    cadence="Three days a month.",
    minutes=Minutes(min=60, target=480),
    modes=(Mode.IN_PERSON, Mode.PHONE),
    gates=(Gate.PRE_TEST, Gate.SIGNATURES),
    orientation=Orientation(theory=80, practical=85),
    visit_steps=(VisitStep(code="ROUND", name="Ward round", needs_consent=True),),
    areas=(
        Area(
            code="PAED",
            name="Paediatrics",
            technical_area="CHILD",
            association="RPA",
            association_name="Rwanda Paediatric Association",
            framework="PAED",
            framework_version=2,
            cadres=("Nurse", "Doctor"),
        ),
    ),
    oversight=Oversight(supervised_by=(GuestRole.SUPERVISOR,)),
    validation=Validation(threshold=85, technique=True),
    frameworks=(PAEDIATRICS,),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One event of the story.

    Attributes:
        kind: of its stream.
        key: what decides its partition.
        on: the day it occurred.
        reason: why, where one was due.
    """

    kind: str
    stream: UUID
    body: Event
    on: date
    key: UUID
    reason: str | None = None

    @property
    def service(self) -> str:
        """Whose event it is."""
        return self.body.topic.partition(".")[0]


def of(
    kind: str,
    stream: UUID,
    *bodies: Event,
    on: int = 0,
    key: UUID | None = None,
    reason: str | None = None,
) -> list[Told]:
    """Return events of one stream, that all occurred on a day."""
    return [
        Told(kind=kind, stream=stream, body=body, on=day(on), key=key or stream, reason=reason)
        for body in bodies
    ]

"""Whatever is said of people in words is personal: sealed, and shown by the policy. What is plain
is listed here, each with why: a new free text that is neither stops the build.
"""

from collections.abc import Iterator
from typing import Annotated, Any, get_args, get_origin, get_type_hints

import msgspec
import pytest

import services.gateway.graphql.schema
from services.gateway.projector import KEPT
from services.gateway.read.declare import Leaf, Model, models
from services.gateway.read.joined import Joined
from shared.contracts.base import Event, events, personal_fields
from tests.support.marking import PERSONAL, texts_of, with_marks
from tests.support.rows import Rows
from tests.support.story import STORY, happenings

assert services.gateway.graphql.schema, "it declares every read type"

OFFICE = "an office that approves or owns, in its own name: no text about a person"
NAME = "what a thing is called: a unit, a programme's part, a course"
HALL = "where many came together: a hall, a hotel, a college"
COUNTED = "what is counted, and in what; no text about a person"
SENTENCE = "a value in a rule's sentence, made by the rule"
TAUGHT = "what was taught, as a curriculum has it; it names nobody"
PAPER = "an act and a file's number, by which somebody is forgotten: it outlives their name"
PLAIN: dict[str, str] = {
    "AccessGlassBroken.subject_name": "the `sub` of a token",
    "AccessGlassReviewed.reviewed_by": "likewise",
    "AccessGrantGiven.subject_name": "the subject of a token: who was let in is no secret",
    "AccessGrantGivenOverGroup.subject_name": "as above",
    "AuditFindingDismissed.actors": "subjects of tokens, as the audit trail shows them",
    "AuditFindingReopened.actors": "as above",
    "CodeListEntry.name": NAME,
    "CodeListEntry.aliases": NAME,
    "CohortOpened.name": NAME,
    "CohortApproved.approved_by": OFFICE,
    "ErasureRequested.reference": PAPER,
    "ErasureRequested.asked_by": "the subject of a token: who asked that somebody be forgotten",
    "ErasureDeclined.declined_by": "likewise",
    "HealthWorkerErased.reference": PAPER,
    "HealthWorkerErased.asked_by": "likewise",
    "HealthWorkerErased.approved_by": "likewise",
    "LegalHoldPlaced.reference": PAPER,
    "DeviationValue.name": SENTENCE,
    "DeviationValue.value": SENTENCE,
    "Deviation.waived_by": OFFICE,
    "MenteeTrained.training": NAME,
    "TrainingCorrected.training": NAME,
    "GroupEstablished.name": NAME,
    "HealthWorkerRegistered.cadre": NAME,
    "HealthWorkerCadreChanged.cadre": NAME,
    "CadreSince.cadre": NAME,
    "MentorshipProposed.reasons": "made by the matching of what it compared",
    "MentorshipWaived.approved_by": OFFICE,
    "ReformDrafted.name": NAME,
    "ReformDrafted.drafted_by": "the subject of a token: who drafted what is published",
    "ReformApproved.approved_by": "as above",
    "ReformChange.name": NAME,
    "ReformFault.field": SENTENCE,
    "Successor.name": NAME,
    "OrgUnitEstablished.name": NAME,
    "OrgUnitRenamed.name": NAME,
    "CodeIn.code": "a unit's code in a list of units: no text about a person",
    "CodeSince.code": "likewise",
    "Facility.type": NAME,
    "Facility.level": NAME,
    "Facility.ownership": NAME,
    "ActionAgreed.owner_office": OFFICE,
    "ActionEscalated.to_office": OFFICE,
    "ActionReturned.to_office": OFFICE,
    "CoordinationMeetingHeld.offices": OFFICE,
    "SupervisionScore.checklist": NAME,
    "Measure.name": COUNTED,
    "Measure.unit": COUNTED,
    "Substance.topics": TAUGHT,
    "Simulation.topic": TAUGHT,
    "WorkshopHeld.title": NAME,
    "WorkshopHeld.place": HALL,
    "WorkshopCorrected.title": NAME,
    "WorkshopCorrected.place": HALL,
    "WorkshopModule.name": TAUGHT,
    "Facilitated.organisation": OFFICE,
    "CertificateRecommended.name": NAME,
    "CertificateApproved.approver": OFFICE,
    "CertificateDeclined.approver": OFFICE,
    "CompetencyRecognised.approver": OFFICE,
    "CompetencyRecognised.competency_name": NAME,
    "AssessmentRecorded.competency_name": NAME,
    "AttemptsWeighed.competency_name": NAME,
    "AttemptCorrected.competency_name": NAME,
}
PUBLISHED = {"ProgrammeVersionPublished", "FrameworkPublished"}
"""Whole documents that are published: everybody reads them, and nobody is in them."""


def free_texts(struct: type[msgspec.Struct]) -> Iterator[tuple[str, bool]]:
    """Yield every field of a struct, at any depth, that holds words, and whether it is personal."""
    hints = get_type_hints(struct, include_extras=True)
    personal = set(personal_fields(struct)) if issubclass(struct, Event) else set()
    for name in struct.__struct_fields__:
        if name in personal:
            yield f"{struct.__name__}.{name}", True
            continue
        if any(words_in(hints[name])):
            yield f"{struct.__name__}.{name}", False
        for inner in structs_in(hints[name]):
            yield from free_texts(inner)


def words_in(hint: Any) -> Iterator[bool]:
    """Yield for every text in a type that is not held to a pattern."""
    if get_origin(hint) is Annotated:
        base, *said = get_args(hint)
        if base is str:
            if not any(getattr(each, "pattern", None) for each in said):
                yield True
            return
    if hint is str:
        yield True
    for part in get_args(hint):
        yield from words_in(part)


def structs_in(hint: Any) -> Iterator[type[msgspec.Struct]]:
    if isinstance(hint, type) and issubclass(hint, msgspec.Struct):
        yield hint
    for part in get_args(hint):
        yield from structs_in(part)


@pytest.mark.parametrize("event", events.values(), ids=events.keys())
def test_whatever_is_said_in_words_is_personal_or_listed_as_plain(event: type[Event]) -> None:
    if event.__name__ in PUBLISHED:
        return
    unlisted = [text for text, personal in free_texts(event) if not personal and text not in PLAIN]
    assert not unlisted, f"make {unlisted} personal, or say here why they tell of nobody"


def test_nothing_is_listed_as_plain_that_is_no_free_text() -> None:
    found = {text for event in events.values() for text, personal in free_texts(event)}
    assert PLAIN.keys() <= found


# ── and who is shown it ───────────────────────────────────────────────────────────────────────


ROWS = Rows()
for _happening in happenings(map(with_marks, STORY)):
    ROWS.happen(KEPT, _happening)


def rows_of(model: Model) -> list[dict[str, Any]]:
    """Return the rows that a read type is read from."""
    table = model.table
    if not isinstance(table, Joined):
        return ROWS.of(table.name)
    rest = {row[table.by]: row for row in ROWS.of(table.rest.name)}
    return [rest[row[table.by]] | row for row in ROWS.of(table.rows.name)]


@pytest.mark.parametrize("name", sorted(models))
def test_a_read_type_shows_what_was_said_of_people_as_personal_or_confided(name: str) -> None:
    model = models[name]
    for field, declared in model.fields.items():
        if not isinstance(declared, Leaf) or declared.personal or declared.confided:
            continue
        column = model.column_of(field)
        shown = {text for row in rows_of(model) for text in texts_of(row[column])}
        said = [text for text in shown if text.endswith(PERSONAL)]
        assert not said, f"{name}.{field} shows what is personal to whoever sees the row"


def test_the_story_says_something_in_every_personal_field_that_a_read_type_shows() -> None:
    """Or else the test above would pass by what nobody said."""
    silent = [
        f"{name}.{field}"
        for name, model in models.items()
        for field, declared in model.fields.items()
        if isinstance(declared, Leaf)
        and (declared.personal or declared.confided)
        and not any(row[model.column_of(field)] for row in rows_of(model))
    ]
    assert silent == []

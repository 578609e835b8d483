"""What a command and an event are, and the marks their fields can carry.

A field's type says its shape; `Annotated[..., Meta(extra=...)]` says what it means:

    ref       the field is the id of that kind of thing  (`Ref("Mentorship")`)
    personal  the field tells who a person is: encrypted with that person's key from the first event
    lines     the text may have more than one line
    most      the most that a command may say; older events may hold more (`deciding/values.py`)
    later     the field is younger than its command (`deciding/fingerprints.py`)

Wire names are camelCase: `health_worker_id` travels as `healthWorkerId`.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from functools import cache
from typing import Annotated, Any, ClassVar, TypeVar, get_args, get_origin, get_type_hints
from uuid import UUID

from msgspec import Meta, Struct

AnyEvent = TypeVar("AnyEvent", bound="Event")
AnyCommand = TypeVar("AnyCommand", bound="Command")
AnyPublished = TypeVar("AnyPublished", bound="Event | Command")

SERVICES = ("registry", "sessions", "validation")


def ref(kind: str, description: str | None = None) -> Meta:
    """Mark a UUID as the id of a `kind` (PascalCase, as GraphQL calls it)."""
    return Meta(description=description or f"The id of a {kind}.", extra={"ref": kind})


def later(description: str) -> Meta:
    """Mark a field that is younger than its command; it has a default."""
    return Meta(description=description, extra={"later": True})


OrgUnitId = Annotated[UUID, ref("OrgUnit")]
HealthWorkerId = Annotated[UUID, ref("HealthWorker")]
ProgrammeVersionId = Annotated[UUID, ref("ProgrammeVersion")]
CohortId = Annotated[UUID, ref("Cohort")]
MentorId = Annotated[UUID, ref("Mentor")]
EnrolmentId = Annotated[UUID, ref("Mentee", "The id of a mentee: of one enrolment in one area.")]
MentorshipId = Annotated[UUID, ref("Mentorship")]
AccessGrantId = Annotated[UUID, ref("AccessGrant")]
GroupId = Annotated[UUID, ref("Group")]
ReformId = Annotated[UUID, ref("Reform")]
SessionId = Annotated[UUID, ref("Session")]
VisitId = Annotated[UUID, ref("Visit")]
WorkshopId = Annotated[UUID, ref("Workshop")]
ContactId = Annotated[UUID, ref("Contact")]
PlanId = Annotated[UUID, ref("Plan")]
SupportRequestId = Annotated[UUID, ref("SupportRequest")]
ImprovementActionId = Annotated[UUID, ref("ImprovementAction")]
InitiativeId = Annotated[UUID, ref("Initiative")]
ExchangeId = Annotated[UUID, ref("Exchange")]
NoticeId = Annotated[UUID, ref("Notice")]
JournalEntryId = Annotated[UUID, ref("JournalEntry")]
RelationshipEvaluationId = Annotated[UUID, ref("RelationshipEvaluation")]
OutcomeStoryId = Annotated[UUID, ref("OutcomeStory")]
SupervisionVisitId = Annotated[UUID, ref("SupervisionVisit")]
CoordinationMeetingId = Annotated[UUID, ref("CoordinationMeeting")]
CertificateId = Annotated[UUID, ref("Certificate")]
FrameworkId = Annotated[UUID, ref("Framework")]
CompetencyRecordId = Annotated[UUID, ref("CompetencyRecord")]

NewId = Annotated[UUID, Meta(description="The new record's id, if the client makes it.")] | None

CODE = r"^[A-Za-z0-9][A-Za-z0-9._/-]*$"
Code = Annotated[
    str,
    Meta(
        pattern=CODE,
        max_length=64,
        description="A stable key: letters, digits, dots, dashes, slashes.",
    ),
]
Text = Annotated[str, Meta(min_length=1, max_length=200, description="A short text, not blank.")]
LongText = Annotated[
    str,
    Meta(min_length=1, max_length=4000, description="A text, not blank.", extra={"lines": True}),
]
Language = Annotated[
    str, Meta(pattern="^[a-z]{2}$", description="A language, by its ISO 639-1 code.")
]
Languages = Annotated[tuple[Language, ...], Meta(max_length=10, description="Languages spoken.")]
Instant = Annotated[
    datetime, Meta(tz=True, description="An instant, RFC 3339, with its offset from UTC.")
]
PersonalLongText = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=20_000,
        description="Personal data: readable with the person's key only.",
        extra={"personal": True, "lines": True},
    ),
]
PersonalText = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=200,
        description="Personal data: readable with the person's key only.",
        extra={"personal": True},
    ),
]


ITS_RECORD = "record"
"""The subject of an event that is about no one person: what it says is sealed with a key of its
record's own, so that one record can be forgotten alone."""


PersonalNotes = Annotated[
    tuple[PersonalLongText, ...], Meta(max_length=50, description="Texts, all of them personal.")
]


class Event(Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """Something that happened, in the past tense; its fields are what one must know of it.

    Attributes:
        topic: stable for ever, `registry.health_worker.registered`; the same for every version.
        version: raised when the shape changes; an older payload is lifted by the class's
            `upcast_v1_v2(payload: dict) -> None`, and so on, before it is decoded.
        subject: the field with the person the event is about, whose key encrypts its personal
            fields; where the field is empty, or it is `ITS_RECORD`, the record's own does. None: it
            has no personal fields.
        in_clear: the last version whose personal fields may stand in clear, as they were said
            before they were personal; 0: none may.
    """

    topic: ClassVar[str] = ""
    version: ClassVar[int] = 1
    subject: ClassVar[str | None] = None
    in_clear: ClassVar[int] = 0


class SealedSinceV2(Event, kw_only=True):
    """An event whose first version had in clear what is personal now; publish it `in_clear=1`."""

    @staticmethod
    def upcast_v1_v2(_payload: dict[str, Any]) -> None:
        """Leave it as it is: what was said in clear is read as it was said."""


class Command(Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """A wish to record something, in the imperative; it is granted whole or refused whole.

    Attributes:
        command_id: made by the client, once a command; the same id again gets the same answer.
        expected_version: the version of the record that the client saw; refused if it moved on.
        occurred_on: the day it happened in the field, in the programme's zone; today if left out.
        device: the device it was captured on.
        on_behalf_of: the person for whom the sender acts.
        reason: why, where one is due.
        after: positions of other services' facts that this command rests on, as answers gave them.
        dry_run: decide it, and tell all that is found; record nothing.
    """

    service: ClassVar[str] = ""
    record: ClassVar[str] = ""
    roles: ClassVar[frozenset[str]] = frozenset()

    command_id: Annotated[UUID, Meta(description="Made by the client, once for each command.")]
    expected_version: Annotated[int, Meta(ge=0, description="The version you saw.")] | None = None
    occurred_on: Annotated[date, Meta(description="The day it happened in the field.")] | None = (
        None
    )
    device: Annotated[str, Meta(max_length=100, description="The capturing device.")] | None = None
    on_behalf_of: (
        Annotated[str, Meta(max_length=100, description="Whom the sender acts for.")] | None
    ) = None
    reason: Annotated[str, Meta(max_length=500, description="Why, where one is due.")] | None = None
    after: (
        Annotated[list[str], Meta(max_length=100, description="Positions this command rests on.")]
        | None
    ) = None
    dry_run: Annotated[
        bool,
        Meta(
            description="Decide it, tell all that is found, record nothing.", extra={"later": True}
        ),
    ] = False


events: dict[str, type[Event]] = {}
commands: dict[str, type[Command]] = {}
"""Every event by its topic, every command by its wire name: filled as contracts are imported."""


def in_order(published: Mapping[str, type[AnyPublished]]) -> dict[str, type[AnyPublished]]:
    """Return commands or events by service, then as their modules are named and tell of them.

    Not as they were imported: what is written of them must not depend on who asked first.
    """

    def place(one: tuple[str, type[Any]]) -> tuple[int, str]:
        kind = one[1]
        service = kind.service if issubclass(kind, Command) else kind.topic.partition(".")[0]
        return SERVICES.index(service) if service in SERVICES else len(SERVICES), kind.__module__

    return dict(sorted(published.items(), key=place))


def happened(
    topic: str, *, subject: str | None = None, version: int = 1, in_clear: int = 0
) -> Callable[[type[AnyEvent]], type[AnyEvent]]:
    """Publish an event class under its topic: see `Event` for what the arguments mean."""

    def publish(event: type[AnyEvent]) -> type[AnyEvent]:
        if topic in events:
            msg = f"event topic {topic} is taken by {events[topic].__qualname__}"
            raise TypeError(msg)
        event.topic, event.version, event.subject = topic, version, subject
        event.in_clear = in_clear
        events[topic] = event
        return event

    return publish


def asked(service: str, record: str, *, by: str) -> Callable[[type[AnyCommand]], type[AnyCommand]]:
    """Publish a command class: `service` decides it on `record`, asked by one of the roles `by`."""

    def publish(command: type[AnyCommand]) -> type[AnyCommand]:
        command.service, command.record, command.roles = (
            service,
            record,
            frozenset(by.upper().split()),
        )
        commands[wire_name(command)] = command
        return command

    return publish


@cache
def wire_name(command: type[Command]) -> str:
    """Return what a command is called on the wire: `MenteeEnrol` is `menteeEnrol`."""
    return command.__name__[0].lower() + command.__name__[1:]


def camel(name: str) -> str:
    """Return a Python field name as the wire spells it."""
    head, *tail = name.split("_")
    return head + "".join(word.title() for word in tail)


def marks(annotation: Any) -> dict[str, Any]:
    """Return the extra marks (`ref`, `personal`) on a field's annotation, through `| None`."""
    found: dict[str, Any] = {}
    for meta in getattr(annotation, "__metadata__", ()):
        found |= getattr(meta, "extra", None) or {}
    if not found:
        for part in get_args(annotation):
            found |= marks(part)
    return found


def personal_fields(event: type[Event]) -> Iterator[str]:
    """Yield the names of an event's personal fields; a list or struct of them counts whole."""
    hints = get_type_hints(event, include_extras=True)
    for name in event.__struct_fields__:
        if _is_personal(hints[name]):
            yield name


def _is_personal(annotation: Any) -> bool:
    if marks(annotation).get("personal"):
        return True
    parts = get_args(annotation) if get_origin(annotation) else ()
    return any(_is_personal(part) for part in parts)

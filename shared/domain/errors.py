"""Every error a user of Mshauri can meet, drawn once.

    MshauriError
    ├── Malformed          the request does not say what a command needs        400
    ├── Unauthenticated    nobody we know sent it                               401
    ├── AccessDenied       somebody we know, who may not                        403
    ├── Refusal            understood and allowed, but against a rule           422
    │   ├── Departure      a programme's rule of conduct: a version may have it recorded
    │   ├── NotFound       what it names is not here, or not in your scope      404
    │   └── Conflict       somebody else was faster, or it was said before      409
    ├── Consequence        no error: what follows from a command, told when it is tried
    └── Unavailable        right, but not now: try again                        503

Each error class is a stable `code`, a sentence that says what was wrong, and a remedy that says
what would be right. Both are templates over `params`, so that a catalogue can say them in another
language. `field` is the camelCase path of the input that caused it, where one did.
"""

from typing import Any, ClassVar, NamedTuple

from shared.contracts.definition.conduct import Judgement

_by_code: dict[str, type["MshauriError"]] = {}
_reworded: list[type["MshauriError"]] = []


class MshauriError(Exception):
    """The root of all errors that carry a code.

    Attributes:
        code: stable, SCREAMING_SNAKE, for programs.
        status: the HTTP status it travels under.
        template: what was wrong, with `{placeholders}` filled from `params`.
        remedy_template: what would be right, likewise.
        found: all that was found of the same wish, this one included, where all was looked at.
    """

    code: ClassVar[str] = "MSHAURI_ERROR"
    status: ClassVar[int] = 500
    template: ClassVar[str] = "Something went wrong."
    remedy_template: ClassVar[str] = ""
    found: "tuple[Finding, ...]" = ()

    def __init__(self, field: str | None = None, **params: Any) -> None:
        self.field = field
        self.params = params
        super().__init__(self.message)

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        if "code" in cls.__dict__:
            other = _by_code.setdefault(cls.code, cls)
            if other is not cls:
                msg = f"error code {cls.code} of {cls.__module__} is taken by {other.__module__}"
                raise TypeError(msg)
        elif "template" in cls.__dict__ or "remedy_template" in cls.__dict__:
            _reworded.append(cls)

    @property
    def message(self) -> str:
        """What was wrong, in English."""
        return self.template.format(**self.params)

    @property
    def remedy(self) -> str:
        """What would be right, in English."""
        return self.remedy_template.format(**self.params)


class Finding(NamedTuple):
    """A rule that is broken, and what becomes of it."""

    broken: MshauriError
    severity: Judgement


def all_errors() -> dict[str, type[MshauriError]]:
    """Return every error class by its code: what the documentation lists."""
    return dict(_by_code)


def all_sentences() -> list[type[MshauriError]]:
    """Return every error class that says something of its own: what the catalogues list.

    Some say in better words what another's code stands for: a program does the same about both.
    """
    return [*_by_code.values(), *_reworded]


class Malformed(MshauriError):
    """The request cannot be read as the command or query it claims to be."""

    code = "MALFORMED"
    status = 400
    template = "The request cannot be read: {problem}."
    remedy_template = "Send what the schema of {expected} describes."


class UnknownCommand(Malformed):
    """No command goes by that name in this service."""

    code = "UNKNOWN_COMMAND"
    status = 404
    template = "There is no command {name!r} here."
    remedy_template = "Known here: {known}."


class WrongIdKind(Malformed):
    """An id of one kind of thing stands where another kind is meant."""

    code = "WRONG_ID_KIND"
    template = "{value!r} is not the id of a {expected}."
    remedy_template = "Give the id that a {expected} carries in its `id` field."


class Unauthenticated(MshauriError):
    """No token, or none that an issuer we trust vouches for."""

    code = "UNAUTHENTICATED"
    status = 401
    template = "The bearer token was not accepted: {problem}."
    remedy_template = "Send `Authorization: Bearer <token>` with a current token of your issuer."


class AccessDenied(MshauriError):
    """The policy does not allow this actor this action in this place."""

    code = "ACCESS_DENIED"
    status = 403
    template = "{actor} may not do {action} here."
    remedy_template = "Ask for a grant of one of these roles over this org unit: {roles}."


class Refusal(MshauriError):
    """A rule of the programme, or of the record itself, says no. Nothing was written."""

    code = "REFUSED"
    status = 422
    template = "The command was refused."


class Departure(Refusal):
    """A programme's rule of conduct is not kept, by a code of `ConductRule`.

    Its version says what becomes of that: see `shared/domain/findings.py`.
    """


class Consequence(MshauriError):
    """What falls with a command that corrects what something rests on; it refuses nothing.

    Who tries the command is told, by the code of a subclass, under the severity COUNT.
    """

    code = "CONSEQUENCE"
    template = "Something that was recorded before does not hold any more."


class NotFound(Refusal):
    """What the command names is not recorded, or lies outside what its sender may see."""

    code = "NOT_FOUND"
    status = 404
    template = "There is no {kind} {id}."
    remedy_template = "Check the id; if it was recorded a moment ago, pass its position as `after`."


class OccurredInFuture(Refusal):
    """A fact cannot be recorded before it has happened."""

    code = "OCCURRED_IN_FUTURE"
    template = "{occurred} has not come yet; today is {today}."
    remedy_template = "Give the day it happened, not later than today."


class Conflict(Refusal):
    """The stream moved on between what the sender saw and what the sender asks."""

    code = "VERSION_CONFLICT"
    status = 409
    template = "The record stands at version {actual}, not {expected}."
    remedy_template = "Read it again, decide again, and send the version you saw."


class CommandIdReused(Conflict):
    """A command id was sent before with another content."""

    code = "COMMAND_ID_REUSED"
    template = "Command {command_id} was recorded before with a different content."
    remedy_template = "Make a new command id for a new command; repeat a command unchanged."


class AlreadyTaken(Conflict):
    """Something that must be unique belongs to another record already."""

    code = "ALREADY_TAKEN"
    template = "{claim} is held by another record already."
    remedy_template = "Use the record that holds it, or correct the value."


class Unavailable(MshauriError):
    """A part we need is away. Nothing was written; the same request may be sent again."""

    code = "UNAVAILABLE"
    status = 503
    template = "{part} does not answer now."
    remedy_template = "Send the same request, with the same command id, again in a moment."


class Overloaded(Unavailable):
    """More work waits than will be done in good time."""

    code = "OVERLOADED"
    template = "{part} has {waiting} commands waiting and takes no more for now."


class StaleRead(Unavailable):
    """The read model did not reach the asked position in time."""

    code = "STALE_READ"
    template = "The answer does not yet hold {position}; it was waited for {waited_ms} ms."
    remedy_template = "Ask again in a moment, or without `after` for what is known now."

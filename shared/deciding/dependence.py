"""What in a batch rests on a command of the same batch that was not recorded.

A client that was offline makes the ids of its records itself. A command that names the id which an
earlier one would have begun, and that cannot be recorded without it, is told by which command it
waits, and is right to be sent again when that one is mended. Whether it can, it is decided by: the
record may be there from before, and the command itself may be recorded already.
"""

from http import HTTPStatus
from typing import Any

from shared.domain.errors import MshauriError, Refusal, Unavailable


class RestsOnRefused(Refusal):
    """The command names a record that a refused command of the same batch should have begun."""

    code = "RESTS_ON_REFUSED"
    template = "It names {id}, which command {command} at place {place} was to begin: {why}."
    remedy_template = "Mend that command, and send it and this one again, with the same ids."


class RestsOnUnanswered(Unavailable):
    """The command names a record that an unanswered command of the same batch should have begun."""

    code = "RESTS_ON_UNANSWERED"
    template = "It names {id}, which command {command} at place {place} was to begin: {why}."
    remedy_template = "Send both again, with the same ids: nothing is wrong with this one."


RESTING = frozenset({RestsOnRefused.code, RestsOnUnanswered.code})


def begins(command: Any) -> str | None:
    """Return the id that the client made for the record which a command, as sent, begins."""
    id = command.get("id") if isinstance(command, dict) else None
    return id if isinstance(id, str) else None


class Unmade:
    """The records that a batch has not begun though it was to."""

    def __init__(self) -> None:
        self._missing: dict[str, tuple[int, str, str, bool]] = {}

    def note(self, place: int, command: Any, code: str, *, answered: bool) -> None:
        """Take in that a command was not recorded.

        Args:
            place: in the batch, from 0.
            command: as it was sent; a record's id that the client made stands in `id`.
            code: of its problem.
            answered: it was refused, rather than not answered.
        """
        if (made := begins(command)) is not None:
            asked = str(command.get("commandId"))
            self._missing[made.lower()] = (place, asked, code, answered)

    def made(self, command: Any) -> None:
        """Take in that a command was recorded: what it begins is there, whoever failed before."""
        if self._missing and (id := begins(command)) is not None:
            self._missing.pop(id.lower(), None)

    def problem(self, command: Any) -> MshauriError | None:
        """Return what is wrong with a command that names one of those records, if it does."""
        if not self._missing:
            return None
        for path, text in texts_of(command):
            if path == "commandId" or (found := self._missing.get(text.lower())) is None:
                continue
            if path == "id":
                continue  # it begins the record itself
            place, asked, code, answered = found
            kind = RestsOnRefused if answered else RestsOnUnanswered
            return kind(path, id=text, command=asked, place=place, why=code)
        return None


_LACKING = frozenset({"NOT_FOUND", "ACCESS_DENIED"})


def may_be_for_lack(code: str, status: int) -> bool:
    """Say whether a problem may be that what the command names is not there: where, whose, who."""
    return code in _LACKING or status >= HTTPStatus.INTERNAL_SERVER_ERROR


def texts_of(value: Any) -> list[tuple[str, str]]:
    """Return every text in a command with its path, `attendees.0.healthWorkerId`."""
    found: list[tuple[str, str]] = []
    left = [("", value)]
    while left:  # no recursion: a sender says how deep it goes
        path, here = left.pop()
        if isinstance(here, str):
            found.append((path, here))
            continue
        if isinstance(here, dict):
            items = [(str(name), inner) for name, inner in here.items()]
        elif isinstance(here, list):
            items = [(str(place), inner) for place, inner in enumerate(here)]
        else:
            continue
        left += [(f"{path}.{name}".lstrip("."), inner) for name, inner in reversed(items)]
    return found

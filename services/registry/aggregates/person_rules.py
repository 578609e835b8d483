"""What cannot be told of a person: refusals about details, numbers, licences, second postings."""

from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from uuid import UUID

from shared.contracts.registry.licence import LicenceTerms
from shared.contracts.registry.second_posting import SecondPosting
from shared.domain.errors import Refusal


class GivenAndCleared(Refusal):
    """A detail is told, or taken away."""

    code = "DETAIL_GIVEN_AND_CLEARED"
    template = "{detail} is given, and cleared by the same command."
    remedy_template = "Give it, or name it in `clear`."


class BornLater(Refusal):
    """Who works in health was born before."""

    code = "BORN_LATER"
    template = "They would be born in {year}, and work in health by {since}."
    remedy_template = "Correct the year of birth, or leave it out."


class IdentifierNotOnRecord(Refusal):
    """Only a number that is on record is corrected."""

    code = "IDENTIFIER_NOT_ON_RECORD"
    template = "They are not known by this {system} number."
    remedy_template = "Name a number of theirs as it is on record."


class NoSuchLicence(Refusal):
    """Only a licence that they have is renewed, withdrawn or corrected."""

    code = "NO_SUCH_LICENCE"
    template = "They have no licence {licence}."
    remedy_template = "Name one of theirs, or tell it first with `healthWorkerTellLicence`."


class LicenceAlreadyTold(Refusal):
    """A licence is told once."""

    code = "LICENCE_ALREADY_TOLD"
    template = "The licence {licence} was told before."
    remedy_template = "Renew it, correct it, or give another id."


class LicenceWasWithdrawn(Refusal):
    """What was withdrawn is not renewed, nor withdrawn again."""

    code = "LICENCE_WITHDRAWN"
    template = "The licence {licence} was withdrawn."
    remedy_template = "Tell the new licence, or correct this one if it was never withdrawn."


class LicenceEndsBefore(Refusal):
    """A licence ends on the day it begins at the earliest."""

    code = "LICENCE_ENDS_BEFORE"
    template = "It would hold until {until}, and only from {since}."
    remedy_template = "Correct one of the two dates, or leave out the one the paper does not tell."


class NotPostedThere(Refusal):
    """Only a second posting that runs ends."""

    code = "NOT_POSTED_THERE"
    template = "No posting of theirs beside the primary one runs there on {day}."
    remedy_template = "Name a unit where one runs, or correct their second postings."


class PostedThereThen(Refusal):
    """One is posted somewhere once at a time."""

    code = "POSTED_THERE_THEN"
    template = "They are posted there by another posting from {since}."
    remedy_template = "Give days that do not overlap, or another unit."


class BeforeFirstPosting(Refusal):
    """A second posting stands beside a primary one."""

    code = "BEFORE_FIRST_POSTING"
    template = "Their first posting begins on {posted}, after {since}."
    remedy_template = "Say the primary postings first: `healthWorkerCorrectPostings`."


class PostingEndsBefore(Refusal):
    """A posting has a day at least."""

    code = "POSTING_ENDS_BEFORE"
    template = "The posting would end on {until}, and begins on {since}."
    remedy_template = "Give a day after {since}; or correct the postings, if there never was one."


def must_be_born(birth_year: int | None, since: date) -> None:
    """Raise BornLater if somebody would be born in or after the year in which they worked."""
    if birth_year is not None and birth_year >= since.year:
        raise BornLater("birthYear", year=birth_year, since=since)


def must_hold_a_day(terms: LicenceTerms, field: str) -> None:
    """Raise LicenceEndsBefore if a licence would end before it begins."""
    since, until = terms.valid_from, terms.valid_until
    if since is not None and until is not None and until < since:
        raise LicenceEndsBefore(f"{field}.validUntil", since=since, until=until)


def must_be_postings(
    told: Sequence[SecondPosting], primary: Sequence[tuple[date, UUID]], *, anew: bool = False
) -> tuple[SecondPosting, ...]:
    """Return postings beside the primary line, in order.

    Args:
        anew: the command says all of them, and an error names which one it is about.

    Raises:
        BeforeFirstPosting: one begins before the person was posted anywhere.
        PostingEndsBefore: one ends before it begins.
        PostedThereThen: two are at one unit at a time, or one is where the primary posting is.
    """
    for place, one in enumerate(told):
        _must_stand_beside(one, primary, f"postings[{place}]." if anew else "")
    in_order = sorted(told, key=lambda one: (str(one.org_unit_id), one.since))
    for one, following in pairwise(in_order):
        if one.org_unit_id == following.org_unit_id and (
            one.until is None or following.since < one.until
        ):
            raise PostedThereThen("postings" if anew else "orgUnitId", since=one.since)
    return tuple(sorted(told, key=lambda one: (one.since, str(one.org_unit_id))))


def _must_stand_beside(one: SecondPosting, primary: Sequence[tuple[date, UUID]], at: str) -> None:
    if one.since < primary[0][0]:
        day = f"{at}since" if at else "occurredOn"
        raise BeforeFirstPosting(day, posted=primary[0][0], since=one.since)
    if one.until is not None and one.until <= one.since:
        raise PostingEndsBefore(f"{at}until", since=one.since, until=one.until)
    ends = [since for since, _ in primary[1:]]
    for (since, unit), until in zip(primary, [*ends, None], strict=True):
        if unit != one.org_unit_id:
            continue
        overlaps = (until is None or one.since < until) and (one.until is None or since < one.until)
        if overlaps:
            raise PostedThereThen(f"{at}orgUnitId", since=since)

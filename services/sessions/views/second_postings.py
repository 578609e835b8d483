"""Where people are posted besides, as sessions has heard of it: mentees are visited there too."""

from collections.abc import Iterable

from shared.contracts.registry.second_posting import (
    SecondPosting,
    SecondPostingBegun,
    SecondPostingEnded,
    SecondPostingsTold,
)
from shared.projection import Change, Column, Delete, Happening, Projection, Table, Upsert

SECOND_POSTING = Table(
    name="known_second_posting",
    version=1,
    key=("health_worker_id", "org_unit_id", "since"),
    columns={
        "health_worker_id": Column(type="uuid"),
        "org_unit_id": Column(type="uuid"),
        "since": Column(type="date"),
        "until": Column(type="date", nullable=True),
    },
)
"""A posting beside the primary one; `until` is the first day without it, if it ended."""

SECOND_POSTINGS = Projection("second_postings", SECOND_POSTING)


@SECOND_POSTINGS.on(SecondPostingBegun)
def begun(body: SecondPostingBegun, at: Happening) -> Iterable[Change]:
    """Know where they work besides."""
    yield _known(at, SecondPosting(org_unit_id=body.org_unit_id, since=body.since))


@SECOND_POSTINGS.on(SecondPostingEnded)
def ended(body: SecondPostingEnded, at: Happening) -> Iterable[Change]:
    """Know until when."""
    one = SecondPosting(org_unit_id=body.org_unit_id, since=body.since, until=body.until)
    yield _known(at, one)


@SECOND_POSTINGS.on(SecondPostingsTold)
def told(body: SecondPostingsTold, at: Happening) -> Iterable[Change]:
    """Know them as they are said now."""
    for one in body.removed:
        yield Delete(SECOND_POSTING, (at.stream, one.org_unit_id, one.since))
    for one in body.postings:
        yield _known(at, one)


def _known(at: Happening, one: SecondPosting) -> Change:
    return Upsert(SECOND_POSTING, (at.stream, one.org_unit_id, one.since), {"until": one.until})

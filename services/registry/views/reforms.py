"""Reforms that were approved, by their day: what has come due, no event tells."""

from collections.abc import Iterable

from shared.contracts.registry.reform import (
    ReformApproved,
    ReformCarriedOut,
    ReformDrafted,
    ReformWithdrawn,
)
from shared.projection import Change, Column, Happening, Patch, Projection, Table, Upsert

REFORM = Table(
    name="known_reform",
    version=1,
    key=("id",),
    columns={"id": Column(type="uuid"), "due_on": Column(type="date", nullable=True)},
    indexes=(("due_on",),),
)
"""When a reform is to be carried out; empty while nobody approved it, and once it is over."""

REFORMS_DUE = Projection("reforms", REFORM)


@REFORMS_DUE.on(ReformDrafted)
def drafted(_body: ReformDrafted, at: Happening) -> Iterable[Change]:
    """Await that it is approved."""
    yield Upsert(REFORM, (at.stream,), {"due_on": None})


@REFORMS_DUE.on(ReformApproved)
def approved(body: ReformApproved, at: Happening) -> Iterable[Change]:
    """Know its day."""
    yield Patch(REFORM, (at.stream,), {"due_on": body.effective_on})


@REFORMS_DUE.on(ReformCarriedOut, ReformWithdrawn)
def over(_body: object, at: Happening) -> Iterable[Change]:
    """Await nothing more of it."""
    yield Patch(REFORM, (at.stream,), {"due_on": None})

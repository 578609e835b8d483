"""Whom the subjects of tokens were ever said to be: what a person recorded themselves is told from
what others recorded for them.
"""

from collections.abc import Iterator
from uuid import UUID

from services.gateway.projections.columns import ID, TEXT
from shared.contracts.registry.access_grant import AccessGrantGiven, AccessGrantGivenOverGroup
from shared.projection import Change, Happening, Projection, Table, Upsert

SUBJECT_PERSON = Table(
    name="subject_person",
    version=1,
    key=("subject", "health_worker_id"),
    columns={"subject": TEXT, "health_worker_id": ID},
)
"""A subject, and a health worker that a grant of theirs named as its holder, ended or not."""

SUBJECTS = Projection("subjects", SUBJECT_PERSON)


@SUBJECTS.on(AccessGrantGiven)
def given(event: AccessGrantGiven, _happening: Happening) -> Iterator[Change]:
    """Know who they are, where the grant says so."""
    yield from _is(event.subject_name, event.health_worker_id)


@SUBJECTS.on(AccessGrantGivenOverGroup)
def given_over_group(event: AccessGrantGivenOverGroup, _happening: Happening) -> Iterator[Change]:
    """Know who they are, where the grant says so."""
    yield from _is(event.subject_name, event.health_worker_id)


def _is(subject: str, person: UUID | None) -> Iterator[Change]:
    if person is not None:
        yield Upsert(SUBJECT_PERSON, (subject, person), {})

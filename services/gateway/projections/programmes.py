"""The rules: programme versions, the cohorts that keep them, and what mentees are assessed by."""

from collections.abc import Iterator
from typing import Any

from services.gateway.projections.columns import (
    DATE,
    ID,
    INTEGER,
    JSON,
    RECORD,
    TEXT,
    maybe,
    record,
)
from shared.contracts.registry.cohort import (
    CohortApproved,
    CohortClosed,
    CohortExtended,
    CohortMatched,
    CohortMoved,
    CohortOpened,
    CohortPaused,
    CohortResumed,
    CohortStarted,
)
from shared.contracts.registry.programme import ProgrammeVersionPublished
from shared.contracts.validation.framework import FrameworkPublished
from shared.projection import Change, Column, Happening, Patch, Projection, Table, Upsert

REAL = Column(type="double precision", nullable=True)

PROGRAMME_VERSION = Table(
    name="programme_version",
    version=2,
    key=("id",),
    columns={
        "id": ID,
        "programme": TEXT,
        "version": INTEGER,
        "name": TEXT,
        "digest": TEXT,
        "published_on": DATE,
        "definition": JSON,
        **RECORD,
    },
    indexes=(("programme", "version"),),
)

COHORT = Table(
    name="cohort",
    version=3,
    key=("id",),
    columns={
        "id": ID,
        "programme_version_id": ID,
        "programme": TEXT,
        "code": TEXT,
        "name": TEXT,
        "org_unit_id": ID,
        "starts": DATE,
        "ends": DATE,
        "status": TEXT,
        "approved_by": maybe(TEXT),
        "approved_on": maybe(DATE),
        "started_on": maybe(DATE),
        "closed_on": maybe(DATE),
        "group_id": maybe(ID),
        "paused_on": maybe(DATE),
        "matched_on": maybe(DATE),
        "match_score": REAL,
        "match_bound": REAL,
        "match_proposals": maybe(INTEGER),
        **RECORD,
    },
    indexes=(
        ("code",),
        ("programme", "starts", "id"),
        ("org_unit_id", "starts", "id"),
        ("starts", "id"),
        ("programme_version_id",),
        ("status", "starts", "id"),
    ),
)
"""`status` is OPEN, STARTED or CLOSED; `match_*` tell of the last matching: its score, and what no
other set of proposals could exceed."""

COHORT_UNMATCHED = Table(
    name="cohort_unmatched",
    version=1,
    key=("cohort_id", "matched_on", "mentee_id"),
    columns={
        "cohort_id": ID,
        "matched_on": DATE,
        "mentee_id": ID,
        "binding": TEXT,
    },
)
"""Who was left without a proposal by a matching, and the constraint that bound."""

FRAMEWORK = Table(
    name="framework",
    version=1,
    key=("id",),
    columns={
        "id": ID,
        "code": TEXT,
        "framework_version": INTEGER,
        "name": TEXT,
        "competencies": JSON,
        **RECORD,
    },
    indexes=(("code", "framework_version"),),
)
"""`competencies` are those of `shared.contracts.definition.Competency`, in the order published."""

PROGRAMMES = Projection("programmes", PROGRAMME_VERSION, COHORT, COHORT_UNMATCHED, FRAMEWORK)


@PROGRAMMES.on(ProgrammeVersionPublished)
def version_published(event: ProgrammeVersionPublished, happening: Happening) -> Iterator[Change]:
    """Show the version of a programme's rules."""
    yield Upsert(
        PROGRAMME_VERSION,
        (happening.stream,),
        {
            "programme": event.programme,
            "version": event.programme_version,
            "name": event.definition.name,
            "digest": event.digest,
            "published_on": happening.meta.occurred_on,
            "definition": event.definition,
            **record(happening),
        },
    )


@PROGRAMMES.on(CohortOpened)
def cohort_opened(event: CohortOpened, happening: Happening) -> Iterator[Change]:
    """Show a cohort."""
    yield Upsert(
        COHORT,
        (happening.stream,),
        {
            "programme_version_id": event.programme_version_id,
            "programme": event.programme,
            "code": event.code,
            "name": event.name,
            "org_unit_id": event.org_unit_id,
            "starts": event.starts,
            "ends": event.ends,
            "group_id": event.group_id,
            "status": "OPEN",
            **record(happening),
        },
    )


@PROGRAMMES.on(CohortApproved)
def cohort_approved(event: CohortApproved, happening: Happening) -> Iterator[Change]:
    """Show that the leadership agreed."""
    yield _cohort(happening, approved_by=event.approved_by, approved_on=event.approved_on)


@PROGRAMMES.on(CohortStarted)
def cohort_started(event: CohortStarted, happening: Happening) -> Iterator[Change]:
    """Show that its gates are passed."""
    yield _cohort(happening, status="STARTED", started_on=event.started_on)


@PROGRAMMES.on(CohortExtended)
def cohort_extended(event: CohortExtended, happening: Happening) -> Iterator[Change]:
    """Show when it ends now."""
    yield _cohort(happening, ends=event.ends)


@PROGRAMMES.on(CohortMoved)
def cohort_moved(event: CohortMoved, happening: Happening) -> Iterator[Change]:
    """Show the unit that it is of now."""
    yield _cohort(happening, org_unit_id=event.org_unit_id)


@PROGRAMMES.on(CohortPaused)
def cohort_paused(event: CohortPaused, happening: Happening) -> Iterator[Change]:
    """Show since when it pauses."""
    yield _cohort(happening, paused_on=event.since)


@PROGRAMMES.on(CohortResumed)
def cohort_resumed(_event: CohortResumed, happening: Happening) -> Iterator[Change]:
    """Show that it goes on."""
    yield _cohort(happening, paused_on=None)


@PROGRAMMES.on(CohortClosed)
def cohort_closed(event: CohortClosed, happening: Happening) -> Iterator[Change]:
    """Show that it is over."""
    yield _cohort(happening, status="CLOSED", closed_on=event.closed_on)


@PROGRAMMES.on(CohortMatched)
def cohort_matched(event: CohortMatched, happening: Happening) -> Iterator[Change]:
    """Show how good the proposals are together, and who is left."""
    on = happening.meta.occurred_on
    yield _cohort(
        happening,
        matched_on=on,
        match_score=event.score,
        match_bound=event.bound,
        match_proposals=len(event.mentorships),
    )
    for each in event.unmatched:
        yield Upsert(
            COHORT_UNMATCHED,
            (happening.stream, on, each.enrolment_id),
            {"binding": each.constraint.value},
        )


def _cohort(happening: Happening, **values: Any) -> Patch:
    return Patch(COHORT, (happening.stream,), {**values, **record(happening)})


@PROGRAMMES.on(FrameworkPublished)
def framework_published(event: FrameworkPublished, happening: Happening) -> Iterator[Change]:
    """Show a version of an area's competencies with their checklists."""
    yield Upsert(
        FRAMEWORK,
        (happening.stream,),
        {
            "code": event.code,
            "framework_version": event.framework_version,
            "name": event.name,
            "competencies": event.competencies,
            **record(happening),
        },
    )

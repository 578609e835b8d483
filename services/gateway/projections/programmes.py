"""The rules: programme versions, the cohorts that keep them, and what mentees are assessed by."""

from collections.abc import Iterator

from services.gateway.projections.columns import DATE, ID, INTEGER, JSON, RECORD, TEXT, record
from shared.contracts.registry.cohort import CohortOpened
from shared.contracts.registry.programme import ProgrammeVersionPublished
from shared.contracts.validation.framework import FrameworkPublished
from shared.projection import Change, Happening, Projection, Table, Upsert

PROGRAMME_VERSION = Table(
    name="programme_version",
    version=1,
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
    version=1,
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
        **RECORD,
    },
    indexes=(
        ("code",),
        ("programme", "starts", "id"),
        ("org_unit_id", "starts", "id"),
        ("starts", "id"),
        ("programme_version_id",),
    ),
)

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

PROGRAMMES = Projection("programmes", PROGRAMME_VERSION, COHORT, FRAMEWORK)


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
            **record(happening),
        },
    )


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

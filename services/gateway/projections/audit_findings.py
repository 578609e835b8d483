"""Audit findings that somebody dismissed. What is found is worked out when it is asked for."""

from collections.abc import Iterator

from services.gateway.projections.columns import (
    DATE,
    ID,
    IDS,
    INSTANT,
    RECORD,
    TEXT,
    TEXTS,
    maybe,
    record,
)
from shared.contracts.validation.audit_finding import AuditFindingDismissed, AuditFindingReopened
from shared.projection import Change, Delete, Happening, Projection, Table, Upsert

AUDIT_FINDING_DISMISSAL = Table(
    name="audit_finding_dismissal",
    version=1,
    key=("id",),
    columns={
        "id": ID,
        "finding": TEXT,
        "org_unit_id": ID,
        "programme": maybe(TEXT),
        "people": IDS,
        "actors": TEXTS,
        "about": TEXT,
        "dismissed_on": DATE,
        "dismissed_at": INSTANT,
        "dismissed_by": TEXT,
        "reason": maybe(TEXT),
        **RECORD,
    },
    indexes=(("finding", "about"),),
)
"""The dismissals that stand, by the id of what they dismiss, and all that it is about: `people` and
`actors` in order."""

AUDIT_FINDINGS = Projection("audit_findings", AUDIT_FINDING_DISMISSAL)


@AUDIT_FINDINGS.on(AuditFindingDismissed)
def dismissed(event: AuditFindingDismissed, happening: Happening) -> Iterator[Change]:
    """Show that somebody looked into it, and what they say."""
    yield Upsert(
        AUDIT_FINDING_DISMISSAL,
        (happening.stream,),
        {
            "finding": event.finding.value,
            "org_unit_id": event.org_unit_id,
            "programme": event.programme,
            "people": event.people,
            "actors": event.actors,
            "about": event.about,
            "dismissed_on": event.dismissed_on,
            "dismissed_at": happening.recorded,
            "dismissed_by": happening.meta.actor,
            "reason": happening.meta.reason,
            **record(happening),
        },
    )


@AUDIT_FINDINGS.on(AuditFindingReopened)
def reopened(_event: AuditFindingReopened, happening: Happening) -> Iterator[Change]:
    """Show nothing of it: it stands again."""
    yield Delete(AUDIT_FINDING_DISMISSAL, (happening.stream,))

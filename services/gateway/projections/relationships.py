"""Evaluations of the relationship, by either side."""

from collections.abc import Iterator

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
from services.gateway.projections.taken_back import VOIDED, taken_back
from shared.contracts.sessions.relationship import (
    RelationshipCorrected,
    RelationshipEvaluated,
    RelationshipFacts,
    RelationshipReinstated,
    RelationshipVoided,
)
from shared.projection import Change, Happening, Projection, Table, Upsert

RELATIONSHIP_EVALUATION = Table(
    name="relationship_evaluation",
    version=2,
    key=("id",),
    columns={
        "id": ID,
        "health_worker_id": ID,
        "recorded_by": TEXT,
        "side": TEXT,
        "mentorship_id": ID,
        "programme": TEXT,
        "org_unit_id": ID,
        "ratings": JSON,
        "total": INTEGER,
        "most": INTEGER,
        "comment": maybe(TEXT),
        "evaluated_on": DATE,
        **VOIDED,
        **RECORD,
    },
    indexes=(
        ("evaluated_on", "id"),
        ("mentorship_id", "evaluated_on", "id"),
        ("programme", "evaluated_on", "id"),
        ("org_unit_id", "evaluated_on", "id"),
        ("side", "evaluated_on", "id"),
        ("voided_on",),
    ),
)
"""`ratings` is a list of `{"item": code, "rating": n}`; `total` of `most` points are their sum. The
`comment` is for the parties of the mentorship alone: see `Leaf.confided`."""

RELATIONSHIPS = Projection("relationships", RELATIONSHIP_EVALUATION)


taken_back(RELATIONSHIPS, RELATIONSHIP_EVALUATION, RelationshipVoided, RelationshipReinstated)


@RELATIONSHIPS.on(RelationshipEvaluated, RelationshipCorrected)
def evaluated(event: RelationshipFacts, happening: Happening) -> Iterator[Change]:
    """Show how a party sees the relationship."""
    yield Upsert(
        RELATIONSHIP_EVALUATION,
        (happening.stream,),
        {
            "health_worker_id": event.health_worker_id,
            "recorded_by": happening.meta.actor,
            "side": event.side.value,
            "mentorship_id": event.mentorship_id,
            "programme": event.programme,
            "org_unit_id": event.org_unit_id,
            "ratings": event.ratings,
            "total": event.total,
            "most": event.most,
            "comment": event.comment,
            "evaluated_on": event.evaluated_on,
            **record(happening),
        },
    )

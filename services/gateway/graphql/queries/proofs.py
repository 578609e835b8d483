"""Queries of what was proved: certificates, and the rights that follow from validations."""

from typing import Annotated, Any

import strawberry
from strawberry.types import Info

from services.gateway.graphql.connection import Connection
from services.gateway.graphql.context import context_of
from services.gateway.graphql.paging import pages
from services.gateway.graphql.reading import Positions
from services.gateway.graphql.selection import columns_for
from services.gateway.graphql.types.audit import (
    AuditOrder,
    RecordedEvent,
    RecordedEventFilter,
)
from services.gateway.graphql.types.certificate import (
    Certificate,
    CertificateFilter,
    CertificateOrder,
    VerifiedCertificate,
)
from services.gateway.graphql.types.right_to_mentor import (
    CascadeFilter,
    CascadeOrder,
    RightToMentor,
)
from services.gateway.projections import SUPERSEDED_NUMBER
from services.gateway.read.declare import models

_SUPERSEDED = f'SELECT certificate_id FROM "{SUPERSEDED_NUMBER.physical}" WHERE number = $1'


async def _certificate(
    info: Info[Any, Any],
    number: Annotated[str, strawberry.argument(description="The number on it.")],
    after: Positions = None,
) -> Any:
    context = context_of(info)
    await context.reach(after)
    model = models["VerifiedCertificate"]
    columns = columns_for(info, model)
    found = await context.reader.one(model, columns, number, by="number")
    if found is None:  # a number that was superseded stands for what it was issued anew as
        for row in await context.reader.fetch(_SUPERSEDED, number):
            found = await context.reader.one(model, columns, row["certificate_id"])
    return found


@strawberry.type
class ProofQueries:
    """What can be asked of what was proved."""

    certificate: VerifiedCertificate | None = strawberry.field(
        resolver=_certificate,
        description="What a certificate's number stands for, for anybody with a grant; null if "
        "there is no such certificate. A number that was superseded shows the one that holds.",
    )
    certificates: Connection[Certificate] = pages(
        "Certificate",
        orders=CertificateOrder,
        filter=CertificateFilter,
        description="Certificates, from their recommendation on.",
    )
    recorded_events: Connection[RecordedEvent] = pages(
        "RecordedEvent",
        orders=AuditOrder,
        filter=RecordedEventFilter,
        description="Every event of every record, in the order it was recorded, for auditors: what "
        "somebody asked for, what was corrected or taken back in a district, what a wish set off.",
    )
    cascade_map: Connection[RightToMentor] = pages(
        "RightToMentor",
        orders=CascadeOrder,
        filter=CascadeFilter,
        description="Who may mentor whom, because of which validations; and who may no more.",
    )

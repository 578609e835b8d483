"""By what an audit finding is known: by all that it is about."""

from collections.abc import Iterable
from uuid import UUID

from shared.contracts.validation.audit_finding import AuditFindingKind
from shared.domain.ids import derived_id


def finding_id(
    kind: AuditFindingKind,
    *,
    org_unit_id: UUID,
    programme: str | None,
    people: Iterable[UUID],
    actors: Iterable[str],
    about: str,
) -> UUID:
    """Return the one id of the finding of this kind about all this."""
    whom = ",".join([*map(str, sorted(people)), *sorted(actors)])
    return derived_id("audit_finding", kind.value, org_unit_id, programme or "", whom, about)

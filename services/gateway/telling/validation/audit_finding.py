"""What is told of audit findings: what became of them."""

from services.gateway.telling.words import Words, tells
from shared.contracts.validation.audit_finding import AuditFindingDismissed, AuditFindingReopened

tells(AuditFindingDismissed, Words("A finding was dismissed on {dismissed_on}: {finding}."))
tells(AuditFindingReopened, Words("A finding was opened again on {reopened_on}: {finding}."))

"""Certificates: as those who oversee a mentee see them, and as anybody may check a number."""

from datetime import date
from enum import StrEnum

import strawberry
from strawberry import ID

from services.gateway.graphql.enums import graphql_enum, order_enum
from services.gateway.graphql.reading import Node, key, leaf, many, one, read_model, where
from services.gateway.graphql.types.health_worker import HealthWorker
from services.gateway.graphql.types.mentee import Mentee
from services.gateway.graphql.types.org_unit import OrgUnit
from services.gateway.projections import CERTIFICATE, CERTIFICATE_APPROVAL
from services.gateway.read.declare import InUnit, Order, Published, Through


@graphql_enum
class CertificateStatus(StrEnum):
    """How far a certificate has come."""

    RECOMMENDED = "RECOMMENDED"
    DECLINED = "DECLINED"
    ISSUED = "ISSUED"
    REVOKED = "REVOKED"


@graphql_enum
class CertificateDoubt(StrEnum):
    """Why a certificate is in doubt: how a validation that it rests on has ended, or that the
    completion which it certifies was reopened.
    """

    VALIDATION_REVOKED = "VALIDATION_REVOKED"
    VALIDATION_LAPSED = "VALIDATION_LAPSED"
    COMPLETION_REOPENED = "COMPLETION_REOPENED"


CertificateOrder = order_enum(
    "CertificateOrder",
    "In which order certificates are listed.",
    RECOMMENDED=(Order(columns=("recommended_on",)), "By the day of the recommendation."),
    RECOMMENDED_DESC=(Order(columns=("recommended_on",), descending=True), "The latest first."),
)


@strawberry.input(description="Which certificates.")
class CertificateFilter:
    """Filters of `certificates`."""

    programme: str | None = where("programme", "Of the programme with this code.")
    status: CertificateStatus | None = where("status", "That have come so far.")
    in_doubt: bool | None = where(
        "in_doubt_since",
        "Those to decide: what they rest on counts no more; or all others.",
        how="filled",
    )
    mentee_id: ID | None = where("mentee_id", "Of this mentee.", kind="Mentee")
    org_unit_id: ID | None = where(
        "org_unit_id",
        "Of a mentee at this unit, or at one below it.",
        how="under",
        kind="OrgUnit",
    )


@read_model(
    CERTIFICATE_APPROVAL,
    scope=Through(to="Certificate", by="certificate_id"),
    description="A step that a certificate has passed.",
)
class CertificateApproval:
    """An approval: nobody gives one for another, and by whom it is, the audit trail says."""

    step: str = leaf("The step, by the programme's code.")
    approved_on: date = leaf("The day of the approval.")


@read_model(
    CERTIFICATE,
    scope=InUnit(unit="org_unit_id", programme="programme", person="health_worker_id"),
    description="What a mentee is given in the end, and which approvals it has.",
)
class Certificate(Node):
    """A certificate."""

    id: ID = key("Certificate")
    name: str = leaf("What it is called.")
    programme: str = leaf("The programme's code.")
    area: str = leaf("The area it is for.")
    status: CertificateStatus = leaf("How far it has come.", convert=CertificateStatus)
    number: str | None = leaf("The number that anybody can look up; null before it is issued.")
    steps: list[str] = leaf("The approvals it takes, in order.")
    awaited: int = leaf("Approvals still to come.")
    recommended_on: date = leaf("The day of the recommendation.")
    issued_on: date | None = leaf("The day it was issued; null before.")
    revoked_on: date | None = leaf("The day it was revoked; null if it was not.")
    supersedes: str | None = leaf("The number before this one, where it was issued anew.")
    declined_on: date | None = leaf("The day a step was declined; null if none is.")
    declined_step: str | None = leaf("That step, by the programme's code.")
    in_doubt_since: date | None = leaf(
        "The day since which what it rests on counts no more; null if it is not in doubt, or "
        "revoked."
    )
    doubt: CertificateDoubt | None = leaf(
        "Why that is; null if it is not in doubt.", convert=CertificateDoubt
    )
    doubt_because: str | None = leaf(
        "The competency whose validation it was, or the area whose completion was reopened, by its "
        "code; null if it is not in doubt."
    )
    version: int = leaf("The record's version, for `expectedVersion`.", column="record_version")
    approvals: list[CertificateApproval] = many(
        "CertificateApproval",
        by="certificate_id",
        order=Order(columns=("approved_on", "step")),
        description="The steps it has passed.",
    )
    mentee: Mentee | None = one("Mentee", by="mentee_id", description="The enrolment.")
    health_worker: HealthWorker | None = one(
        "HealthWorker", by="health_worker_id", description="Who, if in your scope."
    )
    org_unit: OrgUnit | None = one(
        "OrgUnit", by="org_unit_id", description="Where the mentee was mentored."
    )


@read_model(
    CERTIFICATE,
    scope=Published(),
    exists="number",
    then=frozenset({"issued_on"}),
    description="What a certificate's number stands for; whose it is, to those who may see them.",
)
class VerifiedCertificate:
    """A certificate as whoever is shown it can check it."""

    number: str = leaf("The number.")
    name: str = leaf("What it is called.")
    programme: str = leaf("The programme's code.")
    area: str = leaf("The area that its holder was mentored in.")
    status: CertificateStatus = leaf("Whether it holds.", convert=CertificateStatus)
    issued_on: date = leaf("The day it was issued.")
    revoked_on: date | None = leaf("The day it was revoked; null while it holds.")
    supersedes: str | None = leaf("The number before this one, where it was issued anew.")
    in_doubt_since: date | None = leaf(
        "The day since which what it rests on counts no more, and nobody has decided; null if it "
        "is not in doubt."
    )
    doubt: CertificateDoubt | None = leaf(
        "Why that is; null if it is not in doubt.", convert=CertificateDoubt
    )
    health_worker: HealthWorker | None = one(
        "HealthWorker",
        by="health_worker_id",
        description="Whose it is, if they are in your scope: who merely checks a paper reads the "
        "name on it.",
    )

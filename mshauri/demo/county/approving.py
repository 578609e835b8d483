"""Certificates go from step to step: each is approved by another of those who may."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from mshauri.demo.stage import Script, Stage
from shared.contracts.definition import Definition
from shared.domain import derived_id

OFFICES = ("demo-project", "demo-secretariat")
"""Who approves the first step, and who the second, by the subjects of their tokens."""


def certificate_of(enrolment: UUID) -> UUID:
    """Return the id of the one certificate of an enrolment."""
    return derived_id("certificate", enrolment)


def approving(
    script: Script, rules: Definition, enrolments: Sequence[UUID], on: date
) -> list[Stage]:
    """Return the stages that approve these enrolments' certificates: a stage a step."""
    assert rules.certificate is not None
    return [
        Stage(
            f"county, approved: {step.code}",
            [
                [
                    script.wish(
                        "certificateApprove",
                        on,
                        certificateId=certificate_of(enrolment),
                        step=step.code,
                    )
                ]
                for enrolment in enrolments
            ],
            as_=office,
        )
        for step, office in zip(rules.certificate.approvals, OFFICES, strict=True)
    ]

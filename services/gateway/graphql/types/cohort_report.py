"""The cohort report: what became of those who started together."""

import strawberry

from services.gateway.graphql.enums import graphql_enum
from services.gateway.graphql.types.suppression import Suppressible
from shared.contracts.registry.enrolment import WithdrawalCause

graphql_enum(WithdrawalCause)


@strawberry.type(description="Mentees who left before the end, for one kind of cause.")
class WithdrawnByCause(Suppressible):
    """A count."""

    cause: WithdrawalCause | None = strawberry.field(
        description="Why they left; null where it was not told apart."
    )
    mentees: int | None = strawberry.field(description="So many left.")


@strawberry.type(description="What became of those who started together.")
class CohortReport(Suppressible):
    """Figures of one cohort."""

    enrolled: int | None = strawberry.field(
        description="Enrolments in it, however they stand; those that rest after a merge are not "
        "counted twice."
    )
    completed: int | None = strawberry.field(description="Of them, those that came to the end.")
    withdrawn: int | None = strawberry.field(description="Of them, those that left before the end.")
    withdrawn_by_cause: list[WithdrawnByCause] = strawberry.field(
        description="Of them, by why they left, the most frequent cause first."
    )
    mentorships_agreed: int | None = strawberry.field(
        description="Mentorships that every party has signed, those over by now among them."
    )
    disengagements: int | None = strawberry.field(description="Mentors who left one of them.")
    sessions_held: int | None = strawberry.field(description="Sessions held, without voided ones.")
    sessions_counted: int | None = strawberry.field(
        description="Of them, those that count: what departs from the rules may not."
    )
    certificates_issued: int | None = strawberry.field(
        description="Certificates issued that still hold."
    )

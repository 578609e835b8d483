"""The cohort report: what became of those who started together."""

import strawberry

from services.gateway.graphql.enums import graphql_enum
from shared.contracts.registry.enrolment import WithdrawalCause

graphql_enum(WithdrawalCause)


@strawberry.type(description="Mentees who left before the end, for one kind of cause.")
class WithdrawnByCause:
    """A count."""

    cause: WithdrawalCause | None = strawberry.field(
        description="Why they left; null where it was not told apart."
    )
    mentees: int = strawberry.field(description="So many left.")


@strawberry.type(description="What became of those who started together.")
class CohortReport:
    """Figures of one cohort."""

    enrolled: int = strawberry.field(
        description="Enrolments in it, however they stand; those that rest after a merge are not "
        "counted twice."
    )
    completed: int = strawberry.field(description="Of them, those that came to the end.")
    withdrawn: int = strawberry.field(description="Of them, those that left before the end.")
    withdrawn_by_cause: list[WithdrawnByCause] = strawberry.field(
        description="Of them, by why they left, the most frequent cause first."
    )
    mentorships_agreed: int = strawberry.field(
        description="Mentorships that every party has signed, those over by now among them."
    )
    disengagements: int = strawberry.field(description="Mentors who left one of them.")
    sessions_held: int = strawberry.field(description="Sessions held, without voided ones.")
    sessions_counted: int = strawberry.field(
        description="Of them, those that count: what departs from the rules may not."
    )
    certificates_issued: int = strawberry.field(description="Certificates issued that still hold.")

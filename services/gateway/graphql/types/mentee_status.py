"""How an enrolment stands."""

from enum import StrEnum

from services.gateway.graphql.enums import graphql_enum


@graphql_enum
class MenteeStatus(StrEnum):
    """How an enrolment stands."""

    ENROLLED = "ENROLLED"
    COMPLETED = "COMPLETED"
    WITHDRAWN = "WITHDRAWN"
    SET_ASIDE = "SET_ASIDE"

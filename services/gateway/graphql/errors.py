"""How an error reaches a client: a refusal beside the payload, a fault at the top of the answer.

A business refusal is the client's to mend, so it is data (`userErrors`). A fault is about the
request as a whole, or ours; it is a GraphQL error with `extensions.code` and `traceId`.
"""

from typing import Any

import strawberry
from graphql import GraphQLError, GraphQLSyntaxError
from strawberry.scalars import JSON

from services.gateway.graphql.enums import graphql_enum
from shared.contracts.base import camel
from shared.contracts.definition.conduct import Judgement
from shared.domain.errors import Malformed, MshauriError, Refusal
from shared.language import message_of, remedy_of
from shared.runtime.logs import logger

_log = logger(__name__)


class Unforeseen(MshauriError):
    """A fault of ours; what it was, the log says under the trace id."""

    code = "INTERNAL"
    template = "Something went wrong on our side. Tell the operators the trace id."
    remedy_template = "Ask again in a moment; what was recorded is recorded once."


class FirstOutOfRange(Malformed):
    """A page of no rows, or of too many."""

    code = "FIRST_OUT_OF_RANGE"
    template = "A page holds 1 to {most} rows; {first} were asked for."
    remedy_template = "Ask for up to {most}, and for the next ones with `after`."


class CountedTwice(Malformed):
    """Two figures side by side that would tell what each of them hides."""

    code = "COUNTED_TWICE"
    template = "{one} and {other} count the same in two ways: together they tell of few people."
    remedy_template = "Ask for them one by one."


class TooDear(Malformed):
    """One operation that would touch more than any operation may."""

    code = "COST_LIMIT"
    template = "This operation costs {requested}; the most is {most}."
    remedy_template = "Ask for smaller pages, or for less of each row."


class RateLimited(MshauriError):
    """What its sender asked for lately is more than is given to one client."""

    code = "RATE_LIMITED"
    status = 429
    template = "This operation costs {requested}; {available} of {limit} are left for now."
    remedy_template = "Wait {wait} s: {restore_rate} come back a second."


@strawberry.type(description="Why a command was refused. Nothing was written.")
class UserError:
    """A refusal, with what a program and a person need to mend it."""

    code: str = strawberry.field(description="Stable, for programs: `ALREADY_TAKEN`.")
    message: str = strawberry.field(description="What was wrong, in the request's language.")
    field: str | None = strawberry.field(
        description="The path of the input that caused it, where one did: `items.0.points`."
    )
    remedy: str = strawberry.field(description="What would be right, likewise.")
    params: JSON | None = strawberry.field(
        description="The values in the message, by name, for a client's own texts."
    )

    @classmethod
    def of(cls, error: MshauriError) -> "UserError":
        """Show an error of ours."""
        return cls(
            code=error.code,
            message=message_of(error),
            field=error.field,
            remedy=remedy_of(error),
            params=_params(error),
        )

    @classmethod
    def of_problem(cls, problem: dict[str, Any]) -> "UserError":
        """Show a service's Problem Details."""
        return cls(
            code=str(problem.get("code", "REFUSED")),
            message=str(problem.get("detail") or problem.get("title") or message_of(Refusal())),
            field=problem.get("field"),
            remedy=str(problem.get("remedy") or ""),
            params=JSON(problem["params"]) if problem.get("params") else None,
        )

    @classmethod
    def all_of_problem(cls, problem: dict[str, Any]) -> "list[UserError]":
        """Show every reason why a command was refused, the first first."""
        first = cls.of_problem(problem)
        others = (Finding.of_found(each) for each in problem.get("findings") or ())
        refusing = [each.error for each in others if each.severity is Judgement.REFUSE]
        return [first, *(each for each in refusing if each != first)]


@strawberry.type(description="A rule that a command breaks, and what becomes of that.")
class Finding:
    """What was found of a command."""

    severity: graphql_enum(Judgement) = strawberry.field(  # type: ignore[valid-type]
        description="Whether it is refused, recorded without counting, or recorded and counted."
    )
    code: str = strawberry.field(description="Stable, for programs: `SESSION_TOO_SHORT`.")
    message: str = strawberry.field(description="What is found, in the request's language.")
    field: str | None = strawberry.field(
        description="The path of the input that caused it, where one did."
    )
    remedy: str = strawberry.field(description="What would be right, likewise.")
    params: JSON | None = strawberry.field(
        description="The values in the message, by name, for a client's own texts."
    )

    @classmethod
    def of_found(cls, found: dict[str, Any]) -> "Finding":
        """Show what a service found."""
        error = UserError.of_problem(found)
        return cls(severity=Judgement(found["severity"]), **vars(error))

    @property
    def error(self) -> UserError:
        """The same as the reason of a refusal."""
        told = dict(vars(self))
        told.pop("severity")
        return UserError(**told)


def _params(error: MshauriError) -> JSON | None:
    plain = {camel(k): _plain(v) for k, v in error.params.items()}
    return JSON(plain) if plain else None


def _plain(value: Any) -> Any:
    return value if isinstance(value, int | float | bool | None) else str(value)


def faced(error: GraphQLError, trace_id: str, *, masked: bool) -> GraphQLError:
    """Return an error as a client may see it: coded, traceable, and telling nothing of our insides.

    Args:
        masked: hide what we did not foresee; in development it is shown.
    """
    original = _root(error)
    extensions: dict[str, Any] = {"traceId": trace_id}
    message = error.message
    if isinstance(original, MshauriError):
        extensions |= {"code": original.code, "remedy": remedy_of(original)}
        if original.field:
            extensions["field"] = original.field
        if params := _params(original):
            extensions["params"] = params
        message = message_of(original)
    elif isinstance(error, GraphQLSyntaxError):
        extensions["code"] = "GRAPHQL_PARSE_FAILED"
    elif original is None:
        # What the validation found is marked as such by then; the rest is about variables.
        extensions["code"] = (error.extensions or {}).get("code", "BAD_USER_INPUT")
    else:
        _log.error("unforeseen", trace_id=trace_id, exc_info=original)
        extensions["code"] = Unforeseen.code
        if masked:
            message = message_of(Unforeseen())
    return GraphQLError(
        message,
        nodes=error.nodes,
        source=error.source,
        positions=error.positions,
        path=error.path,
        extensions=extensions,
    )


def _root(error: GraphQLError) -> Exception | None:
    original = error.original_error
    while isinstance(original, GraphQLError):
        original = original.original_error
    return original


def problem_of(error: MshauriError, trace_id: str) -> dict[str, Any]:
    """Return the GraphQL answer to a request that did not get as far as an operation."""
    formatted = faced(GraphQLError("", original_error=error), trace_id, masked=True).formatted
    return {"errors": [formatted]}

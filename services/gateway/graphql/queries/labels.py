"""The query of labels: what a screen writes where the API says `IN_PERSON`."""

import strawberry

from services.gateway.graphql.enums import graphql_enum
from shared.contracts.registry.access_grant import Role
from shared.language.labels import labels

# Only commands name it, and their inputs are made when the schema is built.
graphql_enum(Role)


@strawberry.type(description="A value of an enum of this schema, as a screen shows it.")
class Label:
    """One value's name in the request's language."""

    enum: str = strawberry.field(description="The enum's name in this schema: `Mode`.")
    value: str = strawberry.field(description="The value: `IN_PERSON`.")
    text: str = strawberry.field(description="Its name in the language of the request.")


def _labels() -> list[Label]:
    return [Label(enum=each.enum, value=each.value, text=each.text) for each in labels()]


@strawberry.type
class LabelQueries:
    """What can be asked of words."""

    labels: list[Label] = strawberry.field(
        resolver=_labels,
        description="Names of the values of enums, in the language that `Accept-Language` asks "
        "for: English, French, Swahili or Kinyarwanda. Codes are the same in all of them.",
    )

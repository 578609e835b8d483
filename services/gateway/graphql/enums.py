"""Enums of the schema: those of the contracts as they are, and the orders of lists."""

from enum import Enum, EnumMeta
from typing import Any, TypeVar

import strawberry

from services.gateway.read.declare import Order
from shared.language.labels import labelled

AnyEnum = TypeVar("AnyEnum", bound=EnumMeta)

VALUES: dict[str, str] = {
    "IN_PERSON": "Face to face.",
    "PHONE": "By phone.",
    "VIDEO": "By video.",
    "MESSAGE": "By text messages.",
    "COUNTRY": "The whole country.",
    "FACILITY": "A place where patients are seen.",
    "NOMINATED": "Put forward.",
    "ORIENTED": "Oriented, and evaluated in theory and practice.",
    "CERTIFIED": "May mentor, and assess.",
    "MENTOR": "Who mentors.",
    "MENTEE": "Who is mentored.",
}
"""Descriptions that say more than the value's own name."""

NAMES: dict[str, str] = {"Initiative": "SessionInitiative"}
"""What an enum is called in the schema, where a record has its name."""


def graphql_enum(enum: AnyEnum) -> AnyEnum:
    """Make a contract's enum one of the schema, once, with every value described."""
    if "__strawberry_definition__" not in vars(enum):
        name = NAMES.get(enum.__name__, enum.__name__)
        strawberry.enum(enum, name=name, description=(enum.__doc__ or "").strip())
        definition: Any = vars(enum)["__strawberry_definition__"]
        for value in definition.values:
            name = value.name
            value.description = VALUES.get(name, name.replace("_", " ").capitalize() + ".")
        labelled[NAMES.get(enum.__name__, enum.__name__)] = enum
    return enum


def order_enum(name: str, description: str, **orders: tuple[Order, str]) -> Any:
    """Make the enum of a list's orders: each with its sort keys and a description."""
    values: dict[str, Any] = {
        key: strawberry.enum_value(order, description=said) for key, (order, said) in orders.items()
    }
    # mypy reads the functional form as a class with no members.
    made: Any = Enum(name, values)  # type: ignore[misc]
    return strawberry.enum(made, description=description)

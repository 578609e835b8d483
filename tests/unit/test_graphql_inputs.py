"""A new command needs nothing in the gateway: its mutation and its input come of themselves."""

from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID, uuid4

import pytest
from graphql import GraphQLInputObjectType
from msgspec import Meta, Struct

from services.gateway.graphql.ids import global_id
from services.gateway.graphql.inputs import Faults, Inputs
from services.gateway.graphql.schema import build_schema
from shared.contracts.base import Command, HealthWorkerId, Instant, MentorshipId, NewId, ref


class Colour(StrEnum):
    """What colour it is."""

    RED = "RED"
    DARK_GREEN = "DARK_GREEN"


class Part(Struct, frozen=True, kw_only=True, rename="camel"):
    """A part of the whole."""

    made_by: HealthWorkerId
    weight: Annotated[float, Meta(description="In kilograms.")] = 1.5
    cost: Decimal | None = None
    ready_at: Instant | None = None


class ThingMake(Command, frozen=True, kw_only=True):
    """Make a thing.

    This paragraph is for developers.
    """

    id: NewId = None
    mentorship_id: MentorshipId
    maybe_of: MentorshipId | None = None
    colour: Colour
    colours: tuple[Colour, ...] = ()
    parts: Annotated[tuple[Part, ...], Meta(description="What it is made of.")]
    people: tuple[Annotated[UUID, ref("HealthWorker")], ...] = ()
    since: date | None = None
    fragile: bool = False


ThingMake.service, ThingMake.record = "registry", "Thing"


@pytest.fixture(scope="module")
def made() -> Any:
    return build_schema({"thingMake": ThingMake})._schema


def test_a_command_nobody_wrote_a_mutation_for_has_one(made: Any) -> None:
    mutation = made.mutation_type.fields["thingMake"]
    assert str(mutation.args["input"].type) == "ThingMakeInput!"
    assert mutation.description.startswith("Make a thing.")


def test_its_input_has_the_contracts_fields(made: Any) -> None:
    input = made.type_map["ThingMakeInput"]
    assert isinstance(input, GraphQLInputObjectType)
    types = {name: str(field.type) for name, field in input.fields.items()}
    assert types == {
        "commandId": "UUID!",
        "expectedVersion": "Int",
        "occurredOn": "Date",
        "device": "String",
        "onBehalfOf": "String",
        "reason": "String",
        "after": "[String!]",
        "dryRun": "Boolean",
        "id": "ID",
        "mentorshipId": "ID!",
        "maybeOf": "ID",
        "colour": "Colour!",
        "colours": "[Colour!]!",
        "parts": "[PartInput!]!",
        "people": "[ID!]!",
        "since": "Date",
        "fragile": "Boolean!",
    }
    assert input.description == "Make a thing."
    assert input.fields["parts"].description == "What it is made of."
    assert input.fields["fragile"].default_value is False
    assert input.fields["colours"].default_value == []


def given(**more: Any) -> dict[str, Any]:
    return {
        "commandId": str(uuid4()),
        "mentorshipId": global_id("Mentorship", uuid4()),
        "colour": "RED",
        "parts": [],
        **more,
    }


def wire(command: dict[str, Any]) -> tuple[Any, Faults]:
    faults: Faults = []
    shape = Inputs().of_command(ThingMake)
    return shape.loose(command, "", faults), faults


def test_ids_become_uuids_wherever_they_stand() -> None:
    worker, person, thing = uuid4(), uuid4(), uuid4()
    sent, faults = wire(
        given(
            id=str(thing),
            parts=[{"madeBy": global_id("HealthWorker", worker)}],
            people=[global_id("HealthWorker", person), str(worker)],
        )
    )
    assert faults == []
    assert sent["id"] == str(thing)
    assert sent["parts"] == [{"madeBy": str(worker)}]
    assert sent["people"] == [str(person), str(worker)]


def test_each_wrong_id_is_named_by_its_path() -> None:
    mentee = global_id("Mentee", uuid4())
    _, faults = wire(given(parts=[{"madeBy": mentee}], people=["x"], mentorshipId=mentee))
    assert sorted(str(fault.field) for fault in faults) == [
        "mentorshipId",
        "parts.0.madeBy",
        "people.0",
    ]


@pytest.mark.parametrize(
    "odd", [{"parts": 7}, {"parts": [7]}, {"people": None}, {"mentorshipId": 3}, {"more": {}}]
)
def test_what_is_no_such_shape_is_left_to_the_service_to_refuse(odd: dict[str, Any]) -> None:
    sent, faults = wire(given(**odd))
    assert faults == []
    ((name, value),) = odd.items()
    assert sent[name] == value


def test_two_contracts_may_not_share_an_inputs_name() -> None:
    class Other:
        class Part(Struct):
            """Another part."""

            x: int

    inputs = Inputs()
    inputs._of_struct(Part)
    with pytest.raises(TypeError, match="PartInput"):
        inputs._of_struct(Other.Part)


def test_amounts_and_instants_keep_every_digit_wherever_they_stand(made: Any) -> None:
    part = made.type_map["PartInput"]
    assert str(part.fields["cost"].type) == "Decimal"
    assert str(part.fields["readyAt"].type) == "DateTime"
    inputs = Inputs()
    thing = inputs.of_command(ThingMake).annotation
    whole = inputs._of_struct(Part).annotation(
        made_by=global_id("HealthWorker", uuid4()),
        cost=Decimal("2.50"),
        ready_at=datetime(2026, 3, 1, 9, 30, 0, 5, UTC),
    )
    given = thing(
        command_id=uuid4(),
        mentorship_id=global_id("Mentorship", uuid4()),
        colour=Colour.RED,
        parts=[whole],
    )
    sent = inputs.of_command(ThingMake).typed(given, "", [])
    assert sent["parts"][0]["cost"] == "2.50"
    assert sent["parts"][0]["readyAt"] == "2026-03-01T09:30:00.000005+00:00"

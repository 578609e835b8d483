"""What must hold of every command, event and error there is, whoever adds the next one."""

import importlib
import pkgutil
import re
from collections.abc import Iterator
from string import Formatter
from typing import get_type_hints

import pytest

import services
import shared
from shared.access.policy import POLICY
from shared.contracts.base import ITS_RECORD, SERVICES, Command, Event, commands, events, marks
from shared.contracts.registry.access_grant import Role
from shared.contracts.schema import Schema, command_schema
from shared.domain.errors import MshauriError, all_errors
from shared.privacy.payload import check_contract

for package in (shared, services):
    for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        if not found.name.endswith("__main__"):
            importlib.import_module(found.name)

every_event = pytest.mark.parametrize("event", events.values(), ids=events.keys())
every_command = pytest.mark.parametrize("name", commands)


@every_event
def test_a_topic_is_service_kind_verb_of_the_service_that_publishes_it(event: type[Event]) -> None:
    assert re.fullmatch(r"[a-z]+\.[a-z]+(_[a-z]+)*\.[a-z]+(_[a-z]+)*", event.topic)
    assert event.topic.partition(".")[0] == event.__module__.split(".")[2]


@every_event
def test_an_event_says_what_happened(event: type[Event]) -> None:
    assert event.__doc__ not in (None, "", Event.__doc__)


@every_event
def test_the_subject_of_an_event_is_a_health_worker_or_its_record(event: type[Event]) -> None:
    if event.subject not in (None, ITS_RECORD):
        hint = get_type_hints(event, include_extras=True)[str(event.subject)]
        assert marks(hint) == {"ref": "HealthWorker"}


@every_event
def test_no_field_of_an_event_hides_what_every_event_has(event: type[Event]) -> None:
    assert {"topic", "version", "subject", "in_clear"}.isdisjoint(event.__struct_fields__)


@every_event
def test_personal_fields_have_a_subject_whose_key_seals_them(event: type[Event]) -> None:
    check_contract(event)


@every_event
def test_an_older_shape_can_be_lifted_step_by_step(event: type[Event]) -> None:
    assert event.version >= 1
    for version in range(1, event.version):
        assert callable(getattr(event, f"upcast_v{version}_v{version + 1}", None))


@every_command
def test_a_command_belongs_to_the_service_it_is_declared_in(name: str) -> None:
    command = commands[name]
    assert command.service in SERVICES
    assert command.service == command.__module__.split(".")[2]
    assert re.fullmatch(r"([A-Z][a-z]+)+", command.record)


@every_command
def test_a_command_is_asked_by_roles_that_exist(name: str) -> None:
    roles = commands[name].roles
    assert roles
    assert roles <= {*Role, POLICY}


@every_command
def test_a_command_and_each_of_its_fields_is_described(name: str) -> None:
    schema = command_schema(name)
    assert schema["description"]
    assert commands[name].__doc__ != Command.__doc__
    silent = [field for field, says in schema["properties"].items() if not says_what(says, schema)]
    assert not silent, f"{name}: describe {', '.join(silent)}"


def says_what(field: Schema, schema: Schema) -> bool:
    """Say whether a field's schema tells what it means, itself or by the type it names."""
    if "description" in field:
        return True
    if "$ref" in field:
        return bool(schema["$defs"][field["$ref"].rpartition("/")[2]].get("description"))
    return any(
        says_what(part, schema) for part in (*field.get("anyOf", ()), *field.get("allOf", ()))
    )


def kinds_of_error(root: type[MshauriError] = MshauriError) -> Iterator[type[MshauriError]]:
    """Yield the errors that are raised: those that no other is a kind of."""
    kinds = [kind for kind in root.__subclasses__() if kind.__module__.split(".")[0] != "tests"]
    if not kinds:
        yield root
    for kind in kinds:
        yield from kinds_of_error(kind)


ERRORS = sorted(set(kinds_of_error()), key=lambda kind: (kind.__qualname__, kind.__module__))


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: error.__qualname__)
def test_an_error_says_what_was_wrong_and_what_would_be_right(error: type[MshauriError]) -> None:
    assert error.template != MshauriError.template
    assert error.remedy_template
    for template in (error.template, error.remedy_template):
        for _, placeholder, _, _ in Formatter().parse(template):
            assert placeholder is None or placeholder.isidentifier()


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: error.__qualname__)
def test_an_error_has_a_code_of_its_own(error: type[MshauriError]) -> None:
    assert re.fullmatch(r"[A-Z]+(_[A-Z]+)*", error.code)
    # Some say in better words what another's code stands for: then they are of its kind.
    assert issubclass(error, all_errors()[error.code])

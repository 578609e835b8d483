"""Targets: how many of what figures count are meant to be reached, and since when."""

from collections.abc import Iterator
from datetime import date

from services.gateway.projections.columns import DATE, ID, INTEGER, RECORD, TEXT, maybe, record
from shared.contracts.registry.target import (
    TargetChanged,
    TargetCorrected,
    TargetTold,
    TargetWithdrawn,
)
from shared.projection import Change, Delete, Happening, Patch, Projection, Table, Upsert

TARGET = Table(
    name="target",
    version=1,
    key=("id",),
    columns={
        "id": ID,
        "programme": TEXT,
        "measure": TEXT,
        "org_unit_id": maybe(ID),
        "group_id": maybe(ID),
        "area": maybe(TEXT),
        "starts": DATE,
        "ends": DATE,
        "fiscal_year": maybe(INTEGER),
        "quarter": maybe(INTEGER),
        "number": maybe(INTEGER),
        **RECORD,
    },
    indexes=(
        ("starts", "id"),
        ("programme", "starts", "id"),
        ("org_unit_id", "starts", "id"),
        ("group_id", "starts", "id"),
    ),
)
"""`number` is the one that holds after the last day on which it changed; empty where it was
withdrawn."""

TARGET_NUMBER = Table(
    name="target_number",
    version=1,
    key=("target_id", "since"),
    columns={"target_id": ID, "since": DATE, "number": maybe(INTEGER)},
)
"""Every number that a target had, until the day of the next row; none: it was withdrawn."""

TARGETS = Projection("targets", TARGET, TARGET_NUMBER)


@TARGETS.on(TargetTold)
def told(event: TargetTold, happening: Happening) -> Iterator[Change]:
    """Show what is meant to be reached."""
    yield Upsert(
        TARGET,
        (happening.stream,),
        {
            "programme": event.programme,
            "measure": event.measure.value,
            "org_unit_id": event.org_unit_id,
            "group_id": event.group_id,
            "area": event.area,
            "starts": event.starts,
            "ends": event.ends,
            "fiscal_year": event.fiscal_year,
            "quarter": event.quarter,
            "number": event.number,
            **record(happening),
        },
    )
    yield _number(happening, event.since, event.number)


@TARGETS.on(TargetChanged)
def changed(event: TargetChanged, happening: Happening) -> Iterator[Change]:
    """Show since when it is another number."""
    yield _number(happening, event.since, event.number)
    yield _stands(happening, event.stands)


@TARGETS.on(TargetWithdrawn)
def withdrawn(event: TargetWithdrawn, happening: Happening) -> Iterator[Change]:
    """Show since when it is none."""
    yield _number(happening, event.since, None)
    yield _stands(happening, event.stands)


@TARGETS.on(TargetCorrected)
def corrected(event: TargetCorrected, happening: Happening) -> Iterator[Change]:
    """Show its numbers as they are said now."""
    for since in event.removed:
        yield Delete(TARGET_NUMBER, (happening.stream, since))
    for each in event.numbers:
        yield _number(happening, each.since, each.number)
    yield _stands(happening, event.numbers[-1].number)


def _number(happening: Happening, since: date, number: int | None) -> Change:
    return Upsert(TARGET_NUMBER, (happening.stream, since), {"number": number})


def _stands(happening: Happening, number: int | None) -> Change:
    return Patch(TARGET, (happening.stream,), {"number": number, **record(happening)})

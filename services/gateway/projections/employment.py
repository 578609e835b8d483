"""Employment: how people stand to the service since when, and what followed of it."""

from collections.abc import Iterator
from typing import Any

from services.gateway.projections.columns import BOOLEAN, DATE, ID, TEXT, maybe, record
from services.gateway.projections.health_workers import HEALTH_WORKER
from shared.contracts.registry.employment import (
    Employment,
    HealthWorkerEmploymentFollowed,
    HealthWorkerEmploymentTold,
)
from shared.domain.careers import LASTING
from shared.projection import Change, Delete, Happening, Patch, Projection, Table, Upsert

EMPLOYMENT = Table(
    name="employment",
    version=1,
    key=("health_worker_id", "since"),
    columns={
        "health_worker_id": ID,
        "since": DATE,
        "employment": TEXT,
        "expected_return": maybe(DATE),
        "reason": maybe(TEXT),
    },
    indexes=(("employment", "since"),),
)
"""How somebody stands to the service from that day until the day of their next row: ACTIVE,
ON_LEAVE, or why they are gone; before the first, and without any, they are in service. `reason` is
what was given when the line was told last."""

EMPLOYMENT_OUTCOME = Table(
    name="employment_outcome",
    version=1,
    key=("health_worker_id", "duty", "record_id", "party_id", "because", "since"),
    columns={
        "health_worker_id": ID,
        "duty": TEXT,
        "record_id": ID,
        "party_id": ID,
        "because": TEXT,
        "since": DATE,
        "becomes": TEXT,
        "on": DATE,
        "until": maybe(DATE),
        "undone": BOOLEAN,
    },
    indexes=(("record_id",),),
)
"""What became of what they had in programmes, `because` they were away `since` a day, by `Becomes`;
`undone`, since they were not after all. `party_id` is by which mentor or enrolment they are in a
mentorship; of all else, it is the record itself."""

EMPLOYMENTS = Projection("employment", EMPLOYMENT, EMPLOYMENT_OUTCOME)


@EMPLOYMENTS.on(HealthWorkerEmploymentTold)
def told(event: HealthWorkerEmploymentTold, happening: Happening) -> Iterator[Change]:
    """Show the line as it is said now, and how they stand by it."""
    person = event.health_worker_id
    for day in event.removed:
        yield Delete(EMPLOYMENT, (person, day))
    for one in event.employment:
        yield Upsert(
            EMPLOYMENT,
            (person, one.since),
            {
                "employment": one.employment.value,
                "expected_return": one.expected_return,
                "reason": happening.meta.reason,
            },
        )
    now = event.employment[-1] if event.employment else None
    yield Patch(
        HEALTH_WORKER,
        (person,),
        {
            "employment": now.employment.value if now else Employment.ACTIVE.value,
            "employment_since": now and now.since,
            "expected_return": now and now.expected_return,
            **record(happening),
        },
    )


@EMPLOYMENTS.on(HealthWorkerEmploymentFollowed)
def followed(event: HealthWorkerEmploymentFollowed, happening: Happening) -> Iterator[Change]:
    """Show what became of what they had."""
    person = event.health_worker_id
    rows: dict[tuple[Any, ...], Change] = {}
    for one in event.outcomes:
        party = one.party_id or one.record_id
        key = (person, one.duty.value, one.record_id, party, one.because.value, one.since)
        if one.undone:
            rows[key] = Patch(EMPLOYMENT_OUTCOME, key, {"undone": True})
        elif one.becomes in LASTING.values():
            rows[key] = Patch(EMPLOYMENT_OUTCOME, key, {"until": one.until})
        else:  # perhaps another time, where what was undone is so after all
            values = {"becomes": one.becomes.value, "on": one.on, "until": one.until}
            rows[key] = Upsert(EMPLOYMENT_OUTCOME, key, {**values, "undone": False})
    yield from rows.values()
    yield Patch(HEALTH_WORKER, (person,), record(happening))

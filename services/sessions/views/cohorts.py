"""Cohorts, as sessions has heard of them: of which programme each is."""

from collections.abc import Iterable

from shared.contracts.registry.cohort import CohortOpened
from shared.projection import Change, Column, Happening, Projection, Table, Upsert

COHORT = Table(
    name="known_cohort",
    version=1,
    key=("id",),
    columns={"id": Column(type="uuid"), "programme": Column(type="text")},
)

COHORTS = Projection("cohorts", COHORT)


@COHORTS.on(CohortOpened)
def opened(body: CohortOpened, at: Happening) -> Iterable[Change]:
    """Know that there is such a cohort."""
    yield Upsert(COHORT, (at.stream,), {"programme": body.programme})

"""A small land to search in: invented people and places, and readers who may read some of them."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from services.gateway.projections import (
    MENTORSHIP,
    MENTORSHIP_PARTY,
    PROJECTIONS,
    SESSION,
    SESSION_ATTENDANCE,
)
from services.gateway.projections.finding import FINDING
from services.gateway.projections.health_workers import HEALTH_WORKERS
from services.gateway.projections.org_units import ORG_UNITS
from shared.access.facts import ACCESS_GRANT, ORG_UNIT_PLACE
from shared.contracts.registry.health_worker import (
    Detail,
    HealthWorkerDetailsUpdated,
    HealthWorkerMergedInto,
    HealthWorkerRegistered,
    HealthWorkerRenamed,
    Identifier,
)
from shared.contracts.registry.licence import LicenceTerms, LicenceTold
from shared.contracts.registry.org_unit import (
    OrgUnitClosed,
    OrgUnitEstablished,
    OrgUnitKind,
    OrgUnitMergedInto,
    OrgUnitRenamed,
    OrgUnitSplitUp,
)
from shared.projection.schema import tables_of
from tests.support.gateway import RunningGateway
from tests.support.rows import Rows
from tests.support.story import happenings
from tests.support.telling import Told, id_of, of

KEPT = (ORG_UNITS, HEALTH_WORKERS, FINDING)
assert set(KEPT) <= set(PROJECTIONS)

SINCE = date(2019, 1, 1)
LAND, NORTH, SOUTH = id_of("land"), id_of("north"), id_of("south")
LAKE, HILL, SHORE, OLD, TWO_A, TWO_B, SPLIT, SHUT = map(
    id_of, ("lake", "hill", "shore", "old", "two a", "two b", "split", "shut")
)


def unit(id: UUID, code: str, name: str, kind: OrgUnitKind, parent: UUID | None) -> list[Told]:
    """Establish a unit."""
    told = OrgUnitEstablished(code=code, name=name, unit_kind=kind, parent_id=parent, since=SINCE)
    return of("org_unit", id, told)


def person(who: str, at: UUID, given: str, family: str | None, **more: Any) -> list[Told]:
    """Register somebody."""
    told = HealthWorkerRegistered(
        health_worker_id=id_of(who), given_names=given, family_name=family, cadre="NURSE",
        org_unit_id=at, since=SINCE, **more,
    )  # fmt: skip
    return of("health_worker", id_of(who), told)


def renamed(who: str, given: str, family: str | None, *, corrected: bool) -> list[Told]:
    """Call somebody otherwise."""
    told = HealthWorkerRenamed(
        health_worker_id=id_of(who), given_names=given, family_name=family, corrected=corrected
    )
    return of("health_worker", id_of(who), told)


PLACES = [
    *unit(LAND, "L", "Land of Nowhere", OrgUnitKind.COUNTRY, None),
    *unit(NORTH, "N", "Northern Nowhere", OrgUnitKind.DISTRICT, LAND),
    *unit(SOUTH, "S", "Southern Nowhere", OrgUnitKind.DISTRICT, LAND),
    *unit(LAKE, "L-100", "Lake Hospital", OrgUnitKind.FACILITY, NORTH),
    *unit(HILL, "H-200", "Hill Hospital", OrgUnitKind.FACILITY, SOUTH),
    *unit(SHORE, "S 300", "Shore Dispensary", OrgUnitKind.FACILITY, SOUTH),
    *of("org_unit", SHORE, OrgUnitRenamed(name="Harbour Clinic", since=date(2021, 1, 1))),
    *unit(OLD, "O-400", "Ancient Clinic", OrgUnitKind.FACILITY, SOUTH),
    *of("org_unit", OLD, OrgUnitMergedInto(into_id=SPLIT, since=date(2020, 6, 1))),
    *unit(SPLIT, "P-500", "Undivided Clinic", OrgUnitKind.FACILITY, SOUTH),
    *of("org_unit", SPLIT, OrgUnitSplitUp(successors=(TWO_A, TWO_B), since=date(2021, 6, 1))),
    *unit(TWO_A, "P-501", "Eastern Half", OrgUnitKind.FACILITY, SOUTH),
    *unit(TWO_B, "P-502", "Western Half", OrgUnitKind.FACILITY, NORTH),
    *unit(SHUT, "C-600", "Deserted Post", OrgUnitKind.FACILITY, SOUTH),
    *of("org_unit", SHUT, OrgUnitClosed(since=date(2021, 6, 1))),
]

PEOPLE = [
    *person(
        "zawadi", LAKE, "Zawadi Imara", "Bandia", number="KE-10482", phone="+254722123456",
        identifiers=(Identifier(system="NCK", value="RN 77 01"),), email="Zawadi@Example.org",
    ),
    *of(
        "health_worker", id_of("zawadi"),
        LicenceTold(
            health_worker_id=id_of("zawadi"), licence_id=id_of("licence"),
            terms=LicenceTerms(issuing_body="Council of Nowhere", number="L/44 9"),
        ),
    ),
    *person("zuwadi", LAKE, "Zuwadi", "Uwongo", phone="0733 000 111"),
    *person("imara", HILL, "Imara", "Bandia", number="KE-20001", phone="0722 123 456"),
    *person("initial", HILL, "J.", "Mzushi", number="KE-20002"),
    *person("apostrophe", HILL, "Désiré", "Ng'uwon'go"),
    *person("one name", SHORE, "Pekee", None),
    *person("wed", HILL, "Malkia", "Zamani", number="KE-20004"),
    *renamed("wed", "Malkia", "Sasa", corrected=False),
    *person("corrected", HILL, "Rehma", "Kosa", number="KE-20005"),
    *renamed("corrected", "Rehema", "Sahihi", corrected=True),
    *renamed("corrected", "Rehema", "Mpya", corrected=False),
    *person("alias", LAKE, "Tumaini", "Pili", number="KE-30001"),
    *person("stands", HILL, "Tumaini", "Kwanza", number="KE-30002"),
    *of(
        "health_worker", id_of("alias"),
        HealthWorkerMergedInto(health_worker_id=id_of("alias"), into_id=id_of("stands")),
    ),
    *person("reached", SHORE, "Simu", "Mpya", phone="0711 000 000"),
    *of(
        "health_worker", id_of("reached"),
        HealthWorkerDetailsUpdated(
            health_worker_id=id_of("reached"), phone="+250 788 999 000",
            identifiers=(Identifier(system="NID", value="1 1990 8"),),
        ),
    ),
    *person("unreached", HILL, "Kimya", "Kabisa", phone="0744 555 666", email="k@example.org"),
    *of(
        "health_worker", id_of("unreached"),
        HealthWorkerDetailsUpdated(
            health_worker_id=id_of("unreached"), cleared=(Detail.PHONE, Detail.EMAIL)
        ),
    ),
    *person("the mentor", LAKE, "Mlezi", "Kaskazini"),
]  # fmt: skip

EVERYBODY = {told.stream for told in PEOPLE if isinstance(told.body, HealthWorkerRegistered)}

CARE, HELD = id_of("a mentorship of the mentor"), id_of("a session of it")
"""It takes place in the south; its mentee works there."""

READERS: dict[str, tuple[dict[str, Any], ...]] = {
    "administrator": ({"role": "ADMINISTRATOR"},),
    "of the land": ({"role": "COORDINATOR", "org_unit_id": LAND},),
    "of the north": ({"role": "COORDINATOR", "org_unit_id": NORTH},),
    "of the south": ({"role": "COORDINATOR", "org_unit_id": SOUTH},),
    "of the shore": ({"role": "COORDINATOR", "org_unit_id": SHORE},),
    "auditor of the south": ({"role": "AUDITOR", "org_unit_id": SOUTH},),
    "viewer": ({"role": "VIEWER", "org_unit_id": LAND},),
    "viewer of the north": ({"role": "VIEWER", "org_unit_id": NORTH},),
    "viewer, and of the north": (
        {"role": "VIEWER", "org_unit_id": LAND},
        {"role": "COORDINATOR", "org_unit_id": NORTH},
    ),
    "of a programme": ({"role": "COORDINATOR", "org_unit_id": LAND, "programme": "X"},),
    "own mentorships": (
        {"role": "MENTOR", "own_mentorships": True, "health_worker_id": id_of("the mentor")},
    ),
    "themselves": ({"role": "MENTEE", "health_worker_id": id_of("wed")},),
    "stranger": (),
}
"""Who searches, by what they were given."""


async def fill(gateway: RunningGateway, told: Iterable[Told] = (*PLACES, *PEOPLE)) -> None:
    """Write the rows that the land comes to, a mentorship, and what each reader was given."""
    rows = Rows()
    tables = {table.name: table for table in tables_of(KEPT)}
    for happening in happenings(told):
        rows.happen(KEPT, happening)
    for name in rows.tables:
        for row in rows.of(name):
            filled = {column: value for column, value in row.items() if value is not None}
            await gateway.insert(tables[name], **filled)
    for row in rows.of("org_unit_parent"):
        await gateway.insert(ORG_UNIT_PLACE, **row, position=1)
    await gateway.insert(
        MENTORSHIP, id=CARE, cohort_id=uuid4(), programme_version_id=uuid4(), programme="X",
        org_unit_id=HILL, proposed_on=SINCE, status="AGREED", matched=False, reasons=[],
        letters=False, counts=True, record_version=1, position=1,
    )  # fmt: skip
    for who, side in (("the mentor", "MENTOR"), ("wed", "MENTEE")):
        await gateway.insert(
            MENTORSHIP_PARTY, mentorship_id=CARE, health_worker_id=id_of(who), side=side, areas=[]
        )
    await gateway.insert(
        SESSION, id=HELD, mentorship_id=CARE, programme="X", org_unit_id=HILL, status="HELD",
        day=SINCE, mode="IN_PERSON", corrected=False, facts_id=HELD, record_version=1, position=1,
    )  # fmt: skip
    await gateway.insert(
        SESSION_ATTENDANCE, facts_id=HELD, health_worker_id=id_of("wed"), session_id=HELD,
        side="MENTEE", present=True, minutes=60, credited=60, held_on=SINCE,
    )  # fmt: skip
    for subject, grants in READERS.items():
        for given in grants:
            await gateway.insert(
                ACCESS_GRANT, grant_id=uuid4(), subject=subject, since=SINCE,
                position=uuid4().int % 2**40, **given,
            )  # fmt: skip
    await gateway.told()

"""Who looked at the people of the story: events of the ledger `access`, which no bus carries."""

from shared.contracts.access import operation
from tests.support.telling import BEGAN, GRANT, HOSPITAL, MENTEE, MENTOR, Told, id_of, of

LOOKED: list[Told] = [
    *of(
        "spool",
        id_of("the spool of a gateway"),
        operation.PersonalDataShown(
            operation_id=id_of("an operation"),
            at=BEGAN,
            kinds=(operation.AccessKind.PERSONAL, operation.AccessKind.JOURNAL),
            people=(MENTEE, MENTOR),
            units=(HOSPITAL,),
            own=True,
            operator=True,
            grants=(GRANT,),
            broken_glass=(GRANT,),
            name="Names",
            asked=("healthWorkers",),
            fields=("HealthWorker.familyName",),
            purpose=operation.AccessPurpose.SUPERVISION,
            trace_id="a" * 32,
        ),
        operation.AccessEventsMissed(
            count=3,
            since=BEGAN,
            until=BEGAN,
            because=operation.MissedBecause.NO_ROOM,
        ),
    ),
]

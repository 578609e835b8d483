"""The spool of access events, and how it comes to the ledger: real files, and no gateway."""

import asyncio
import os
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import msgspec
import pytest

from services.gateway.looked import keeping
from services.gateway.looked.keeping import AccessLog
from services.gateway.looked.lines import line_of
from services.gateway.looked.looks import Looks, looking, note
from services.gateway.looked.spool import NoRoom, Segment, Spool
from services.gateway.looked.telling import Operation, Teller
from shared.access.known import Known
from shared.access.policy import Actor
from shared.contracts.access.operation import (
    MOST,
    AccessEventsMissed,
    AccessKind,
    MissedBecause,
    PersonalDataShown,
)
from shared.domain.errors import Unavailable
from shared.ledger import Entry, Receipt, Transaction
from shared.ledger.memory import MemoryLedger
from shared.privacy.payload import decode_event

ANN = Actor(subject="ann")


class Away(MemoryLedger):
    """A ledger that is away when it is told, before or after it has recorded."""

    before = after = False

    async def append(self, transaction: Transaction) -> Receipt:
        if self.before:
            raise Unavailable(part="the ledger")
        receipt = await super().append(transaction)
        if self.after:
            raise Unavailable(part="the ledger")
        return receipt


def a_log(directory: Path, **options: int) -> AccessLog:
    log = AccessLog(Spool(directory, **options))
    log.open()
    return log


def shown(*people: UUID) -> PersonalDataShown:
    return PersonalDataShown(
        operation_id=uuid4(),
        at=datetime.now(UTC),
        kinds=(AccessKind.PERSONAL,),
        people=people,
        trace_id="a" * 32,
    )


def write(log: AccessLog, *people: UUID) -> PersonalDataShown:
    event = shown(*people)
    log.write(event, actor="ann", correlation_id=uuid4(), cause=event.operation_id)
    return event


async def entries(ledger: MemoryLedger) -> list[Entry]:
    return await ledger.feed(after=0, limit=100_000)


def bodies(entries: list[Entry]) -> list[object]:
    return [decode_event(one.topic, 1, one.payload, one.id, {}) for one in entries]


async def test_what_is_written_comes_to_the_ledger_in_order_as_one_stream(tmp_path: Path) -> None:
    log, ledger = a_log(tmp_path), MemoryLedger(service="access")
    written = [write(log, uuid4()) for _ in range(5)]

    await log.ship_all(ledger)

    found = await entries(ledger)
    assert bodies(found) == written
    assert [one.version for one in found] == [1, 2, 3, 4, 5]
    assert len({one.stream for one in found}) == 1
    assert log.waiting == 0


async def test_what_the_ledger_has_though_nobody_heard_is_not_recorded_twice(
    tmp_path: Path,
) -> None:
    log, ledger = a_log(tmp_path), Away(service="access")
    written = [write(log), write(log)]
    ledger.after = True
    with pytest.raises(Unavailable):
        await log.ship_all(ledger)
    ledger.after = False
    # More is there by now: the batch is another, under the same id.
    written.append(write(log))

    await log.ship_all(ledger)

    assert bodies(await entries(ledger)) == written


async def test_what_a_dead_process_left_is_shipped_by_another_exactly_once(tmp_path: Path) -> None:
    ledger = Away(service="access")
    dead = a_log(tmp_path)
    written = [write(dead), write(dead)]
    ledger.after = True
    with pytest.raises(Unavailable):
        await dead.ship_all(ledger)
    ledger.after = False
    written.append(write(dead))
    for segment in dead._spool.segments():
        os.close(segment._descriptor)  # as the kernel does

    await (other := a_log(tmp_path)).ship_all(ledger)

    assert bodies(await entries(ledger)) == written
    other._spool.close()
    assert list(tmp_path.iterdir()) == []


def test_the_segment_of_a_process_that_lives_is_left_to_it(tmp_path: Path) -> None:
    living = a_log(tmp_path)
    write(living)

    other = a_log(tmp_path)

    assert other.waiting == 0
    assert living.waiting > 0


async def test_a_line_that_was_not_written_to_its_end_was_not_answered(tmp_path: Path) -> None:
    log, ledger = a_log(tmp_path), MemoryLedger(service="access")
    whole = write(log)
    (segment,) = log._spool.segments()
    with segment.path.open("ab") as file:
        file.write(b'{"id": "0199')
    os.close(segment._descriptor)

    await a_log(tmp_path).ship_all(ledger)

    assert bodies(await entries(ledger)) == [whole]


async def test_a_line_that_cannot_be_read_leaves_a_gap_that_says_so(tmp_path: Path) -> None:
    log, ledger = a_log(tmp_path), MemoryLedger(service="access")
    first = write(log)
    log._spool.write(b"\x00\x00\x00\n")
    last = write(log)

    await log.ship_all(ledger)

    one, gap, other = bodies(await entries(ledger))
    assert (one, other) == (first, last)
    assert isinstance(gap, AccessEventsMissed)
    assert (gap.count, gap.because) == (1, MissedBecause.UNREADABLE)


async def test_a_full_spool_lets_reads_go_on_and_the_gap_is_recorded(tmp_path: Path) -> None:
    log, ledger = a_log(tmp_path, most=1_000), MemoryLedger(service="access")
    kept = write(log)
    for _ in range(7):
        write(log)  # none of these raises, and some find room
    there = len(bodies(await kept_in(log)))
    assert log.missed == 8 - there > 0
    assert "missed" in log.health().says

    await log.ship_all(ledger)
    after = write(log)
    await log.ship_all(ledger)

    found = bodies(await entries(ledger))
    assert found[0] == kept
    assert found[-1] == after
    gap = found[-2]
    assert isinstance(gap, AccessEventsMissed)
    assert (gap.count, gap.because) == (8 - there, MissedBecause.NO_ROOM)
    assert log.missed == 0


async def kept_in(log: AccessLog) -> list[Entry]:
    ledger = MemoryLedger(service="access")
    copy = AccessLog(log._spool)
    for segment in list(copy._spool.segments()):
        await copy._ship(ledger, segment, segment.lines(10_000))
        segment.shipped = segment.version = 0
    return await entries(ledger)


def test_a_spool_that_cannot_be_made_blocks_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no directory")

    log = a_log(tmp_path / "file")
    write(log)

    assert log.missed == 1


def test_a_disk_that_takes_half_a_line_keeps_none_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    segment = Segment.begun(tmp_path)
    segment.append(b"whole\n")
    real = os.write
    monkeypatch.setattr(os, "write", lambda fd, data: real(fd, data[:3]))

    with pytest.raises(NoRoom):
        segment.append(b"another\n")

    assert segment.path.read_bytes() == b"whole\n"


async def test_what_is_shipped_gives_its_room_back(tmp_path: Path) -> None:
    log, ledger = a_log(tmp_path, segment=2_000), MemoryLedger(service="access")
    written = [write(log) for _ in range(50)]
    assert len(list(tmp_path.iterdir())) > 1

    await log.ship_all(ledger)

    assert bodies(await entries(ledger)) == written
    assert len(list(tmp_path.iterdir())) <= 1


async def test_a_ledger_that_was_restored_from_an_older_backup_gets_what_it_lacks(
    tmp_path: Path,
) -> None:
    log, ledger = a_log(tmp_path), MemoryLedger(service="access")
    written = [write(log)]
    await log.ship_all(ledger)

    restored = MemoryLedger(service="access")
    written.append(write(log))
    await log.ship_all(restored)

    assert bodies(await entries(restored)) == written


async def test_shipping_goes_on_after_a_ledger_that_was_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger = Away(service="access")
    ledger.before = True

    class Opened:
        def __init__(self, *_: object, **__: object) -> None: ...

        async def __aenter__(self) -> Away:
            return ledger

        async def __aexit__(self, *_: object) -> None: ...

    monkeypatch.setattr(keeping, "PostgresLedger", Opened)
    log = a_log(tmp_path)
    shipping = asyncio.create_task(log.ship("postgresql://nobody/there"))
    written = [write(log)]
    await asyncio.sleep(0.5)
    written.append(write(log))
    assert await entries(ledger) == []
    ledger.before = False

    async with asyncio.timeout(10):
        while len(await entries(ledger)) < 2:  # noqa: ASYNC110
            await asyncio.sleep(0.02)

    shipping.cancel()
    assert bodies(await entries(ledger)) == written


# ── what an operation comes to ────────────────────────────────────────────────────────────────


def an_operation() -> Operation:
    return Operation(name="Names", asked=("healthWorkers",), trace_id="b" * 32, purpose=None)


def lines(directory: Path) -> list[dict[str, object]]:
    return [
        msgspec.json.decode(line)["payload"]
        for path in sorted(directory.iterdir())
        for line in path.read_bytes().splitlines()
    ]


def test_of_an_operation_that_showed_more_people_than_an_event_holds_nobody_is_left_out(
    tmp_path: Path,
) -> None:
    people = {uuid4() for _ in range(2 * MOST + 1)}
    looks = Looks()
    looks.add((AccessKind.PERSONAL,), ("HealthWorker.phone",), people)

    Teller(a_log(tmp_path)).tell(looks, an_operation(), ANN, Known())

    told = lines(tmp_path)
    assert len(told) == 3
    assert {UUID(id) for one in told for id in one.get("people", [])} == people  # type: ignore[attr-defined]
    assert len({one["operationId"] for one in told}) == 1


def test_what_was_told_is_not_told_again(tmp_path: Path) -> None:
    teller, operation = Teller(a_log(tmp_path)), an_operation()
    with looking() as looks:
        note(AccessKind.EVIDENCE, people=[uuid4()], fields=["Query.auditEvidence"])
        teller.tell(looks, operation, ANN, Known())
        teller.tell(looks, operation, ANN, Known())
        note(AccessKind.EVIDENCE, people=[uuid4()])
        teller.tell(looks, operation, ANN, Known())

    assert len(lines(tmp_path)) == 2


def test_outside_of_an_operation_nothing_is_noted() -> None:
    note(AccessKind.HISTORY, people=[uuid4()])


def test_only_its_own_account_reads_the_spool(tmp_path: Path) -> None:
    write(a_log(tmp_path / "spool"))

    (segment,) = (tmp_path / "spool").iterdir()
    assert segment.stat().st_mode & 0o077 == 0
    assert (tmp_path / "spool").stat().st_mode & 0o077 == 0


def test_a_line_is_one_line(tmp_path: Path) -> None:
    event = shown(uuid4())
    line = line_of(event, "a\nb", uuid4(), uuid4())

    assert line.count(b"\n") == 1
    assert line.endswith(b"\n")

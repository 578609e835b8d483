"""What every ledger promises, asked of both: the one in PostgreSQL and its twin in memory."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import asyncpg
import pytest

from shared.domain.errors import AlreadyTaken, CommandIdReused, Conflict
from shared.ledger import AsOf, Ledger, NewEvent, Receipt, Snapshot, StreamAppend
from shared.ledger.memory import MemoryLedger
from shared.ledger.postgres import PostgresLedger
from shared.positions import parse_position, partition_of
from shared.proof.hashing import NOTHING
from tests.support.ledgers import Witness, a_command, an_event, chained, onto


@pytest.fixture(params=["memory", "postgres"])
def address(request: pytest.FixtureRequest) -> str | None:
    return request.getfixturevalue("database") if request.param == "postgres" else None


@pytest.fixture
async def ledger(address: str | None) -> AsyncIterator[Ledger]:
    if address is None:
        yield MemoryLedger(service="registry")
    else:
        async with PostgresLedger(address, service="registry") as ledger:
            yield ledger


# ── recording ─────────────────────────────────────────────────────────────────────────────────


async def test_a_new_ledger_stands_at_nothing(ledger: Ledger) -> None:
    head = await ledger.head()
    assert (head.position, head.epoch, head.hash) == (0, 1, NOTHING)
    assert await ledger.feed(after=0, limit=10) == []
    assert await ledger.stream(uuid4()) == []


async def test_what_was_appended_is_read_back_in_every_field(ledger: Ledger) -> None:
    stream, person, event = uuid4(), uuid4(), an_event(b'{"name":"\xc3\xa9"}')
    command = a_command(onto(stream, 0, event, key=person))
    before = datetime.now(UTC) - timedelta(seconds=5)
    await ledger.append(command)
    [entry] = await ledger.stream(stream)
    assert entry.id == event.id
    assert (entry.stream, entry.key, entry.kind) == (stream, person, "thing")
    assert (entry.position, entry.epoch, entry.version) == (1, 1, 1)
    assert (entry.topic, entry.meta, entry.payload) == (event.topic, event.meta, event.payload)
    assert entry.command_id == command.command_id
    assert before < entry.recorded < datetime.now(UTC) + timedelta(seconds=5)
    assert [entry] == await ledger.feed(after=0, limit=10)


async def test_the_receipt_names_positions_and_versions(ledger: Ledger) -> None:
    await ledger.append(a_command(onto(uuid4(), 0)))
    one, other, person, somebody = uuid4(), uuid4(), uuid4(), uuid4()
    command = a_command(onto(one, 0, count=2, key=person), onto(other, 0, key=somebody))
    receipt = await ledger.append(command)
    assert (receipt.command_id, receipt.epoch) == (command.command_id, 1)
    assert (receipt.first, receipt.last) == (2, 4)
    assert receipt.versions == {one: 2, other: 1}
    expected = {partition_of(person): 3} | {partition_of(somebody): 4}
    tokens = [parse_position(token) for token in receipt.positions]
    assert {token.partition: token.position for token in tokens} == expected
    assert {(token.service, token.epoch) for token in tokens} == {("registry", 1)}


async def test_a_stream_grows_from_the_version_that_was_seen(ledger: Ledger) -> None:
    stream = uuid4()
    await ledger.append(a_command(onto(stream, 0, count=3)))
    receipt = await ledger.append(a_command(onto(stream, 3, count=2)))
    assert receipt.versions == {stream: 5}
    assert [entry.version for entry in await ledger.stream(stream)] == [1, 2, 3, 4, 5]


@pytest.mark.parametrize(("expected", "actual"), [(0, 2), (1, 2), (3, 2), (-1, 2)])
async def test_a_command_that_saw_another_version_is_refused(
    ledger: Ledger, expected: int, actual: int
) -> None:
    stream = uuid4()
    await ledger.append(a_command(onto(stream, 0, count=actual)))
    with pytest.raises(Conflict) as refused:
        await ledger.append(a_command(onto(stream, expected)))
    assert refused.value.params == {"expected": expected, "actual": actual}
    assert (await ledger.head()).position == actual


async def test_a_stream_that_is_not_there_cannot_be_at_a_version(ledger: Ledger) -> None:
    with pytest.raises(Conflict) as refused:
        await ledger.append(a_command(onto(uuid4(), 4)))
    assert refused.value.params == {"expected": 4, "actual": 0}


async def test_a_stream_may_begin_at_version_zero(ledger: Ledger) -> None:
    stream = uuid4()
    await ledger.append(a_command(onto(stream, -1, count=2)))
    assert [entry.version for entry in await ledger.stream(stream, after=-1)] == [0, 1]


async def test_of_a_command_refused_in_part_nothing_is_left(ledger: Ledger) -> None:
    settled, fresh = uuid4(), uuid4()
    await ledger.append(a_command(onto(settled, 0)))
    head = await ledger.head()
    losing = a_command(onto(fresh, 0, count=2), onto(settled, 0), claims=["seat:1"])
    with pytest.raises(Conflict):
        await ledger.append(losing)
    assert await ledger.stream(fresh) == []
    assert await ledger.head() == head
    assert await ledger.receipt(losing.command_id, losing.fingerprint) is None
    await ledger.append(a_command(onto(fresh, 0), claims=["seat:1"]))


async def test_an_append_without_events_only_insists_on_a_version(ledger: Ledger) -> None:
    watched, written = uuid4(), uuid4()
    await ledger.append(a_command(onto(watched, 0)))

    def guard(expected: int) -> StreamAppend:
        return StreamAppend(stream=watched, kind="thing", key=watched, expected=expected, events=())

    with pytest.raises(Conflict):
        await ledger.append(a_command(onto(written, 0), guard(0)))
    receipt = await ledger.append(a_command(onto(written, 0), guard(1)))
    assert receipt.versions == {written: 1}


async def test_a_command_that_changes_nothing_has_a_receipt_too(ledger: Ledger) -> None:
    await ledger.append(a_command(onto(uuid4(), 0)))
    command = a_command()
    receipt = await ledger.append(command)
    assert (receipt.first, receipt.last, receipt.versions, receipt.positions) == (2, 1, {}, [])
    assert await ledger.append(command) == receipt
    assert (await ledger.head()).position == 1


# ── commands that come again ──────────────────────────────────────────────────────────────────


async def test_the_same_command_is_answered_with_the_first_receipt(ledger: Ledger) -> None:
    stream = uuid4()
    command = a_command(onto(stream, 0), asks=b"this")
    first = await ledger.append(command)
    await ledger.append(a_command(onto(stream, 1)))
    assert await ledger.append(command) == first
    assert await ledger.receipt(command.command_id, command.fingerprint) == first
    assert (await ledger.head()).position == 2


async def test_a_command_id_cannot_be_used_for_another_command(ledger: Ledger) -> None:
    command_id = uuid4()
    await ledger.append(a_command(onto(uuid4(), 0), command_id=command_id, asks=b"this"))
    other = a_command(onto(uuid4(), 0), command_id=command_id, asks=b"that")
    with pytest.raises(CommandIdReused) as refused:
        await ledger.append(other)
    assert refused.value.params == {"command_id": command_id}
    with pytest.raises(CommandIdReused):
        await ledger.receipt(command_id, other.fingerprint)


async def test_a_refused_command_may_be_sent_again(ledger: Ledger) -> None:
    stream, command_id = uuid4(), uuid4()
    with pytest.raises(Conflict):
        await ledger.append(a_command(onto(stream, 1), command_id=command_id))
    await ledger.append(a_command(onto(stream, 0)))
    receipt = await ledger.append(a_command(onto(stream, 1), command_id=command_id))
    assert receipt.versions == {stream: 2}


async def test_a_command_sent_twice_at_once_is_recorded_once(ledger: Ledger) -> None:
    command = a_command(onto(uuid4(), 0))
    first, second = await asyncio.gather(ledger.append(command), ledger.append(command))
    assert first == second
    assert (await ledger.head()).position == 1


async def test_of_many_who_saw_the_same_version_one_wins(ledger: Ledger) -> None:
    stream = uuid4()
    outcomes = await asyncio.gather(
        *(ledger.append(a_command(onto(stream, 0, count=2))) for _ in range(20)),
        return_exceptions=True,
    )
    assert sum(isinstance(outcome, Conflict) for outcome in outcomes) == 19
    assert [entry.version for entry in await ledger.stream(stream)] == [1, 2]


# ── claims ────────────────────────────────────────────────────────────────────────────────────


async def test_a_claim_is_one_record_s_only(ledger: Ledger) -> None:
    owner, other = uuid4(), uuid4()
    await ledger.append(a_command(onto(owner, 0), claims=["identifier:nid:1"]))
    with pytest.raises(AlreadyTaken) as refused:
        await ledger.append(a_command(onto(other, 0), claims=["free", "identifier:nid:1"]))
    assert refused.value.params == {"claim": "identifier:nid:1"}
    assert await ledger.stream(other) == []
    await ledger.append(a_command(onto(other, 0), claims=["free"]))


async def test_a_ledger_says_whose_a_claim_is(ledger: Ledger) -> None:
    owner = uuid4()
    await ledger.append(a_command(onto(owner, 0), claims=["identifier:1"]))
    assert await ledger.owners(["identifier:1", "identifier:2"]) == {"identifier:1": owner}


async def test_a_record_may_claim_again_what_it_holds(ledger: Ledger) -> None:
    owner = uuid4()
    await ledger.append(a_command(onto(owner, 0), claims=["seat:1"]))
    await ledger.append(a_command(onto(owner, 1), claims=["seat:1"]))


async def test_a_claim_given_back_is_free(ledger: Ledger) -> None:
    owner, other = uuid4(), uuid4()
    await ledger.append(a_command(onto(owner, 0), claims=["seat:1", "seat:2"]))
    await ledger.append(a_command(onto(owner, 1), releases=["seat:1"]))
    await ledger.append(a_command(onto(other, 0), claims=["seat:1"]))
    with pytest.raises(AlreadyTaken):
        await ledger.append(a_command(onto(other, 1), claims=["seat:2"]))


async def test_nobody_gives_back_what_another_record_holds(ledger: Ledger) -> None:
    owner, other = uuid4(), uuid4()
    await ledger.append(a_command(onto(owner, 0), claims=["seat:1"]))
    await ledger.append(a_command(onto(other, 0), releases=["seat:1", "seat:9"]))
    with pytest.raises(AlreadyTaken):
        await ledger.append(a_command(onto(other, 1), claims=["seat:1"]))


async def test_one_transaction_moves_a_claim_between_its_records(ledger: Ledger) -> None:
    old, new, third = uuid4(), uuid4(), uuid4()
    await ledger.append(a_command(onto(old, 0), claims=["seat:1"]))
    await ledger.append(
        a_command(onto(new, 0), onto(old, 1), releases=["seat:1"], claims=["seat:1"])
    )
    await ledger.append(a_command(onto(old, 2), releases=["seat:1"]))
    with pytest.raises(AlreadyTaken):
        await ledger.append(a_command(onto(third, 0), claims=["seat:1"]))


async def test_of_many_who_claim_at_once_one_wins(ledger: Ledger) -> None:
    outcomes = await asyncio.gather(
        *(ledger.append(a_command(onto(uuid4(), 0), claims=["seat:1"])) for _ in range(20)),
        return_exceptions=True,
    )
    assert sum(isinstance(outcome, AlreadyTaken) for outcome in outcomes) == 19
    assert (await ledger.head()).position == 1


async def test_within_a_batch_claims_pass_from_hand_to_hand(ledger: Ledger) -> None:
    first, second = uuid4(), uuid4()
    outcomes = await asyncio.gather(
        ledger.append(a_command(onto(first, 0), claims=["seat:1"])),
        ledger.append(a_command(onto(first, 1), releases=["seat:1"])),
        ledger.append(a_command(onto(second, 0), claims=["seat:1"])),
        ledger.append(a_command(onto(first, 2), claims=["seat:1"])),
        return_exceptions=True,
    )
    assert [isinstance(outcome, AlreadyTaken) for outcome in outcomes] == [False] * 3 + [True]


async def test_a_claim_needs_a_record_to_belong_to(ledger: Ledger) -> None:
    with pytest.raises(ValueError, match="must name the record"):
        await ledger.append(a_command(claims=["seat:1"]))


# ── reading ───────────────────────────────────────────────────────────────────────────────────


async def test_the_feed_is_everything_in_order_page_by_page(ledger: Ledger) -> None:
    streams = [uuid4() for _ in range(5)]
    for round_ in range(4):
        await asyncio.gather(*(ledger.append(a_command(onto(s, round_))) for s in streams))
    witness, pages = Witness(), 0
    while entries := await ledger.feed(after=witness.position, limit=7):
        witness.see(entries)
        pages += 1
    assert (witness.faults, witness.position, pages) == ([], 20, 3)


async def test_a_stream_is_read_as_any_past_knew_it(ledger: Ledger) -> None:
    stream, other = uuid4(), uuid4()
    for version in range(4):
        await ledger.append(a_command(onto(stream, version)))
        await ledger.append(a_command(onto(other, version)))
        await asyncio.sleep(0.002)
    entries = await ledger.stream(stream)

    async def versions(after: int = 0, **as_of: object) -> list[int]:
        found = await ledger.stream(stream, after=after, as_of=AsOf(**as_of))  # type: ignore[arg-type]
        return [entry.version for entry in found]

    assert await versions() == [1, 2, 3, 4]
    assert await versions(after=2) == [3, 4]
    assert await versions(version=3) == [1, 2, 3]
    assert await versions(position=entries[1].position) == [1, 2]
    assert await versions(position=entries[1].position - 1) == [1]
    assert await versions(recorded=entries[2].recorded) == [1, 2, 3]
    assert await versions(recorded=entries[2].recorded - timedelta(microseconds=1)) == [1, 2]
    assert await versions(recorded=entries[2].recorded, version=2, after=1) == [2]
    assert await versions(recorded=entries[0].recorded, version=9, position=99) == [1]


async def test_time_never_runs_backwards_along_positions(ledger: Ledger) -> None:
    for _ in range(3):
        await asyncio.gather(*(ledger.append(a_command(onto(uuid4(), 0))) for _ in range(5)))
    times = [entry.recorded for entry in await ledger.feed(after=0, limit=100)]
    assert times == sorted(times)


async def test_every_hash_can_be_recomputed_from_what_is_read(ledger: Ledger) -> None:
    streams = [uuid4() for _ in range(3)]
    for version in (0, 2, 4):
        commands = [a_command(onto(stream, version, count=2)) for stream in streams]
        await asyncio.gather(*(ledger.append(command) for command in commands))
    entries = await ledger.feed(after=0, limit=100)
    assert chained(entries) == (await ledger.head()).hash


# ── waiting ───────────────────────────────────────────────────────────────────────────────────


async def test_who_waits_for_what_is_there_does_not_wait(ledger: Ledger) -> None:
    await ledger.append(a_command(onto(uuid4(), 0)))
    assert await ledger.wait_beyond(0, timeout=5.0)


async def test_who_waits_for_nothing_is_told_so_in_time(ledger: Ledger) -> None:
    assert not await ledger.wait_beyond(0, timeout=0.05)


async def test_who_waits_wakes_when_it_comes(ledger: Ledger) -> None:
    waiters = [asyncio.create_task(ledger.wait_beyond(after, timeout=10.0)) for after in (0, 1, 2)]
    await ledger.append(a_command(onto(uuid4(), 0, count=2)))
    assert await asyncio.wait_for(asyncio.gather(*waiters[:2]), timeout=5.0) == [True, True]
    assert not waiters[2].done()
    await ledger.append(a_command(onto(uuid4(), 0)))
    assert await asyncio.wait_for(waiters[2], timeout=5.0)


# ── what a command rests on ───────────────────────────────────────────────────────────────────


async def test_what_was_read_must_still_stand(ledger: Ledger) -> None:
    read, written = uuid4(), uuid4()
    await ledger.append(a_command(onto(read, 0)))
    await ledger.append(a_command(onto(written, 0), rests_on=[(read, 1)]))
    await ledger.append(a_command(onto(read, 1)))
    with pytest.raises(Conflict) as refused:
        await ledger.append(a_command(onto(written, 1), rests_on=[(read, 1)]))
    assert refused.value.params == {"expected": 1, "actual": 2}
    assert len(await ledger.stream(written)) == 1


async def test_of_two_at_once_the_one_whose_ground_moved_is_refused(ledger: Ledger) -> None:
    read, written = uuid4(), uuid4()
    await ledger.append(a_command(onto(read, 0)))
    outcomes = await asyncio.gather(
        ledger.append(a_command(onto(read, 1))),
        ledger.append(a_command(onto(written, 0), rests_on=[(read, 1)])),
        return_exceptions=True,
    )
    assert [type(outcome) for outcome in outcomes] == [Receipt, Conflict]
    assert await ledger.stream(written) == []


# ── snapshots ─────────────────────────────────────────────────────────────────────────────────


async def test_the_newest_snapshot_is_kept(ledger: Ledger) -> None:
    stream = uuid4()
    assert await ledger.latest(stream) == (None, [])
    offered = (3, b"a", b"a"), (5, b"b", b"b"), (4, b"c", b"b"), (5, b"d", b"d")
    for version, state, kept in offered:
        await ledger.keep_snapshot(Snapshot(stream=stream, version=version, state=state))
        snapshot, _entries = await ledger.latest(stream)
        assert snapshot is not None
        assert snapshot.state == kept
    assert await ledger.latest(uuid4()) == (None, [])


async def test_what_came_after_a_snapshot_comes_with_it(ledger: Ledger) -> None:
    stream = uuid4()
    await ledger.append(a_command(onto(stream, 0, count=4)))
    assert await ledger.latest(stream) == (None, await ledger.stream(stream))
    snapshot = Snapshot(stream=stream, version=3, state=b"three")
    await ledger.keep_snapshot(snapshot)
    assert await ledger.latest(stream) == (snapshot, await ledger.stream(stream, after=3))


# ── the past ──────────────────────────────────────────────────────────────────────────────────


async def test_several_streams_are_read_in_the_ledgers_order_up_to_a_position(
    ledger: Ledger,
) -> None:
    one, other, third = uuid4(), uuid4(), uuid4()
    for stream, version in ((one, 0), (other, 0), (third, 0), (one, 1), (other, 1)):
        await ledger.append(a_command(onto(stream, version)))
    whole = await ledger.streams([other, one, uuid4()])
    assert [(e.stream, e.version) for e in whole] == [(one, 1), (other, 1), (one, 2), (other, 2)]
    assert await ledger.streams([one, other], position=4) == whole[:3]
    assert await ledger.streams([one, other], position=0) == []
    assert await ledger.streams([]) == []


async def test_a_ledger_knows_how_far_it_was_at_an_instant(ledger: Ledger) -> None:
    async def stood(instant: datetime) -> tuple[int, int]:
        found = await ledger.stood_at(instant)
        assert found.reached == list((await ledger.head()).reached)
        for last in await ledger.at([found.position]):
            assert (found.epoch, found.recorded) == (last.epoch, last.recorded)
        return found.position, found.head

    nothing = await ledger.stood_at(datetime.now(UTC))
    assert (nothing.position, nothing.epoch, nothing.recorded, nothing.head) == (0, 1, None, 0)
    for _ in range(7):
        await ledger.append(a_command(onto(uuid4(), 0)))
    entries = await ledger.feed(after=0, limit=10)
    for entry in entries:
        last = max(e.position for e in entries if e.recorded <= entry.recorded)
        assert await stood(entry.recorded) == (last, 7)
    before = entries[0].recorded - timedelta(microseconds=1)
    assert await stood(before) == (0, 7)
    assert await stood(entries[-1].recorded + timedelta(days=1)) == (7, 7)


async def test_how_far_it_was_is_told_though_clocks_were_ahead_and_were_set_right(
    ledger: Ledger, address: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def append(*, ahead: float = 0) -> None:
        with monkeypatch.context() as clocks:
            # So that seconds are enough for a clock to be taken for set right.
            clocks.setattr("shared.ledger.clocks.TURNED_BACK", timedelta(seconds=ahead or 1))
            if isinstance(ledger, MemoryLedger):
                now = datetime.now(UTC) + timedelta(seconds=ahead)
                clocks.setattr(ledger, "_now", lambda: now)
            elif ahead:
                await _set(address, f"clock_timestamp() + interval '{ahead} seconds'")
            await ledger.append(a_command(onto(uuid4(), 0, count=2)))

    for ahead in (0, 0, 50, 0, 0, 40, 45, 0, 30, 0, 0):
        await append(ahead=ahead)
    entries = await ledger.feed(after=0, limit=100)
    times = [entry.recorded for entry in entries]
    turned_back = [place for place in range(1, 22) if times[place] < times[place - 1]]
    assert turned_back == [6, 14, 18]

    for instant in times:
        for asked in (instant, instant - timedelta(microseconds=1)):
            last = max((e.position for e in entries if e.recorded <= asked), default=0)
            assert (await ledger.stood_at(asked)).position == last


async def _set(address: str | None, recorded: str) -> None:
    connection = await asyncpg.connect(address)
    await connection.execute(f"UPDATE ledger_head SET recorded = {recorded}")
    await connection.close()


# ── what is told of somebody ──────────────────────────────────────────────────────────────────


async def test_the_streams_of_a_person_are_those_under_their_key(ledger: Ledger) -> None:
    person, one, other, somebody = uuid4(), uuid4(), uuid4(), uuid4()
    await ledger.append(a_command(onto(one, 0, key=person), onto(other, 0, key=person)))
    await ledger.append(a_command(onto(somebody, 0, count=2)))
    assert set(await ledger.streams_of(person)) == {one, other}
    assert await ledger.streams_of(somebody) == [somebody]
    assert await ledger.streams_of(uuid4()) == []


async def test_all_is_told_under_whichever_keys_say_something_of_somebody(ledger: Ledger) -> None:
    person, named, blamed, own, silent = (uuid4() for _ in range(5))
    await ledger.append(a_command(onto(silent, 0, count=3)))
    await ledger.append(a_command(onto(named, 0, an_event(f'{{"of":"{person}"}}'.encode()))))
    await ledger.append(a_command(onto(own, 0, count=2), onto(named, 1)))
    because = NewEvent(id=uuid4(), topic="t", meta=f'{{"by":"{person}"}}'.encode(), payload=b"{}")
    await ledger.append(a_command(onto(blamed, 0, because, key=uuid4())))
    told = await ledger.told_of([person, own])
    assert [entry.position for entry in told] == sorted(entry.position for entry in told)
    assert {entry.stream for entry in told} == {named, blamed, own}
    assert len(told) == 5
    assert await ledger.told_of([]) == []

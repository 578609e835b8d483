"""What every key store promises, asked of both: the one in PostgreSQL and its twin in memory."""

import asyncio
from collections.abc import AsyncIterator
from uuid import uuid4

import asyncpg
import pytest

from shared.privacy.keys import KeyStore, MemoryKeyStore, SubjectErased
from shared.privacy.master import MasterKey
from shared.privacy.postgres_keys import PostgresKeyStore


@pytest.fixture(params=["memory", "postgres"])
def address(request: pytest.FixtureRequest) -> str | None:
    return request.getfixturevalue("database") if request.param == "postgres" else None


@pytest.fixture
async def store(address: str | None) -> AsyncIterator[KeyStore]:
    if address is None:
        yield MemoryKeyStore()
    else:
        async with asyncpg.create_pool(address, min_size=1, max_size=4) as pool:
            keys = PostgresKeyStore(pool, MasterKey(bytes(32)))
            await keys.prepare()
            yield keys


async def test_a_subject_nobody_made_a_key_for_has_none(store: KeyStore) -> None:
    assert await store.keys_for([uuid4()]) == {}
    assert await store.keys_for([]) == {}
    assert await store.keys_for([], create=True) == {}


async def test_a_key_is_made_once_and_found_again(store: KeyStore) -> None:
    one, other = uuid4(), uuid4()
    made = await store.keys_for([one, other, one], create=True)
    assert made.keys() == {one, other}
    first, second = made[one], made[other]
    assert first is not None
    assert second is not None
    assert first.secret != second.secret
    for create in (False, True):
        found = (await store.keys_for([one], create=create))[one]
        assert found is not None
        assert found.secret == first.secret


async def test_asking_for_many_gives_those_that_there_are(store: KeyStore) -> None:
    known = uuid4()
    await store.keys_for([known], create=True)
    assert (await store.keys_for([uuid4(), known, uuid4()])).keys() == {known}


async def test_makers_at_the_same_time_get_the_same_key(store: KeyStore) -> None:
    subjects = [uuid4() for _ in range(5)]
    answers = await asyncio.gather(
        *(store.keys_for(subjects[n % 5 :], create=True) for n in range(40))
    )
    secrets = {(s, key.secret) for answer in answers for s, key in answer.items() if key}
    assert len(secrets) == 5


async def test_an_erased_key_is_gone_for_good(store: KeyStore) -> None:
    subject = uuid4()
    await store.keys_for([subject], create=True)
    await store.erase(subject)
    assert await store.keys_for([subject]) == {subject: None}
    with pytest.raises(SubjectErased) as erased:
        await store.keys_for([subject], create=True)
    assert erased.value.code == "SUBJECT_ERASED"
    assert str(subject) in erased.value.message
    assert await store.keys_for([subject]) == {subject: None}


async def test_erasing_is_repeatable_and_touches_nobody_else(store: KeyStore) -> None:
    subject, other = uuid4(), uuid4()
    before = (await store.keys_for([subject, other], create=True))[other]
    assert before is not None
    for _ in range(2):
        await store.erase(subject)
    after = (await store.keys_for([other]))[other]
    assert after is not None
    assert after.secret == before.secret


async def test_erasing_before_there_was_a_key_keeps_one_from_being_made(store: KeyStore) -> None:
    subject = uuid4()
    await store.erase(subject)
    assert await store.keys_for([subject]) == {subject: None}
    with pytest.raises(SubjectErased):
        await store.keys_for([subject], create=True)


async def test_an_erased_subject_does_not_spoil_what_others_ask_at_the_same_time(
    store: KeyStore,
) -> None:
    gone, others = uuid4(), [uuid4() for _ in range(10)]
    await store.erase(gone)
    answers = await asyncio.gather(
        *(store.keys_for([one], create=True) for one in [*others, gone]), return_exceptions=True
    )
    assert isinstance(answers.pop(), SubjectErased)
    assert [isinstance(answer, dict) for answer in answers] == [True] * 10


async def test_a_key_that_another_process_destroyed_is_let_go_once_that_is_known(
    store: KeyStore,
) -> None:
    subject = uuid4()
    await store.keys_for([subject], create=True)
    await store.erase(subject)
    store.forget([subject])
    assert await store.keys_for([subject]) == {subject: None}

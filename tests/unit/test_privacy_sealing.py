"""Sealing: what opens again, and everything that must not."""

import base64
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.privacy.master import MasterKey, WrongMasterKey
from shared.privacy.sealing import DataKey, SealBroken, bound_to, is_sealed, seal, unseal

KEY, OTHER = DataKey.generate(), DataKey.generate()
EVENT = UUID(int=1)
AAD = bound_to(EVENT, "familyName")

json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(json_values)
def test_what_was_sealed_opens_to_the_same(value: object) -> None:
    sealed = seal(value, KEY, AAD)
    assert is_sealed(sealed)
    assert unseal(sealed, KEY, AAD) == value


def test_the_same_text_never_seals_to_the_same() -> None:
    """Or else equal names could be told without any key."""
    assert len({seal("Uwase", KEY, AAD)["sealed"] for _ in range(100)}) == 100


@pytest.mark.parametrize(
    ("key", "aad"),
    [
        (OTHER, AAD),
        (KEY, bound_to(EVENT, "givenNames")),
        (KEY, bound_to(UUID(int=2), "familyName")),
    ],
)
def test_it_opens_with_its_key_and_in_its_place_only(key: DataKey, aad: bytes) -> None:
    with pytest.raises(SealBroken):
        unseal(seal("Uwase", KEY, AAD), key, aad)


@given(st.integers(0, 10**6), st.integers(1, 255))
def test_one_altered_bit_breaks_it(where: int, flip: int) -> None:
    sealed = bytearray(base64.b64decode(seal("Uwase", KEY, AAD)["sealed"]))
    sealed[where % len(sealed)] ^= flip
    with pytest.raises(SealBroken):
        unseal({"sealed": base64.b64encode(sealed).decode()}, KEY, AAD)


@pytest.mark.parametrize("text", ["", "AA==", "not base64!", "é"])
def test_what_never_was_sealed_is_said_to_be_broken(text: str) -> None:
    with pytest.raises(SealBroken):
        unseal({"sealed": text}, KEY, AAD)


def test_a_key_does_not_show_itself() -> None:
    assert KEY.secret.hex() not in repr(KEY)
    assert repr(KEY.secret) not in repr(KEY)


def test_a_key_has_32_bytes() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        DataKey(b"short")


# ── the master key ────────────────────────────────────────────────────────────────────────────

SUBJECT = UUID(int=7)


def test_a_wrapped_key_unwraps_for_its_subject() -> None:
    master = MasterKey(bytes(32))
    wrapped = master.wrap(SUBJECT, KEY)
    assert KEY.secret not in wrapped
    assert master.unwrap(SUBJECT, wrapped, master.id).secret == KEY.secret


def test_a_wrapped_key_does_not_serve_another_subject() -> None:
    master = MasterKey(bytes(32))
    with pytest.raises(SealBroken):
        master.unwrap(UUID(int=8), master.wrap(SUBJECT, KEY), master.id)


def test_another_master_key_is_named_not_shown() -> None:
    master, other = MasterKey(bytes(32)), MasterKey(b"\x01" * 32)
    assert master.id != other.id
    with pytest.raises(WrongMasterKey) as wrong:
        other.unwrap(SUBJECT, master.wrap(SUBJECT, KEY), master.id)
    assert master.id in str(wrong.value)
    assert other.id in str(wrong.value)


def test_it_is_read_as_settings_hold_it() -> None:
    secret = bytes(range(32))
    given_ = base64.b64encode(secret).decode()
    assert MasterKey.from_base64(given_).id == MasterKey(secret).id


@pytest.mark.parametrize("text", ["", "c2hvcnQ=", "no base64"])
def test_a_bad_master_key_is_refused_without_repeating_it(text: str) -> None:
    with pytest.raises(ValueError, match="32 bytes in base64") as refused:
        MasterKey.from_base64(text)
    assert not text or text not in str(refused.value)

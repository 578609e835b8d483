"""Signed notes and checkpoints are C2SP's: its examples, and what is refused and how."""

from datetime import UTC, date, datetime

import pytest

from shared.proof.checkpoints import (
    Checkpoint,
    LogKey,
    must_be_past,
    open_checkpoint,
    origin_of,
    read_checkpoint,
)
from shared.proof.errors import (
    AnotherLog,
    BeforeRestore,
    KeyRetired,
    NoteMalformed,
    NotSigned,
)
from shared.proof.notes import COSIGNATURE, Note, Signer, Verifier, read_note, read_signatures

ORIGIN = "mshauri.local/registry"
LOG = Signer(ORIGIN, bytes(32))
WITNESS = Signer("witness.example/w1", b"\x01" * 32, COSIGNATURE)
TODAY = Checkpoint(ORIGIN, 7, b"\x02" * 32)
KNOWN = LogKey(LOG.verifier)


def test_the_example_of_the_standard_verifies() -> None:
    known = Verifier.of("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k")
    note = read_note(
        "This is an example message.\n\n— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXpp"
        "zi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n".encode()
    )
    assert note.text == "This is an example message.\n"
    assert note.by(known) is not None


def test_a_checkpoint_is_three_lines_and_read_as_it_was_signed() -> None:
    signed = TODAY.signed_by(LOG)
    assert signed.text == f"{ORIGIN}\n7\nAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI=\n"
    assert read_note(signed.encode()) == signed
    found, note = open_checkpoint(signed.encode(), [KNOWN], origin=ORIGIN)
    assert (found, note) == (TODAY, signed)
    assert Verifier.of(LOG.verifier.vkey) == LOG.verifier


def test_a_cosignature_says_when_and_stands_beside_the_logs_own() -> None:
    at = datetime(2026, 3, 1, 8, 30, tzinfo=UTC)
    signed = TODAY.signed_by(LOG)
    both = signed.with_signatures(read_signatures(WITNESS.sign(signed.text, at).line))
    cosigned = read_note(both.encode()).by(WITNESS.verifier)
    assert cosigned is not None
    assert cosigned.stamp == at
    assert both.by(LOG.verifier) is not None
    # Its time is signed as well.
    other = cosigned._replace(blob=b"\x00" * 8 + cosigned.blob[8:])
    with pytest.raises(NoteMalformed, match="does not verify"):
        Note(both.text, (other,)).by(WITNESS.verifier)


def test_any_byte_of_a_checkpoint_altered_is_refused() -> None:
    signed = bytearray(TODAY.signed_by(LOG).encode())
    for at in range(len(signed)):
        altered = signed.copy()
        altered[at] ^= 1
        with pytest.raises((NoteMalformed, NotSigned, AnotherLog)):
            open_checkpoint(bytes(altered), [KNOWN], origin=ORIGIN)


def test_who_is_not_known_has_not_signed() -> None:
    other = Signer(ORIGIN, b"\x09" * 32)
    with pytest.raises(NotSigned) as refused:
        open_checkpoint(TODAY.signed_by(other).encode(), [KNOWN])
    assert refused.value.code == "NOT_SIGNED"
    # Beside a known one it is passed over, as a key's successor is by who does not know it yet.
    assert open_checkpoint(TODAY.signed_by(other, LOG).encode(), [KNOWN])[0] == TODAY


def test_a_checkpoint_of_another_log_is_none_of_this_one() -> None:
    with pytest.raises(AnotherLog) as refused:
        open_checkpoint(TODAY.signed_by(LOG).encode(), [KNOWN], origin=origin_of("a.b", "registry"))
    assert refused.value.code == "ANOTHER_LOG"


def test_a_retired_key_is_believed_of_what_a_witness_saw_before_its_day_alone() -> None:
    retired = LogKey(LOG.verifier, date(2026, 3, 1))
    signed = TODAY.signed_by(LOG)
    before, after = (
        signed.with_signatures([WITNESS.sign(signed.text, datetime(2026, month, 28, tzinfo=UTC))])
        for month in (2, 3)
    )
    for given in (signed, after):
        with pytest.raises(KeyRetired, match="retired on 2026-03-01") as refused:
            open_checkpoint(given.encode(), [retired], witnesses=[WITNESS.verifier])
        assert refused.value.code == "LOG_KEY_RETIRED"
    opened, _ = open_checkpoint(before.encode(), [retired], witnesses=[WITNESS.verifier])
    assert opened == TODAY
    with pytest.raises(KeyRetired):
        open_checkpoint(before.encode(), [retired])
    # While a key changes, both sign.
    successor = Signer(ORIGIN, b"\x09" * 32)
    keys = [retired, LogKey(successor.verifier)]
    assert open_checkpoint(TODAY.signed_by(LOG, successor).encode(), keys)[0] == TODAY


def test_a_checkpoint_from_before_a_restore_is_no_past_of_what_went_on() -> None:
    must_be_past(TODAY, None)
    must_be_past(TODAY, 7)
    with pytest.raises(BeforeRestore, match="only the first 6") as refused:
        must_be_past(TODAY, 6)
    assert refused.value.code == "BEFORE_RESTORE"


@pytest.mark.parametrize(
    "given",
    [
        b"",
        b"no signature\n",
        b"no blank line\n\xe2\x80\x94 a AAAAAAA=\n",
        b"text\n\n\xe2\x80\x94 a AAAAAAA=",
        b"text\n\n- a AAAAAAA=\n",
        b"text\n\n\xe2\x80\x94 a b AAAAAAA=\n",
        b"text\n\n\xe2\x80\x94 a+b AAAAAAA=\n",
        b"text\n\n\xe2\x80\x94 a AAAA\n",
        b"text\n\n\xe2\x80\x94 a AAAAAAB=\n",
        b"te\xffxt\n\n\xe2\x80\x94 a AAAAAAA=\n",
        b"te\rxt\n\n\xe2\x80\x94 a AAAAAAA=\n",
        b"text\n\n" + b"\xe2\x80\x94 a AAAAAAA=\n" * 65,
        b"x" * 1_000_001,
    ],
)
def test_what_is_no_note_is_said_to_be_none(given: bytes) -> None:
    with pytest.raises(NoteMalformed) as refused:
        read_note(given)
    assert refused.value.code == "NOTE_MALFORMED"


@pytest.mark.parametrize(
    "text",
    [
        "a\n",
        "a\n1\n",
        "\n1\nAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI=\n",
        "a\n01\nAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI=\n",
        "a\n-1\nAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI=\n",
        "a\n1\nAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgJ=\n",
        "a\n1\nAgIC\n",
        "a\n1\nAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI=\n\nmore\n",
    ],
)
def test_a_note_that_is_no_checkpoint_is_said_to_be_none(text: str) -> None:
    with pytest.raises(NoteMalformed):
        read_checkpoint(text)


@pytest.mark.parametrize(
    "vkey", ["", "a+b", "a+00000000+AA==", LOG.verifier.vkey.replace("l", "k")]
)
def test_what_is_no_verifier_key_is_refused(vkey: str) -> None:
    with pytest.raises(ValueError, match="key"):
        Verifier.of(vkey)


def test_a_later_epochs_log_has_a_name_of_its_own() -> None:
    assert origin_of("mshauri.local", "registry") == ORIGIN
    assert origin_of("mshauri.local", "registry", 2) == "mshauri.local/registry/2"
    with pytest.raises(ValueError, match="names no key"):
        Signer("a b", bytes(32))

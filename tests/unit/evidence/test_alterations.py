"""Whatever is altered in a bundle or in a log's directory is found, and told where it is."""

import asyncio
import json
import shutil
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from random import Random

import pytest

from shared.evidence import mshauri_verify
from shared.evidence.bundle import seal_text
from shared.evidence.mshauri_verify import (
    BROKEN,
    EVENTS,
    FAILS,
    GENUINE,
    MANIFEST,
    SIGNATURE,
    Judgement,
    Key,
    judge,
    read_keys,
    unzipped,
    zipped,
)
from shared.proof.notes import Note
from tests.support.evidence import SEED, WRONG_SEED, a_bundle, a_directory, signer, trusted

BYTES, REWRITTEN, EVENT_WISE, IN_LOGS = 300, 300, 200, 200
SERVICES = ("registry", "sessions")


@pytest.fixture(scope="module")
def bundle() -> bytes:
    return asyncio.run(a_bundle())


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> list[Key]:
    file = tmp_path_factory.mktemp("keys") / "keys.txt"
    file.write_text(trusted(*SERVICES))
    return read_keys(file)


def judged(path: Path, data: bytes, keys: list[Key]) -> Judgement:
    path.write_bytes(data)
    return judge(path, keys)


def must_be_named(found: Judgement, what: str) -> None:
    """Hold that it is refused as wrong, in sentences that say where."""
    assert found.verdict == BROKEN, f"{what}: {found.verdict}"
    wrong = [one for one in found.found if one.grade == FAILS]
    assert wrong, what
    assert all(one.says.endswith(".") and one.where and one.code for one in wrong), what


def with_another(random: Random, byte: int) -> int:
    return byte ^ random.randrange(1, 256)


def test_what_nobody_altered_is_genuine(bundle: bytes, keys: list[Key], tmp_path: Path) -> None:
    assert judged(tmp_path / "a.zip", bundle, keys).verdict == GENUINE


def test_one_byte_anywhere_in_a_bundle(bundle: bytes, keys: list[Key], tmp_path: Path) -> None:
    random = Random(12)
    for _ in range(BYTES):
        at = random.randrange(len(bundle))
        altered = bytearray(bundle)
        altered[at] = with_another(random, altered[at])
        must_be_named(judged(tmp_path / "a.zip", bytes(altered), keys), f"byte {at}")


def test_every_byte_of_how_the_archive_is_written(
    bundle: bytes, keys: list[Key], tmp_path: Path
) -> None:
    files = unzipped(bundle)
    contents = sum(map(len, files.values()))
    begins = 0
    spots: list[int] = []
    for name, content in files.items():
        spots += range(begins, begins + 30 + len(name))
        begins += 30 + len(name) + len(content)
    spots += range(begins, len(bundle))
    assert len(spots) == len(bundle) - contents
    random = Random(3)
    for at in spots:
        altered = bytearray(bundle)
        altered[at] = with_another(random, altered[at])
        must_be_named(judged(tmp_path / "a.zip", bytes(altered), keys), f"byte {at}")


def test_one_byte_of_a_file_in_an_archive_that_was_written_anew(
    bundle: bytes, keys: list[Key], tmp_path: Path
) -> None:
    """No checksum of the archive's tells: what is wrong is told by what stands in it."""
    random = Random(21)
    names = list(unzipped(bundle))
    for number in range(REWRITTEN):
        files = unzipped(bundle)
        name = names[number % len(names)]
        content = bytearray(files[name])
        at = random.randrange(len(content))
        content[at] = with_another(random, content[at])
        files[name] = bytes(content)
        found = judged(tmp_path / "a.zip", zipped(files), keys)
        must_be_named(found, f"{name}, byte {at}")
        assert any(name in one.says for one in found.found if one.grade == FAILS)


Change = Callable[[Random, list[bytes]], None]


def drop(random: Random, lines: list[bytes]) -> None:
    del lines[random.randrange(len(lines))]


def double(random: Random, lines: list[bytes]) -> None:
    lines.insert(random.randrange(len(lines)), random.choice(lines))


def swap(random: Random, lines: list[bytes]) -> None:
    one, other = random.sample(range(len(lines)), 2)
    lines[one], lines[other] = lines[other], lines[one]


def rewrite(random: Random, lines: list[bytes]) -> None:
    at = random.randrange(len(lines))
    told = json.loads(lines[at])
    told["statement"] = (
        told["statement"].replace("version 1", "version 2").replace("epoch", "Epoch")
    )
    lines[at] = json.dumps(told).encode() + b"\n"


def restate(random: Random, lines: list[bytes]) -> None:
    """Say that it was recorded in another epoch: all that stands in the bundle agrees with it."""
    at = random.randrange(len(lines))
    lines[at] = lines[at].replace(b"\\nepoch 1\\n", b"\\nepoch 2\\n")


def changed(bundle: bytes, random: Random, change: Change, seed: bytes | None) -> bytes:
    """Return a bundle with other events, its manifest made anew, and signed anew with a key."""
    files = unzipped(bundle)
    lines = files[EVENTS].splitlines(keepends=True)
    change(random, lines)
    files[EVENTS] = b"".join(lines)
    manifest = json.loads(files[MANIFEST])
    manifest["files"][EVENTS] = sha256(files[EVENTS]).hexdigest()
    withheld = sum(b'"withheld"' in line for line in lines)
    manifest["events"] = {"disclosed": len(lines) - withheld, "withheld": withheld}
    files[MANIFEST] = json.dumps(manifest).encode()
    if seed is not None:
        text = seal_text(sha256(files[MANIFEST]).digest())
        files[SIGNATURE] = Note(text, (signer(SERVICES[0], seed).sign(text),)).encode()
    return zipped(files)


NAMED: dict[Change, str] = {
    drop: "EVENT_DROPPED",
    double: "EVENT_DOUBLED",
    swap: "OUT_OF_ORDER",
    rewrite: "NO_STATEMENT",
    restate: "NOT_INCLUDED",
}


@pytest.mark.parametrize("seed", [None, WRONG_SEED, SEED], ids=["unsigned", "wrong key", "own key"])
@pytest.mark.parametrize("change", NAMED, ids=lambda change: change.__name__)
def test_an_event_dropped_doubled_swapped_or_rewritten(
    bundle: bytes, keys: list[Key], tmp_path: Path, change: Change, seed: bytes | None
) -> None:
    """Even whoever has the key cannot: the log's own proofs are against it."""
    random = Random(7)
    for _ in range(EVENT_WISE // 12 + 1):
        found = judged(tmp_path / "a.zip", changed(bundle, random, change, seed), keys)
        must_be_named(found, change.__name__)
        codes = {one.code for one in found.found if one.grade == FAILS}
        assert NAMED[change] in codes
        if seed is not SEED:
            assert codes & {"MANIFEST_ALTERED", "WRONG_KEY"}


def test_a_signature_that_is_written_in_another_way(keys: list[Key], tmp_path: Path) -> None:
    """The last character stands for four bits, and two more that nobody reads."""
    whole = asyncio.run(a_directory(tmp_path / "whole", entries=3))
    note = (whole / "checkpoint").read_text()
    assert note.endswith("=\n")
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    other = letters[letters.index(note[-3]) ^ 1]
    altered = tmp_path / "checkpoint"
    found = judged(altered, f"{note[:-3]}{other}=\n".encode(), keys)
    must_be_named(found, "the last character")


def test_one_byte_anywhere_in_a_log(
    keys: list[Key], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mshauri_verify, "PAUSES", (0.0, 0.0))  # nobody writes it meanwhile
    whole = asyncio.run(a_directory(tmp_path / "whole", entries=300))
    assert judge(whole, keys).verdict == GENUINE
    files = sorted(path.relative_to(whole) for path in whole.rglob("*") if path.is_file())
    random = Random(4)
    for number in range(IN_LOGS):
        # Each file in turn: most bytes are in the entries.
        file = files[number % len(files)]
        altered = tmp_path / "altered"
        shutil.rmtree(altered, ignore_errors=True)
        shutil.copytree(whole, altered)
        data = bytearray((altered / file).read_bytes())
        at = random.randrange(len(data))
        data[at] = with_another(random, data[at])
        (altered / file).write_bytes(data)
        must_be_named(judge(altered, keys), f"{file}, byte {at}")

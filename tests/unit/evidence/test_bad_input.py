"""What cannot be judged is said to be so, with a code: it is neither right nor wrong."""

import ast
import asyncio
import json
import shutil
import subprocess
import sys
import threading
from collections.abc import Sequence
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from random import Random

import pytest
from msgspec.structs import replace

from shared.evidence import mshauri_verify
from shared.evidence.bundle import seal_text
from shared.evidence.mshauri_verify import (
    BROKEN,
    CONSISTENT,
    GENUINE,
    MANIFEST,
    SIGNATURE,
    UNKNOWN,
    Judgement,
    Key,
    judge,
    main,
    read_key,
    unzipped,
    zipped,
)
from shared.ledger import Entry
from shared.ledger.memory import MemoryLedger
from shared.proof.notes import COSIGNATURE, Note, Signer, read_note
from tests.support.evidence import (
    PERSON,
    SEED,
    WRONG_SEED,
    a_bundle,
    a_directory,
    a_ledger,
    checkpoint_of,
    signer,
    trusted,
    write_log,
)

WITNESS = Signer("witness.made.up", bytes(range(2, 34)), COSIGNATURE)
FILE = Path(mshauri_verify.__file__)


@pytest.fixture(scope="module")
def bundle() -> bytes:
    return asyncio.run(a_bundle())


@pytest.fixture
def keys() -> list[Key]:
    return [read_key(signer(service).verifier.vkey) for service in ("registry", "sessions")]


def at(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def codes(found: Judgement) -> set[str]:
    return {one.code for one in found.found} - {"HOLDS", "NOTE"}


def entries_of(service: str, many: int) -> list[Entry]:
    async def made() -> list[Entry]:
        return await (await a_ledger(service, many)).feed(after=0, limit=many)

    return asyncio.run(made())


def signed_anew(files: dict[str, bytes], manifest: dict[str, object]) -> bytes:
    files[MANIFEST] = json.dumps(manifest).encode()
    text = f"{manifest['format']}\n{sha256(files[MANIFEST]).hexdigest()}\n"
    files[SIGNATURE] = Note(text, (signer("registry").sign(text),)).encode()
    return zipped(files)


def test_a_bundle_that_was_cut_short(bundle: bytes, keys: list[Key], tmp_path: Path) -> None:
    for length in (0, 3, 4, 29, 30, *Random(5).sample(range(31, len(bundle)), 200)):
        found = judge(at(tmp_path / "a.zip", bundle[:length]), keys)
        assert (found.verdict, codes(found)) == (UNKNOWN, {"CUT_SHORT"}), length


def test_a_bundle_of_another_ledger(bundle: bytes, tmp_path: Path) -> None:
    others = [read_key(Signer("another.made.up/registry", SEED).verifier.vkey)]
    found = judge(at(tmp_path / "a.zip", bundle), others)
    assert (found.verdict, codes(found)) == (UNKNOWN, {"ANOTHER_LOG"})


def test_a_bundle_of_a_newer_format(bundle: bytes, keys: list[Key], tmp_path: Path) -> None:
    files = unzipped(bundle)
    manifest = json.loads(files[MANIFEST]) | {"format": "mshauri.evidence/2", "what": "is new"}
    found = judge(at(tmp_path / "a.zip", signed_anew(files, manifest)), keys)
    assert (found.verdict, codes(found)) == (UNKNOWN, {"NEWER_FORMAT"})


def test_a_bundle_signed_by_a_key_that_was_retired(bundle: bytes, tmp_path: Path) -> None:
    lines = trusted("registry", "sessions", retired="2024-01-01").splitlines()[1:]
    found = judge(at(tmp_path / "a.zip", bundle), [read_key(line) for line in lines])
    assert (found.verdict, codes(found)) == (UNKNOWN, {"LOG_KEY_RETIRED"})


@pytest.mark.parametrize(
    ("seen", "verdict"), [("2023-12-31", GENUINE), ("2024-01-01", UNKNOWN), (None, UNKNOWN)]
)
def test_a_checkpoint_by_a_retired_key_holds_if_a_witness_saw_it_before(
    tmp_path: Path, seen: str | None, verdict: str
) -> None:
    note = read_note(checkpoint_of(entries_of("registry", 9), signer("registry")))
    if seen:
        moment = datetime.fromisoformat(seen).replace(tzinfo=UTC)
        note = note.with_signatures([WITNESS.sign(note.text, moment)])
    known = [trusted("registry", retired="2024-01-01").splitlines()[1], WITNESS.verifier.vkey]
    found = judge(at(tmp_path / "c.txt", note.encode()), [read_key(key) for key in known])
    assert found.verdict == verdict


def test_a_witness_that_did_not_cosign_what_it_is_said_to_have(tmp_path: Path) -> None:
    note = read_note(checkpoint_of(entries_of("registry", 9), signer("registry")))
    other = WITNESS.sign(note.text.replace("9", "8"), datetime(2024, 1, 1, tzinfo=UTC))
    known = [signer("registry").verifier.vkey, WITNESS.verifier.vkey]
    altered = note.with_signatures([other]).encode()
    found = judge(at(tmp_path / "c.txt", altered), [read_key(key) for key in known])
    assert (found.verdict, codes(found)) == (BROKEN, {"BAD_COSIGNATURE"})


def test_without_keys_it_is_consistent_and_no_more(bundle: bytes, tmp_path: Path) -> None:
    found = judge(at(tmp_path / "a.zip", bundle))
    assert (found.verdict, found.exit_code) == (CONSISTENT, 2)


def test_a_bundle_that_somebody_else_made_whole(keys: list[Key], tmp_path: Path) -> None:
    forged = at(tmp_path / "a.zip", asyncio.run(a_bundle(seed=WRONG_SEED)))
    found = judge(forged, keys)
    assert (found.verdict, codes(found)) == (BROKEN, {"WRONG_KEY"})


def test_a_note_that_is_signed_by_two(bundle: bytes, keys: list[Key], tmp_path: Path) -> None:
    files = unzipped(bundle)
    text = seal_text(sha256(files[MANIFEST]).digest())
    note = Note(text, tuple(signer(name).sign(text) for name in ("registry", "sessions")))
    found = judge(at(tmp_path / "a.zip", zipped(files | {SIGNATURE: note.encode()})), keys)
    assert (found.verdict, codes(found)) == (BROKEN, {"NO_NOTE"})


@pytest.mark.parametrize("kept", [1, 20, 33, 60, 61])
def test_a_checkpoint_that_was_kept(
    bundle: bytes, keys: list[Key], tmp_path: Path, kept: int
) -> None:
    entries = entries_of("registry", 61)[:kept]
    note = at(tmp_path / "kept.txt", checkpoint_of(entries, signer("registry")))
    found = judge(at(tmp_path / "a.zip", bundle), keys, [note])
    # It has a proof since 20 and is itself of 60; of others, another bundle is asked for.
    verdict = {20: GENUINE, 60: GENUINE, 61: BROKEN}.get(kept, UNKNOWN)
    code = {20: set(), 60: set(), 61: {"SHRUNK"}}.get(kept, {"NO_PROOF"})
    assert (found.verdict, codes(found)) == (verdict, code)


def test_a_log_whose_past_is_another(bundle: bytes, keys: list[Key], tmp_path: Path) -> None:
    other = entries_of("sessions", 20)
    note = at(tmp_path / "kept.txt", checkpoint_of(other, signer("registry")))
    found = judge(at(tmp_path / "a.zip", bundle), keys, [note])
    assert (found.verdict, codes(found)) == (BROKEN, {"NOT_CONSISTENT"})


def test_what_was_changed_before_it_was_sealed_breaks_its_records_chain(
    keys: list[Key], tmp_path: Path
) -> None:
    def change(ledger: MemoryLedger) -> None:
        one = next(e for e in ledger._entries if e.stream == PERSON and e.version == 2)
        changed = one.payload.replace(b'"count":', b'"count":9')
        ledger._entries[one.position - 1] = replace(one, payload=changed)

    forged = asyncio.run(a_bundle(before_it_is_sealed=change, since=0))
    found = judge(at(tmp_path / "a.zip", forged), keys)
    assert (found.verdict, codes(found)) == (BROKEN, {"CHAIN_BROKEN"})


def test_a_checkpoint_from_before_a_restore(tmp_path: Path) -> None:
    entries = entries_of("registry", 9)
    second = Signer(f"{signer('registry').verifier.name}/2", SEED)
    old = at(tmp_path / "old.txt", checkpoint_of(entries, signer("registry")))
    new = at(tmp_path / "new.txt", checkpoint_of(entries[:5], second))
    known = [read_key(one.verifier.vkey) for one in (signer("registry"), second)]
    found = judge(new, known, [old])
    assert (found.verdict, codes(found)) == (BROKEN, {"BEFORE_RESTORE"})


def test_a_directory_goes_on_from_a_checkpoint_that_was_kept(
    keys: list[Key], tmp_path: Path
) -> None:
    log = asyncio.run(a_directory(tmp_path / "log"))
    entries = entries_of("registry", 300)
    kept = at(tmp_path / "kept.txt", checkpoint_of(entries, signer("registry")))
    assert judge(log, keys, [kept]).verdict == GENUINE
    kept.write_bytes(checkpoint_of(entries[:299] + entries[:1], signer("registry")))
    found = judge(log, keys, [kept])
    assert (found.verdict, codes(found)) == (BROKEN, {"NOT_CONSISTENT"})


def test_a_directory_that_is_written_while_it_is_read(keys: list[Key], tmp_path: Path) -> None:
    entries = entries_of("registry", 900)
    log = tmp_path / "log"
    write_log(log, entries[:250], signer("registry"))
    written = threading.Event()

    def write() -> None:
        for size in range(260, 900, 40):
            write_log(log, entries[:size], signer("registry"))
            if size > 300:  # what was partial is whole: the parts go
                shutil.rmtree(log / "tile" / "0" / "000.p", ignore_errors=True)
                shutil.rmtree(log / "tile" / "entries" / "000.p", ignore_errors=True)
        written.set()

    writer = threading.Thread(target=write)
    writer.start()
    verdicts = set()
    while not written.is_set():
        verdicts.add(judge(log, keys).verdict)
    writer.join()
    assert verdicts <= {GENUINE, UNKNOWN}
    assert judge(log, keys).verdict == GENUINE


def test_a_log_without_one_of_its_tiles(keys: list[Key], tmp_path: Path) -> None:
    log = asyncio.run(a_directory(tmp_path / "log"))
    (log / "tile" / "0" / "001").unlink()
    found = judge(log, keys)
    assert (found.verdict, codes(found)) == (BROKEN, {"TILE_MISSING"})


def test_a_file_of_keys_that_is_none(bundle: bytes, tmp_path: Path) -> None:
    file = at(tmp_path / "a.zip", bundle)
    keys = tmp_path / "keys.txt"
    for text in ("", "made.up/registry+00000000+AAAA\n", "not a key\n"):
        keys.write_text(text)
        assert main([str(file), "--trust", str(keys)]) == 2
    assert main([str(file), "--trust", str(tmp_path / "nowhere")]) == 2


def run(arguments: Sequence[str], cwd: Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-I", "mshauri_verify.py", *arguments],
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
    )


def test_it_is_one_file_that_runs_alone(bundle: bytes, tmp_path: Path) -> None:
    """Copied to a laptop, with nothing but the standard library and `cryptography`."""
    imported = {
        (node.module or "") if isinstance(node, ast.ImportFrom) else node.names[0].name
        for node in ast.walk(ast.parse(FILE.read_text()))
        if isinstance(node, ast.Import | ast.ImportFrom)
    }
    foreign = {name.partition(".")[0] for name in imported} - set(sys.stdlib_module_names)
    assert foreign == {"cryptography"}
    shutil.copy(FILE, tmp_path)
    at(tmp_path / "a.zip", bundle)
    (tmp_path / "keys.txt").write_text(trusted("registry", "sessions"))
    right = run(["a.zip", "--trust", "keys.txt"], tmp_path)
    assert (right.returncode, right.stderr) == (0, "")
    assert right.stdout.splitlines()[-1].startswith("It is genuine")
    at(tmp_path / "b.zip", bundle[:-1] + b"\x01")
    wrong = run(["b.zip", "--trust", "keys.txt", "--json"], tmp_path)
    told = json.loads(wrong.stdout)
    assert (wrong.returncode, told["verdict"], told["exitCode"]) == (1, BROKEN, 1)
    assert run(["nowhere.zip"], tmp_path).returncode == 2

#!/usr/bin/env python3
"""mshauri-verify: does this evidence hold? It runs offline, and asks nobody.

    mshauri-verify evidence.zip --trust keys.txt       a bundle that an auditor was given
    mshauri-verify certificate.zip --trust keys.txt    what proves a certificate
    mshauri-verify log/registry --trust keys.txt       a log as a directory of tiles
    mshauri-verify checkpoint.txt --trust keys.txt     a checkpoint alone
    mshauri-verify newer.txt --since older.txt --proof proof.txt --trust keys.txt

`--since` names a checkpoint that you kept: whatever is judged must continue it. For two checkpoints
alone, `--proof` is the consistency proof of RFC 6962, a hash in base64 a line.

It says in words what holds, what does not and where, and ends with

    0   it holds, and is signed by keys that you trust
    1   something does not hold
    2   it cannot be judged: no key that you trust, a newer format, cut short, unreadable

This is one file on purpose, to be read by whoever relies on it: all it needs is Python 3.11 and the
package `cryptography`. It shares no code with what makes the evidence.

The formats: entries are statements of eight lines (`Statement`), leaves of the Merkle tree of RFC
6962; checkpoints and seals are signed notes of C2SP (Ed25519), cosigned by witnesses (C2SP
tlog-cosignature); a log's directory is that of C2SP tlog-tiles; a bundle is a ZIP archive that can
be written in one way only (`zipped`), whose `signature` signs its `manifest.json`, which has the
SHA-256 of every other file.

A file of trusted keys has a key a line, `name+id+key` as C2SP has them, and after a retired one its
day: `name+id+key retired 2026-03-01`. Lines that begin with # say nothing. What an installation
publishes at `/log/keys` is such a file, too: worth what the way is worth by which you came by it.
"""

import argparse
import base64
import binascii
import json
import re
import struct
import sys
import time
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

try:
    from cryptography.exceptions import InvalidSignature, InvalidTag
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM
except ImportError:  # pragma: no cover
    sys.exit("mshauri-verify needs the package cryptography: python3 -m pip install cryptography")

FORMAT = "mshauri.evidence/1"
MANIFEST, SIGNATURE = "manifest.json", "signature"
EVENTS, PROOFS, KEYS, RULES = "events.jsonl", "proofs.json", "keys.json", "rules.json"
NEEDED = (EVENTS, PROOFS, KEYS, RULES)

HOLDS, FAILS, UNJUDGED = 0, 1, 2
GENUINE, CONSISTENT, BROKEN, UNKNOWN = "GENUINE", "CONSISTENT", "BROKEN", "UNJUDGED"

TOLD = 20
"""Failures of one kind that are told one by one."""


# ── what is found ──────────────────────────────────────────────────────────────────────────────


class Broken(Exception):
    """Something does not hold: its code, where, and a sentence."""

    def __init__(self, code: str, where: str, says: str) -> None:
        super().__init__(says)
        self.code, self.where, self.says = code, where, says


class Unjudged(Broken):
    """Something that cannot be judged: not wrong, and not right either."""


class Newer(Unjudged):
    """All of it is of a newer format: nothing in it can be judged."""


class Found(NamedTuple):
    """One finding; `grade` is what it would be the exit code of, None of what is only said."""

    grade: int | None
    code: str
    where: str
    says: str


@dataclass
class Judgement:
    """Everything that was found."""

    of: str
    found: list[Found] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)
    trusted: bool = False

    def holds(self, where: str, says: str) -> None:
        """Say what holds."""
        self.found.append(Found(HOLDS, "HOLDS", where, says))

    def note(self, where: str, says: str) -> None:
        """Say what decides nothing."""
        self.found.append(Found(None, "NOTE", where, says))

    def fails(self, problem: Broken) -> None:
        """Say what does not hold, or cannot be judged."""
        grade = UNJUDGED if isinstance(problem, Unjudged) else FAILS
        self.found.append(Found(grade, problem.code, problem.where, problem.says))

    @contextmanager
    def going_on(self, where: str) -> Iterator[None]:
        """Look at a part; whatever is wrong with it, the next one is looked at, too."""
        try:
            yield
        except Newer:
            raise
        except Broken as problem:
            self.fails(problem)
        except (TypeError, KeyError, ValueError, AttributeError, OverflowError, RecursionError):
            self.fails(Broken("MALFORMED", where, f"{where} is not as it must be: it was altered."))

    @property
    def broken(self) -> bool:
        """Whether something does not hold."""
        return any(one.grade == FAILS for one in self.found)

    @property
    def unjudged(self) -> bool:
        """Whether something cannot be judged."""
        return any(one.grade == UNJUDGED for one in self.found)

    @property
    def verdict(self) -> str:
        """All of it in a word."""
        if self.broken:
            return BROKEN
        if self.unjudged:
            return UNKNOWN
        return GENUINE if self.trusted else CONSISTENT

    @property
    def exit_code(self) -> int:
        """Return 0 for nothing but what is genuine."""
        return {GENUINE: HOLDS, BROKEN: FAILS}.get(self.verdict, UNJUDGED)

    @property
    def sentence(self) -> str:
        """All of it in a sentence."""
        return {
            GENUINE: "It is genuine: all of it holds, signed by keys that you trust.",
            CONSISTENT: "It is consistent with itself. Its keys were not checked against any that "
            "you trust: whether it is genuine, only --trust tells.",
            BROKEN: "It does not hold. What is wrong is named above; rely on none of it.",
            UNKNOWN: "It cannot be judged. Why is said above.",
        }[self.verdict]


def each_told(judged: Judgement, problems: Sequence[Broken]) -> None:
    """Tell the first of many failures, and how many more there are."""
    for problem in problems[:TOLD]:
        judged.fails(problem)
    if len(problems) > TOLD:
        more = len(problems) - TOLD
        judged.fails(Broken(problems[0].code, problems[0].where, f"… and {more} more like these."))


# ── bytes and texts ────────────────────────────────────────────────────────────────────────────


def unbase64(text: Any) -> bytes:
    """Decode base64 that can be written in one way only.

    Raises:
        ValueError: it is another way of writing it, or none.
    """
    if not isinstance(text, str):
        raise ValueError("no base64")
    try:
        raw = base64.b64decode(text, validate=True)
    except binascii.Error:
        raise ValueError("no base64") from None
    if base64.b64encode(raw).decode() != text:
        raise ValueError("no base64 as it is written")
    return raw


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice in an object")
    return found


def from_json(data: bytes, where: str) -> Any:
    """Read JSON in which no name stands twice.

    Raises:
        Broken: it is none.
    """
    try:
        return json.loads(data.decode(), object_pairs_hook=_once)
    except (ValueError, RecursionError):
        raise Broken("MALFORMED", where, f"{where} is no JSON that can be read.") from None


def is_newer(format: Any, known: str) -> bool:
    """Say whether a format is a later one of the same name."""
    name, _, number = known.rpartition("/")
    found = re.fullmatch(re.escape(name) + r"/([1-9][0-9]{0,8})", str(format))
    return found is not None and int(found[1]) > int(number)


# ── a ZIP archive that can be written in one way only ──────────────────────────────────────────

_LOCAL, _CENTRAL, _END = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
_DAY = (0, 0x21)  # midnight, 1 January 1980: the archive says nothing of when it was made
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]*(/[a-z0-9][a-z0-9._-]*)*")


def zipped(files: Mapping[str, bytes]) -> bytes:
    """Return these files as an archive: stored as they are, in their order, nothing else in it."""
    parts, index, at = [], [], 0
    for name, content in files.items():
        raw = name.encode()
        common = struct.pack(
            "<HHHHHIIIHH",
            20, 0, 0, *_DAY, zlib.crc32(content), len(content), len(content), len(raw), 0,
        )  # fmt: skip
        parts += [_LOCAL, common, raw, content]
        index.append(
            _CENTRAL
            + struct.pack("<H", 3 << 8 | 20)
            + common
            + struct.pack("<HHHII", 0, 0, 0, 0o100644 << 16, at)
            + raw
        )
        at += 30 + len(raw) + len(content)
    directory = b"".join(index)
    end = struct.pack("<HHHHIIH", 0, 0, len(files), len(files), len(directory), at, 0)
    return b"".join((*parts, directory, _END, end))


def unzipped(data: bytes) -> dict[str, bytes]:
    """Return the files of an archive that `zipped` wrote.

    Raises:
        Unjudged: it was cut short.
        Broken: a byte is not as it must be; it is told which.
    """
    if _LOCAL.startswith(data[:4]) and len(data) < 4:
        raise _ends_early(data, None)
    files: dict[str, bytes] = {}
    at = 0
    while data[at : at + 4] == _LOCAL:
        end, size = at + 30, 0
        if end <= len(data):
            size, length = struct.unpack_from("<IH", data, at + 22)
            end += length
        if end + size > len(data) or at + 30 > len(data):
            raise _ends_early(data, next(reversed(files), None))
        try:
            name = data[at + 30 : end].decode()
        except UnicodeDecodeError:
            name = ""
        if not _NAME.fullmatch(name) or name in files:
            raise _altered(at + 30, "the name of a file")
        files[name] = data[end : end + size]
        at = end + size
    whole = zipped(files)
    if data == whole:
        return files
    if files and len(data) < len(whole) and whole.startswith(data):
        raise _ends_early(data, None)
    raise _altered(*_first_difference(data, whole, files))


def _ends_early(data: bytes, after: str | None) -> Broken:
    if data[-22:-18] == _END:  # its end is there, so nothing is missing: something in it is wrong
        return _altered(0, f"what follows {after}" if after else "its beginning")
    where = f"after {after}" if after else "in its last part"
    return Unjudged("CUT_SHORT", "the file", f"The file was cut short {where}: get it once more.")


def _altered(at: int, what: str) -> Broken:
    return Broken("ALTERED", what, f"The archive was altered at or after byte {at:,}, in {what}.")


def _first_difference(data: bytes, whole: bytes, files: Mapping[str, bytes]) -> tuple[int, str]:
    pairs = zip(data, whole, strict=False)
    at = next((i for i, (one, other) in enumerate(pairs) if one != other), len(whole))
    begins = 0
    for name, content in files.items():
        ends = begins + 30 + len(name.encode()) + len(content)
        if at < ends:
            return at, name
        begins = ends
    return at, "the list of files at its end" if at < len(whole) else "what was put behind its end"


# ── signed notes, and who is trusted ───────────────────────────────────────────────────────────

ED25519, COSIGNATURE = 1, 4


@dataclass(frozen=True)
class Key:
    """A public key by its name. `retired`: the day since which it signs nothing."""

    name: str
    id: bytes
    kind: int
    public: bytes
    retired: date | None = None

    def verifies(self, signature: bytes, text: str) -> bool:
        """Say whether it signed that text."""
        signed = text.encode()
        if self.kind == COSIGNATURE:
            if len(signature) != 72:
                return False
            seconds = int.from_bytes(signature[:8], "big")
            signed = f"cosignature/v1\ntime {seconds}\n{text}".encode()
            signature = signature[8:]
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, signed)
        except (InvalidSignature, ValueError):
            return False
        return True


def read_key(text: str) -> Key:
    """Read a key as `name+id+base64`, with `retired` and a day behind it where it is.

    Raises:
        ValueError: it is none, or its id is not its own.
    """
    vkey, *more = text.split()
    name, id, encoded = [*vkey.split("+", 2), "", ""][:3]
    raw = unbase64(encoded)
    key_id = sha256(name.encode() + b"\n" + raw).digest()[:4]
    if len(raw) != 33 or raw[0] not in (ED25519, COSIGNATURE) or key_id.hex() != id:
        raise ValueError("no key")
    retired = None
    if more:
        if len(more) != 2 or more[0] != "retired":
            raise ValueError("no key")
        retired = date.fromisoformat(more[1])
    return Key(name, key_id, raw[0], raw[1:], retired)


def read_keys(path: Path) -> list[Key]:
    """Read a file of trusted keys.

    Raises:
        Unjudged: it cannot be read; its line is named.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as problem:
        raise Unjudged("NO_KEYS", str(path), f"{path} cannot be read: {problem}.") from None
    keys = []
    if lines and lines[0].startswith("{"):
        lines = list(_published("\n".join(lines), path))
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        try:
            keys.append(read_key(line))
        except ValueError:
            where = f"{path}, line {number}"
            raise Unjudged("NO_KEYS", where, f"{where}: this is no public key.") from None
    if not keys:
        raise Unjudged("NO_KEYS", str(path), f"{path} has no key in it.")
    return keys


def _published(text: str, path: Path) -> Iterator[str]:
    """Yield the keys of what an installation publishes at `/log/keys`, as lines."""
    try:
        told = json.loads(text)
        for log in told["logs"]:
            for key in log["keys"]:
                retired = key.get("retired")
                yield f"{key['vkey']} retired {retired[:10]}" if retired else key["vkey"]
        yield from told["witnesses"]
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError):
        raise Unjudged("NO_KEYS", str(path), f"{path} tells no keys of logs.") from None


class Signed(NamedTuple):
    """A line below a note."""

    name: str
    key_id: bytes
    signature: bytes


class Note(NamedTuple):
    """A text and who signed it."""

    text: str
    signatures: list[Signed]


_SIGNED = re.compile(r"— ([^\s+]+) ([A-Za-z0-9+/]+={0,2})")


def read_note(data: bytes, where: str) -> Note:
    """Read a signed note.

    Raises:
        Broken: it is none.
    """
    try:
        text = data.decode()
        body, blank, below = text.rpartition("\n\n")
        if not blank or not below.endswith("\n") or any(c < " " and c != "\n" for c in text):
            raise ValueError("no note")
        signatures = []
        for line in below[:-1].split("\n"):
            found = _SIGNED.fullmatch(line)
            raw = unbase64(found[2]) if found else b""
            if found is None or len(raw) < 5:
                raise ValueError("no signature")
            signatures.append(Signed(found[1], raw[:4], raw[4:]))
    except ValueError:
        raise Broken("NO_NOTE", where, f"{where} is no signed note: it was altered.") from None
    return Note(body + "\n", signatures)


@dataclass
class Trust:
    """The keys that signatures are held against: the reader's own or, for want of any, those that
    the evidence brings with it, which prove that it agrees with itself and nothing more.
    """

    keys: list[Key]
    own: bool

    def signed(self, note: Note, name: str, where: str, judged: Judgement) -> None:
        """Hold a note against the keys of that name.

        Raises:
            Broken: no key that is trusted signed it.
            Unjudged: nothing is known of that name, or its key was retired.
        """
        if not self.own and not self.keys:
            return
        ids = {key.id: key for key in self.keys if key.kind == ED25519}
        by = [(ids[one.key_id], one) for one in note.signatures if one.key_id in ids]
        for key, one in by:
            # By a key that is known, whatever it calls itself here: it must be right.
            if one.name != key.name or not key.verifies(one.signature, note.text):
                says = f"{where}: the signature of {key.name} is wrong."
                raise Broken("BAD_SIGNATURE", where, says)
        by = [(key, one) for key, one in by if key.name == name]
        if not by and name in {key.name for key in ids.values()}:
            says = f"{where} says that {name} signed it, and no key of theirs that is known did."
            raise Broken("WRONG_KEY", where, says)
        if not by:
            others = ", ".join(sorted({key.name for key in ids.values()})) or "none"
            says = f"{where} is signed as {name}, and your keys are of {others}: another ledger."
            raise Unjudged("ANOTHER_LOG", where, says)
        if all(key.retired for key, _ in by):
            day = max(key.retired for key, _ in by if key.retired)
            if not any(at.date() < day for at in self._witnessed(note)):
                raise Unjudged(
                    "LOG_KEY_RETIRED",
                    where,
                    f"{where} is signed by a key of {name} that was retired on {day}, and no "
                    "witness that you trust saw it before: whoever had the key may have made it "
                    "since.",
                )
            judged.note(where, f"{where}: its key was retired on {day}; a witness saw it before.")

    def cosigned(self, note: Note, where: str, judged: Judgement) -> None:
        """Tell which witnesses cosigned a checkpoint.

        Raises:
            Broken: a cosignature by a witness that is trusted is wrong.
        """
        for one in note.signatures:
            for key in self.keys:
                if key.kind == COSIGNATURE and (key.name, key.id) == (one.name, one.key_id):
                    if not key.verifies(one.signature, note.text):
                        says = f"{where}: the cosignature of {key.name} is wrong."
                        raise Broken("BAD_COSIGNATURE", where, says)
                    at = _instant_of(one.signature)
                    judged.holds(where, f"{where}: the witness {key.name} saw it at {at}.")
        known = {(key.name, key.id) for key in self.keys}
        unknown = {one.name for one in note.signatures if (one.name, one.key_id) not in known}
        if unknown and self.keys:
            names = ", ".join(sorted(unknown))
            judged.note(where, f"{where}: of {names} you gave no key; what they signed is unread.")

    def _witnessed(self, note: Note) -> Iterator[datetime]:
        for one in note.signatures:
            for key in self.keys:
                if (
                    key.kind == COSIGNATURE
                    and (key.name, key.id) == (one.name, one.key_id)
                    and key.verifies(one.signature, note.text)
                    and (at := _instant_of(one.signature)) is not None
                ):
                    yield at


def _instant_of(cosignature: bytes) -> datetime | None:
    try:
        return datetime.fromtimestamp(int.from_bytes(cosignature[:8], "big"), UTC)
    except (OverflowError, ValueError, OSError):
        return None


# ── checkpoints ────────────────────────────────────────────────────────────────────────────────


class Checkpoint(NamedTuple):
    """How large a log was, and its root."""

    origin: str
    size: int
    root: bytes
    note: Note


def read_checkpoint(data: bytes, where: str) -> Checkpoint:
    """Read a checkpoint, its signatures not looked at yet.

    Raises:
        Broken: it is none.
    """
    note = read_note(data, where)
    try:
        origin, size, root, *_ = note.text.removesuffix("\n").split("\n")
        if not re.fullmatch(r"0|[1-9][0-9]{0,18}", size) or not origin:
            raise ValueError("no size")
        hash = unbase64(root)
        if len(hash) != 32:
            raise ValueError("no hash")
    except ValueError:
        raise Broken("NO_CHECKPOINT", where, f"{where} is no checkpoint of a log.") from None
    return Checkpoint(origin, int(size), hash, note)


def judged_checkpoint(data: bytes, where: str, trust: Trust, judged: Judgement) -> Checkpoint:
    """Read a checkpoint and say who signed it.

    Raises:
        Broken: it is none, or not signed as it must be.
    """
    found = read_checkpoint(data, where)
    trust.signed(found.note, found.origin, where, judged)
    trust.cosigned(found.note, where, judged)
    by = "signed by its key" if trust.keys else "its signature not checked"
    judged.holds(where, f"{where}: {found.origin}, {found.size:,} entries, {by}.")
    return found


def same_log(one: str, other: str) -> bool:
    """Say whether two origins are of one service; a restored ledger's has its epoch behind it."""
    return _without_epoch(one) == _without_epoch(other)


def _without_epoch(origin: str) -> str:
    return re.sub(r"/[1-9][0-9]*$", "", origin)


def must_continue(old: Checkpoint, new: Checkpoint, proof: Sequence[bytes], where: str) -> None:
    """Hold two checkpoints and a consistency proof (RFC 9162, 2.1.4.2) against each other.

    Raises:
        Broken: the newer log does not have all that the older had.
    """
    if not same_log(old.origin, new.origin):
        says = f"{where}: {old.origin} and {new.origin} are different logs."
        raise Broken("ANOTHER_LOG", where, says)
    if old.size > new.size:
        restored = " before a restore" if old.origin != new.origin else ""
        code = "BEFORE_RESTORE" if restored else "SHRUNK"
        raise Broken(
            code,
            where,
            f"{where}: there were {old.size:,} entries{restored}, and {new.size:,} are there now: "
            "some are gone.",
        )
    problem = Broken(
        "NOT_CONSISTENT",
        where,
        f"{where}: the log of {new.size:,} entries is not shown to go on from the one of "
        f"{old.size:,}. Its past may have been changed.",
    )
    if old.size in (0, new.size):
        if proof or (old.size and old.root != new.root):
            raise problem
        return
    path = list(proof)
    if old.size & (old.size - 1) == 0:
        path.insert(0, old.root)
    if not path:
        raise problem
    at, last = old.size - 1, new.size - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    before = now = path[0]
    for sibling in path[1:]:
        if last == 0:
            raise problem
        if at & 1 or at == last:
            before, now = pair(sibling, before), pair(sibling, now)
            while at and not at & 1:
                at, last = at >> 1, last >> 1
        else:
            now = pair(now, sibling)
        at, last = at >> 1, last >> 1
    if last or before != old.root or now != new.root:
        raise problem


# ── the tree ───────────────────────────────────────────────────────────────────────────────────


def leaf(entry: bytes) -> bytes:
    """Return the hash of an entry (RFC 6962, 2.1)."""
    return sha256(b"\x00" + entry).digest()


def pair(left: bytes, right: bytes) -> bytes:
    """Return the hash of two subtrees side by side."""
    return sha256(b"\x01" + left + right).digest()


def root_of(leaves: Sequence[bytes]) -> bytes:
    """Return the root of a tree."""
    if not leaves:
        return sha256().digest()
    stack: list[tuple[int, bytes]] = []
    for hash in leaves:
        height = 0
        while stack and stack[-1][0] == height:
            hash, height = pair(stack.pop()[1], hash), height + 1
        stack.append((height, hash))
    hash = stack.pop()[1]
    while stack:
        hash = pair(stack.pop()[1], hash)
    return hash


def is_included(index: int, size: int, hash: bytes, proof: Sequence[bytes], root: bytes) -> bool:
    """Say whether an inclusion proof (RFC 9162, 2.1.3.2) leads from a leaf to the root."""
    if not 0 <= index < size:
        return False
    at, last = index, size - 1
    for sibling in proof:
        if last == 0:
            return False
        if at & 1 or at == last:
            hash = pair(sibling, hash)
            while at and not at & 1:
                at, last = at >> 1, last >> 1
        else:
            hash = pair(hash, sibling)
        at, last = at >> 1, last >> 1
    return last == 0 and hash == root


# ── entries ────────────────────────────────────────────────────────────────────────────────────

_STATEMENT = re.compile(
    r"mshauri\.entry\.v1\n"
    r"position ([1-9][0-9]{0,18})\n"
    r"epoch ([1-9][0-9]{0,9})\n"
    r"stream ([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\n"
    r"version ([1-9][0-9]{0,18})\n"
    r"topic ([^\s]+)\n"
    r"recorded (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6})Z\n"
    r"content ([0-9a-f]{64})\n",
    re.ASCII,
)


class Statement(NamedTuple):
    """What a leaf says: where and when an entry stands, and the hash of what it holds."""

    position: int
    epoch: int
    stream: UUID
    version: int
    topic: str
    recorded: datetime
    content: str


def read_statement(text: str, where: str) -> Statement:
    """Read a statement.

    Raises:
        Unjudged: it is of a newer format.
        Broken: it is none.
    """
    found = _STATEMENT.fullmatch(text)
    if found is None:
        if re.match(r"mshauri\.entry\.v([2-9]|[1-9][0-9]+)\n", text):
            says = f"{where}: this statement is of a newer format than this program knows."
            raise Unjudged("NEWER_FORMAT", where, says)
        raise Broken("NO_STATEMENT", where, f"{where}: its statement was altered: it is none.")
    position, epoch, stream, version, topic, recorded, content = found.groups()
    try:
        at = datetime.fromisoformat(recorded).replace(tzinfo=UTC)
    except ValueError:
        raise Broken("NO_STATEMENT", where, f"{where}: its statement has no such day.") from None
    return Statement(int(position), int(epoch), UUID(stream), int(version), topic, at, content)


def _long(raw: bytes) -> bytes:
    return len(raw).to_bytes(4, "big") + raw


class Event(NamedTuple):
    """An entry as a bundle has it; without content where that is withheld."""

    service: str
    text: str
    said: Statement
    withheld: str | None
    id: UUID | None = None
    kind: str = ""
    key: UUID | None = None
    command: UUID | None = None
    hash: bytes = b""
    meta: bytes = b""
    payload: bytes = b""

    @property
    def where(self) -> str:
        """What it is called."""
        return f"{self.service}, position {self.said.position}"

    def content(self) -> str:
        """Return the hash that its statement must have."""
        assert self.id is not None
        assert self.key is not None
        assert self.command is not None
        parts = (
            self.id.bytes,
            self.kind.encode(),
            self.key.bytes,
            self.command.bytes,
            self.hash,
            self.meta,
            self.payload,
        )
        return sha256(b"mshauri.content.v1\n" + b"".join(map(_long, parts))).hexdigest()

    def chained(self, previous: bytes) -> bytes:
        """Return the hash that it must have after the one before it in its stream."""
        said = self.said
        instant = (said.recorded - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
        return sha256(
            b"\x00"
            + previous
            + said.stream.bytes
            + said.version.to_bytes(8, "big")
            + instant.to_bytes(8, "big", signed=True)
            + _long(said.topic.encode())
            + _long(self.meta)
            + _long(self.payload)
        ).digest()


def read_event(line: bytes, number: int) -> Event:
    """Read a line of `events.jsonl`.

    Raises:
        Broken: it is none.
    """
    where = f"{EVENTS}, line {number}"
    given = from_json(line, where)
    try:
        service, text, withheld = given["service"], given["statement"], given.get("withheld")
        if not isinstance(service, str) or not isinstance(text, str):
            raise ValueError("no texts")
        said = read_statement(text, where)
        if withheld is not None:
            if len(given) != 3:
                raise ValueError("withheld, and there all the same")
            return Event(service, text, said, str(withheld))
        return Event(
            service,
            text,
            said,
            None,
            UUID(given["id"]),
            str(given["kind"]),
            UUID(given["key"]),
            UUID(given["commandId"]),
            bytes.fromhex(given["hash"]),
            unbase64(given["meta"]),
            unbase64(given["payload"]),
        )
    except (KeyError, TypeError, ValueError, AttributeError):
        raise Broken("MALFORMED", where, f"{where} tells no event.") from None


# ── a bundle ───────────────────────────────────────────────────────────────────────────────────


def judge_bundle(
    data: bytes, trust: Trust, judged: Judgement, since: Sequence[tuple[str, bytes]] = ()
) -> None:
    """Judge a bundle, as far as it can be read: one fault hides no other."""
    files = unzipped(data)
    judged.holds("the file", f"The archive is whole: {len(files)} files, nothing between them.")
    for name in (MANIFEST, SIGNATURE, *NEEDED):
        if name not in files:
            raise Broken("FILE_MISSING", name, f"{name} is missing from the archive.")
    manifest = from_json(files[MANIFEST], MANIFEST)
    if not isinstance(manifest, dict):
        raise Broken("MALFORMED", MANIFEST, f"{MANIFEST} is no list of files.")
    if not trust.own:
        trust.keys = _enclosed(manifest)
    with judged.going_on(SIGNATURE):
        _sealed(files, manifest, trust, judged)
    with judged.going_on(MANIFEST):
        _files_as_listed(files, manifest, judged)
    checkpoints: dict[str, Checkpoint] = {}
    with judged.going_on("checkpoints"):
        _checkpoints(files, trust, judged, checkpoints)
    events: list[Event] = []
    with judged.going_on(EVENTS):
        _events(files[EVENTS], manifest, judged, events)
    with judged.going_on(PROOFS):
        proofs = from_json(files[PROOFS], PROOFS)
        _included(events, proofs, checkpoints, judged)
        _continued(files, proofs, checkpoints, since, trust, judged)
    with judged.going_on(EVENTS):
        _chained(events, judged)
    with judged.going_on(KEYS):
        _opened(events, from_json(files[KEYS], KEYS), judged)
    with judged.going_on(RULES):
        _rules(events, from_json(files[RULES], RULES), judged)
    if manifest.get("kind") == "certificate":
        with judged.going_on(MANIFEST):
            _certified(events, manifest["about"], manifest.get("madeAt"), judged)
    judged.facts |= {
        name: manifest.get(name)
        for name in ("kind", "about", "period", "askedBy", "madeAt", "events")
    }


def _sealed(
    files: Mapping[str, bytes], manifest: dict[str, Any], trust: Trust, judged: Judgement
) -> None:
    note = read_note(files[SIGNATURE], SIGNATURE)
    format, _, sealed = note.text.removesuffix("\n").partition("\n")
    if len(note.signatures) != 1:
        says = f"{SIGNATURE} has {len(note.signatures)} signatures, and must have one."
        raise Broken("NO_NOTE", SIGNATURE, says)
    name = note.signatures[0].name
    trust.signed(note, name, SIGNATURE, judged)
    if sealed != sha256(files[MANIFEST]).hexdigest():
        says = f"{MANIFEST} was altered: it is not what {name} signed."
        raise Broken("MANIFEST_ALTERED", MANIFEST, says)
    said = manifest.get("format")
    if is_newer(format, FORMAT) and said == format:
        says = f"This bundle is of the format {format}, newer than {FORMAT}: get this program anew."
        raise Newer("NEWER_FORMAT", MANIFEST, says)
    if format != FORMAT or said != FORMAT:
        raise Broken("NO_EVIDENCE", MANIFEST, f"{MANIFEST} is not of the format {FORMAT}.")
    judged.holds(SIGNATURE, f"The list of files is sealed by {name}.")


def _enclosed(manifest: dict[str, Any]) -> list[Key]:
    try:
        return [read_key(text) for text in manifest["logKeys"]]
    except (KeyError, TypeError, ValueError, AttributeError):
        raise Broken("MALFORMED", MANIFEST, f"{MANIFEST} does not tell its keys.") from None


def _files_as_listed(
    files: Mapping[str, bytes], manifest: dict[str, Any], judged: Judgement
) -> None:
    listed = manifest.get("files")
    if not isinstance(listed, dict) or not all(isinstance(h, str) for h in listed.values()):
        raise Broken("MALFORMED", MANIFEST, f"{MANIFEST} lists no files.")
    there = [name for name in files if name not in (MANIFEST, SIGNATURE)]
    for name in NEEDED:
        if name not in listed:
            raise Broken("FILE_MISSING", name, f"{name} is in no list of {MANIFEST}.")
    wrong = []
    for name in sorted(listed.keys() - set(there)):
        wrong.append(Broken("FILE_MISSING", name, f"{name} is listed, and not there."))
    for name in there:
        if name not in listed:
            wrong.append(Broken("FILE_ADDED", name, f"{name} is there, and not listed."))
        elif sha256(files[name]).hexdigest() != listed[name]:
            wrong.append(Broken("FILE_ALTERED", name, f"{name} was altered: its hash is another."))
    each_told(judged, wrong)
    if not wrong:
        judged.holds(MANIFEST, f"All {len(there)} files are as they are listed.")


def _checkpoints(
    files: Mapping[str, bytes], trust: Trust, judged: Judgement, found: dict[str, Checkpoint]
) -> None:
    for name, data in files.items():
        match = re.fullmatch(r"checkpoints/([a-z_]+)\.note", name)
        if match:
            try:
                found[match[1]] = judged_checkpoint(data, name, trust, judged)
            except Broken as problem:
                judged.fails(problem)
                found[match[1]] = read_checkpoint(data, name)
            origin = _without_epoch(found[match[1]].origin)
            if origin.rpartition("/")[2] != match[1]:
                says = f"{name} is a checkpoint of {origin}, not of {match[1]}."
                judged.fails(Broken("ANOTHER_LOG", name, says))


def _events(data: bytes, manifest: dict[str, Any], judged: Judgement, events: list[Event]) -> None:
    if data and not data.endswith(b"\n"):
        raise Broken("MALFORMED", EVENTS, f"{EVENTS} ends within a line.")
    problems: list[Broken] = []
    for number, line in enumerate(data.split(b"\n")[:-1], 1):
        try:
            events.append(read_event(line, number))
        except Broken as problem:
            problems.append(problem)
    seen: dict[tuple[str, int], int] = {}
    before: tuple[datetime, str, int] | None = None
    for event in events:
        place = (event.service, event.said.position)
        if place in seen:
            problems.append(
                Broken("EVENT_DOUBLED", event.where, f"{event.where}: it is told twice.")
            )
        seen[place] = 1
        order = (event.said.recorded, *place)
        if before is not None and order < before:
            says = f"{event.where}: it stands after one that was recorded later."
            problems.append(Broken("OUT_OF_ORDER", event.where, says))
        before = order
        if event.withheld is None and event.content() != event.said.content:
            says = f"{event.where}: what it holds is not what its statement has the hash of."
            problems.append(Broken("CONTENT_ALTERED", event.where, says))
    counts = manifest.get("events")
    withheld = sum(1 for event in events if event.withheld is not None)
    if counts != {"disclosed": len(events) - withheld, "withheld": withheld}:
        says = f"{EVENTS} has {len(events)} events, and {MANIFEST} says another number."
        problems.append(Broken("EVENTS_MISSING", EVENTS, says))
    each_told(judged, problems)
    if not problems:
        judged.holds(EVENTS, f"{len(events) - withheld:,} events hold what their statements say.")
        if withheld:
            reasons = ", ".join(sorted({event.withheld for event in events if event.withheld}))
            judged.note(EVENTS, f"{withheld:,} stand as their statements alone ({reasons}).")


def _included(
    events: Sequence[Event],
    proofs: Any,
    checkpoints: Mapping[str, Checkpoint],
    judged: Judgement,
) -> None:
    problems: list[Broken] = []
    shown: dict[str, int] = {}
    used: set[tuple[str, str]] = set()
    for event in events:
        checkpoint = checkpoints.get(event.service)
        if checkpoint is None:
            says = f"{event.where}: there is no checkpoint of {event.service}."
            problems.append(Broken("NO_CHECKPOINT", event.where, says))
            continue
        place = str(event.said.position)
        try:
            proof = [unbase64(one) for one in proofs[event.service]["inclusion"][place]]
        except (KeyError, TypeError, ValueError):
            says = f"{event.where}: there is no proof that it is in its log."
            problems.append(Broken("NO_PROOF", event.where, says))
            continue
        used.add((event.service, place))
        index, hash = event.said.position - 1, leaf(event.text.encode())
        if is_included(index, checkpoint.size, hash, proof, checkpoint.root):
            shown[event.service] = shown.get(event.service, 0) + 1
        else:
            says = f"{event.where}: it is not shown to be in the log of {checkpoint.origin}."
            problems.append(Broken("NOT_INCLUDED", event.where, says))
    for service, told in proofs.items() if isinstance(proofs, dict) else ():
        inclusion = told.get("inclusion") if isinstance(told, dict) else None
        for place in inclusion if isinstance(inclusion, dict) else ():
            if (service, place) not in used:
                where = f"{service}, position {place}"
                says = f"{where}: there is a proof of it, and no event: it was dropped."
                problems.append(Broken("EVENT_DROPPED", where, says))
    each_told(judged, problems)
    for service, many in sorted(shown.items()):
        size = checkpoints[service].size
        judged.holds(PROOFS, f"{service}: {many:,} events are in its log of {size:,} entries.")


def _chained(events: Sequence[Event], judged: Judgement) -> None:
    """Hold each event against the one before it in its record, where that is told as well."""
    known = {(e.service, e.said.stream, e.said.version): e for e in events if not e.withheld}
    problems, held = [], 0
    for event in known.values():
        previous = known.get((event.service, event.said.stream, event.said.version - 1))
        before = previous.hash if previous else bytes(32) if event.said.version == 1 else None
        if before is None:
            continue
        if event.chained(before) != event.hash:
            says = f"{event.where}: it does not follow what its record held before."
            problems.append(Broken("CHAIN_BROKEN", event.where, says))
        held += 1
    each_told(judged, problems)
    if held and not problems:
        judged.holds(EVENTS, f"{held:,} events follow what their records held before.")


def _continued(
    files: Mapping[str, bytes],
    proofs: Any,
    checkpoints: Mapping[str, Checkpoint],
    since: Sequence[tuple[str, bytes]],
    trust: Trust,
    judged: Judgement,
) -> None:
    """Hold the logs against earlier checkpoints: those enclosed, and those that the reader kept."""
    enclosed: dict[str, tuple[Checkpoint, list[bytes]]] = {}
    for name, data in files.items():
        match = re.fullmatch(r"since/([a-z_]+)\.note", name)
        if not match or match[1] not in checkpoints:
            continue
        service = match[1]
        try:
            proof = [unbase64(one) for one in proofs[service]["consistency"]]
        except (KeyError, TypeError, ValueError):
            says = f"{name}: there is no proof that the log continues it."
            judged.fails(Broken("NO_PROOF", name, says))
            continue
        try:
            old = judged_checkpoint(data, name, trust, judged)
            must_continue(old, checkpoints[service], proof, name)
        except Broken as problem:
            judged.fails(problem)
            continue
        enclosed[service] = (old, proof)
        judged.holds(name, f"{service}: the log goes on from the {old.size:,} entries it had then.")
    for where, data in since:
        try:
            kept = judged_checkpoint(data, where, trust, judged)
            service = _without_epoch(kept.origin).rpartition("/")[2]
            new = checkpoints.get(service)
            if new is None:
                says = f"{where}: nothing in this bundle is of {kept.origin}."
                raise Unjudged("ANOTHER_LOG", where, says)
            told, proof = enclosed.get(service, (None, []))
            if kept.size != new.size and (told is None or told.size != kept.size):
                if kept.size > new.size:
                    must_continue(kept, new, [], where)
                says = f"{where}: the bundle has no proof since {kept.size:,} entries: ask for one."
                raise Unjudged("NO_PROOF", where, says)
            must_continue(kept, new, proof if kept.size != new.size else [], where)
        except Broken as problem:
            judged.fails(problem)
            continue
        judged.holds(where, f"{where}: the log goes on from the checkpoint that you kept.")


def _opened(events: Sequence[Event], keys: Any, judged: Judgement) -> None:
    """Open every sealed field that there is a key of; a key that opens nothing has no place."""
    secrets: dict[tuple[str, str], AESGCM | None] = {}
    try:
        for service, held in keys.items():
            for subject, secret in held.items():
                raw = None if secret is None else unbase64(secret)
                secrets[service, subject] = None if raw is None else AESGCM(raw)
    except (AttributeError, TypeError, ValueError):
        raise Broken("MALFORMED", KEYS, f"{KEYS} holds no keys.") from None
    used: set[tuple[str, str]] = set()
    problems: list[Broken] = []
    opened = shut = closed = 0
    for event in events:
        if event.withheld is not None:
            continue
        for name, sealed, subjects in _sealed_in(event):
            whose = next((s for s in subjects if (event.service, s) in secrets), None)
            if whose is None:
                closed += 1
                continue
            used.add((event.service, whose))
            cipher = secrets[event.service, whose]
            if cipher is None:
                shut += 1
                continue
            try:
                raw = unbase64(sealed)
                assert event.id is not None
                json.loads(
                    cipher.decrypt(raw[:12], raw[12:], event.id.bytes + b"/" + name.encode())
                )
                opened += 1
            except (InvalidTag, ValueError, RecursionError):
                says = f"{event.where}: the key does not open {name}."
                problems.append(Broken("KEY_DOES_NOT_OPEN", event.where, says))
    for service, subject in secrets.keys() - used:
        where = f"{KEYS}, {service} {subject}"
        problems.append(Broken("KEY_OPENS_NOTHING", where, f"{where}: it opens nothing here."))
    each_told(judged, problems)
    if opened and not problems:
        judged.holds(KEYS, f"{opened:,} sealed fields open with the keys.")
    if closed:
        judged.note(KEYS, f"{closed:,} sealed fields stay closed: there is no key to them here.")
    if shut:
        judged.note(KEYS, f"{shut:,} sealed fields are closed for good: their keys were destroyed.")


def _sealed_in(event: Event) -> Iterator[tuple[str, str, list[str]]]:
    """Yield each sealed field: what it is bound to, the ciphertext, and whose key it may be."""
    meta = from_json(event.meta, event.where)
    reason = meta.get("sealedReason") if isinstance(meta, dict) else None
    if isinstance(reason, dict):
        yield "meta.reason", str(reason.get("sealed")), [str(reason.get("by"))]
    payload = from_json(event.payload, event.where)
    if not isinstance(payload, dict):
        return
    named = [v for v in payload.values() if isinstance(v, str)]
    for name, value in payload.items():
        if isinstance(value, dict) and value.keys() == {"sealed"}:
            yield name, str(value["sealed"]), [*named, str(event.said.stream)]


def _rules(events: Sequence[Event], rules: Any, judged: Judgement) -> None:
    """Hold the rules that are told against the events that published them."""
    known = {(e.service, e.said.position): e for e in events if e.withheld is None}
    if not isinstance(rules, list):
        raise Broken("MALFORMED", RULES, f"{RULES} lists no rules.")
    held = 0
    for number, rule in enumerate(rules, 1):
        where = f"{RULES}, rule {number}"
        try:
            event = known[rule["service"], rule["position"]]
            says = rule["says"]
        except (KeyError, TypeError):
            judged.fails(Broken("NO_PROOF", where, f"{where}: no event here published it."))
            continue
        if from_json(event.payload, event.where) != says:
            judged.fails(Broken("RULE_ALTERED", where, f"{where}: it was published otherwise."))
        else:
            held += 1
    if held:
        judged.holds(RULES, f"{held} rules are as they were published.")


def _certified(
    events: Sequence[Event], about: dict[str, Any], made: Any, judged: Judgement
) -> None:
    """Hold what a certificate's number stands for against what its log has of it."""
    where, number = MANIFEST, about["number"]
    status = None
    for event in events:
        if str(event.said.stream) != about["certificateId"]:
            says = f"{event.where}: it is of another certificate."
            raise Broken("OTHER_CERTIFICATE", event.where, says)
        what = event.said.topic.rpartition(".")[2]
        status = {"issued": "ISSUED", "reissued": "ISSUED", "revoked": "REVOKED"}.get(what, status)
    if status is None or status != about["status"]:
        says = f"{number} is said to be {about['status']}, and by its log it is {status}."
        raise Broken("CERTIFICATE_CONTRADICTED", where, says)
    judged.holds(where, f"{number} was {status} as of {made}; its log says the same.")


# ── a log as a directory ───────────────────────────────────────────────────────────────────────

WIDTH = 256
PAUSES = (0.0, 0.05, 0.1, 0.2, 0.4)
"""Seconds before each time that a log is read: it may be written meanwhile."""


def judge_directory(
    top: Path, trust: Trust, judged: Judgement, since: Sequence[tuple[str, bytes]] = ()
) -> None:
    """Judge a log's directory, or a directory of several."""
    logs = sorted(path.parent for path in top.rglob("checkpoint") if path.is_file())
    if not logs:
        says = f"{top} holds no log: there is no file `checkpoint` in it."
        raise Unjudged("NO_LOG", str(top), says)
    kept = list(since)
    for log in logs:
        of_log = _judged_at_rest(log, trust, kept)
        judged.found += of_log.found
    for where, data in kept:
        origin = read_checkpoint(data, where).origin
        says = f"{where}: none of these logs is {origin}."
        judged.fails(Unjudged("ANOTHER_LOG", where, says))


def _judged_at_rest(log: Path, trust: Trust, since: list[tuple[str, bytes]]) -> Judgement:
    """Judge a log that may be written meanwhile: if it is, what seems wrong is looked at again."""
    wrong: list[Found] | None = None
    for pause in PAUSES:
        time.sleep(pause)
        judged, left = Judgement(str(log)), list(since)
        try:
            _judge_log(log, (log / "checkpoint").read_bytes(), trust, judged, left)
        except Broken as problem:
            judged.fails(problem)
        except FileNotFoundError as gone:
            says = f"{gone.filename} is missing: the log cannot be walked."
            judged.fails(Broken("TILE_MISSING", str(gone.filename), says))
        # Wrong is what is wrong in the same way a moment later.
        if not judged.broken or judged.found == wrong:
            since[:] = left
            return judged
        wrong = judged.found
    judged = Judgement(str(log))
    says = f"{log} grows faster than it can be read: copy it, and judge the copy."
    judged.fails(Unjudged("BEING_WRITTEN", str(log), says))
    return judged


def _judge_log(
    log: Path, data: bytes, trust: Trust, judged: Judgement, since: list[tuple[str, bytes]]
) -> None:
    found = judged_checkpoint(data, str(log / "checkpoint"), trust, judged)
    entries, files = _entries(log, found.size)
    _judge_tiles(log, entries, files, found, judged)
    for one in list(since):
        where, note = one
        kept = read_checkpoint(note, where)
        if not same_log(kept.origin, found.origin):
            continue
        since.remove(one)
        judged_checkpoint(note, where, trust, judged)
        if kept.size > found.size:
            must_continue(kept, found, [], where)
        if root_of([leaf(entry) for entry in entries[: kept.size]]) != kept.root:
            says = f"{log}: its first {kept.size:,} entries are not those of {where}."
            raise Broken("NOT_CONSISTENT", str(log), says)
        judged.holds(str(log), f"{log}: it goes on from the checkpoint that you kept.")


def _entries(log: Path, size: int) -> tuple[list[bytes], set[Path]]:
    """Return the entries of a log, and the files that they came from.

    Raises:
        Broken: a file is missing, or does not hold what it must.
    """
    entries: list[bytes] = []
    files: set[Path] = set()
    for index in range(-(-size // WIDTH)):
        wanted = min(WIDTH, size - index * WIDTH)
        path = _at_least(log, "entries", index, wanted)
        files.add(path)
        found = _unbundled(path)
        place = _place(log, "entries", path)
        if len(found) < wanted or place is None or len(found) > place[1]:
            says = f"{path} holds {len(found)} entries, and is needed for {wanted}."
            raise Broken("ENTRIES_ALTERED", str(path), says)
        entries += found[:wanted]
    return entries, files


def _unbundled(path: Path) -> list[bytes]:
    data, found, at = path.read_bytes(), [], 0
    while at < len(data):
        end = at + 2 + int.from_bytes(data[at : at + 2], "big")
        if at + 2 > len(data) or end > len(data):
            says = f"{path} was altered: it ends within an entry."
            raise Broken("ENTRIES_ALTERED", str(path), says)
        found.append(data[at + 2 : end])
        at = end
    return found


def _tile_path(log: Path, level: str, index: int, width: int) -> Path:
    groups = [f"{index % 1000:03}"]
    while index := index // 1000:
        groups.insert(0, f"x{index % 1000:03}")
    path = log / "tile" / level / "/".join(groups)
    return path if width == WIDTH else Path(f"{path}.p") / str(width)


def _at_least(log: Path, level: str, index: int, width: int) -> Path:
    """Return the file of a tile, or the one that took its place when it had grown."""
    wanted = _tile_path(log, level, index, width)
    if wanted.is_file():
        return wanted
    whole = _tile_path(log, level, index, WIDTH)
    if whole.is_file():
        return whole
    part = Path(f"{whole}.p")
    widths = (
        sorted(int(p.name) for p in part.glob("*") if p.name.isdigit()) if part.is_dir() else []
    )
    for larger in widths:
        if larger > width:
            return part / str(larger)
    says = f"{wanted} is missing: the log cannot be walked."
    raise Broken("TILE_MISSING", str(wanted), says)


def _judge_tiles(
    log: Path, entries: list[bytes], files: set[Path], checkpoint: Checkpoint, judged: Judgement
) -> None:
    problems: list[Broken] = []
    for index, entry in enumerate(entries):
        where = f"{log}, position {index + 1}"
        try:
            said = read_statement(entry.decode(), where)
            if said.position != index + 1:
                says = f"{where}: it says that it stands at {said.position}."
                raise Broken("OUT_OF_ORDER", where, says)
        except UnicodeDecodeError:
            problems.append(Broken("NO_STATEMENT", where, f"{where}: it was altered: no text."))
        except Broken as problem:
            problems.append(problem)
    hashes = [leaf(entry) for entry in entries]
    if root_of(hashes) != checkpoint.root:
        says = f"{log}: its entries do not have the root that its checkpoint has."
        problems.append(Broken("ROOT_DIFFERS", str(log), says))
    level, row = 0, hashes
    while row:
        for index in range(-(-len(row) // WIDTH)):
            width = min(WIDTH, len(row) - index * WIDTH)
            try:
                files.add(_at_least(log, str(level), index, width))
            except Broken as problem:
                problems.append(problem)
        for path in sorted((log / "tile" / str(level)).rglob("*")):
            if path.is_file():
                files.add(path)
                if wrong := _judge_tile(log, level, path, row):
                    problems.append(wrong)
        row = [root_of(row[i : i + WIDTH]) for i in range(0, len(row) - WIDTH + 1, WIDTH)]
        level += 1
    for path in sorted((log / "tile" / "entries").rglob("*")):
        if path.is_file() and path not in files:
            files.add(path)
            if wrong := _judge_bundle_of_entries(log, path, entries):
                problems.append(wrong)
    each_told(judged, problems)
    if not problems:
        says = f"{log}: all {len(entries):,} entries and {len(files):,} files lead to its root."
        judged.holds(str(log), says)


def _place(log: Path, level: str, path: Path) -> tuple[int, int] | None:
    """Return the index and width that a file's path stands for, or None."""
    parts = path.relative_to(log / "tile" / level).parts
    width = WIDTH
    if len(parts) > 1 and parts[-2].endswith(".p"):
        if not re.fullmatch(r"[1-9][0-9]{0,2}", parts[-1]):
            return None
        width = int(parts[-1])
        parts = (*parts[:-2], parts[-2][:-2])
    if not all(re.fullmatch(r"x?[0-9]{3}", part) for part in parts):
        return None
    index = int("".join(part.removeprefix("x") for part in parts))
    return (index, width) if _tile_path(log, level, index, width) == path else None


def _judge_tile(log: Path, level: int, path: Path, row: list[bytes]) -> Broken | None:
    place = _place(log, str(level), path)
    if place is None:
        return None
    index, width = place
    wanted = b"".join(row[index * WIDTH : index * WIDTH + width])
    data = path.read_bytes()
    # What is beyond the checkpoint was written since: it is not judged by it.
    if (data != wanted) if len(wanted) == 32 * width else not data.startswith(wanted):
        return Broken("TILE_ALTERED", str(path), f"{path} was altered: it is not of these entries.")
    return None


def _judge_bundle_of_entries(log: Path, path: Path, entries: list[bytes]) -> Broken | None:
    place = _place(log, "entries", path)
    index, width = place or (len(entries), 0)
    wanted = entries[index * WIDTH : index * WIDTH + width]
    if not wanted:
        return None
    try:
        found = _unbundled(path)
    except Broken as problem:
        return problem
    if found[: len(wanted)] != wanted:
        return Broken("ENTRIES_ALTERED", str(path), f"{path} was altered: it holds other entries.")
    return None


# ── the command line ───────────────────────────────────────────────────────────────────────────


def judge(
    path: Path,
    keys: Iterable[Key] | None = None,
    since: Sequence[Path] = (),
    proof: Path | None = None,
) -> Judgement:
    """Judge whatever stands at a path: a bundle, a log's directory, or a checkpoint.

    Args:
        keys: those that are trusted; None: none is.
        since: checkpoints that were kept, which it must continue.
        proof: a consistency proof between two checkpoints that stand alone.
    """
    trust = Trust(list(keys or ()), own=keys is not None)
    judged = Judgement(str(path), trusted=trust.own)
    try:
        kept = [(str(one), one.read_bytes()) for one in since]
        if path.is_dir():
            judge_directory(path, trust, judged, kept)
        else:
            data = path.read_bytes()
            if data[:2] == b"PK" or data[-22:-18] == _END or not data:
                judge_bundle(data, trust, judged, kept)
            else:
                _judge_note(path, data, trust, judged, kept, proof)
    except Broken as problem:
        judged.fails(problem)
    except OSError as problem:
        says = f"{problem.filename or path} cannot be read: {problem.strerror}."
        judged.fails(Unjudged("UNREADABLE", str(path), says))
    return judged


def _judge_note(
    path: Path,
    data: bytes,
    trust: Trust,
    judged: Judgement,
    since: Sequence[tuple[str, bytes]],
    proof: Path | None,
) -> None:
    if "— ".encode() not in data:
        says = f"{path} is no bundle, no log and no checkpoint."
        raise Unjudged("NO_EVIDENCE", str(path), says)
    found = judged_checkpoint(data, str(path), trust, judged)
    for where, other in since:
        old = judged_checkpoint(other, where, trust, judged)
        if proof is None and old.size not in (0, found.size) and old.size < found.size:
            says = f"{where}: between two checkpoints alone, --proof is needed."
            raise Unjudged("NO_PROOF", where, says)
        try:
            lines = proof.read_text().split() if proof and old.size != found.size else []
            hashes = [unbase64(line) for line in lines]
        except ValueError:
            raise Broken("MALFORMED", str(proof), f"{proof} is no proof: a hash a line.") from None
        must_continue(old, found, hashes, where)
        judged.holds(where, f"{path} goes on from {where}.")


_MARKS = {HOLDS: "holds  ", FAILS: "FAILS  ", UNJUDGED: "UNKNOWN", None: "       "}


def told(judged: Judgement) -> str:
    """Return a judgement in words."""
    lines = [f"{judged.of}"]
    for one in judged.found:
        code = "" if one.code in ("HOLDS", "NOTE") else f" [{one.code}]"
        lines.append(f"  {_MARKS[one.grade]}  {one.says}{code}")
    return "\n".join([*lines, judged.sentence])


def as_json(judged: Judgement) -> str:
    """Return a judgement for a program."""
    return json.dumps(
        {
            "of": judged.of,
            "verdict": judged.verdict,
            "says": judged.sentence,
            "exitCode": judged.exit_code,
            "about": judged.facts,
            "found": [
                {
                    "grade": {HOLDS: "HOLDS", FAILS: "FAILS", UNJUDGED: "UNJUDGED"}.get(
                        one.grade if one.grade is not None else -1, "NOTE"
                    ),
                    "code": one.code,
                    "where": one.where,
                    "says": one.says,
                }
                for one in judged.found
            ],
        },
        ensure_ascii=False,
        indent=2,
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line, and return its exit code."""
    parser = argparse.ArgumentParser(
        prog="mshauri-verify",
        description="Say whether a bundle of evidence, a log or a checkpoint holds.",
        epilog="Exit code: 0 it is genuine, 1 something does not hold, 2 it cannot be judged.",
    )
    parser.add_argument("path", type=Path, help="a bundle, a log's directory, or a checkpoint")
    parser.add_argument("--trust", type=Path, metavar="KEYS", help="a file of keys that you trust")
    parser.add_argument(
        "--since",
        type=Path,
        action="append",
        default=[],
        metavar="CHECKPOINT",
        help="a checkpoint that you kept, which it must continue",
    )
    parser.add_argument("--proof", type=Path, help="a consistency proof between two checkpoints")
    parser.add_argument("--json", action="store_true", help="say it for a program")
    given = parser.parse_args(arguments)
    try:
        keys = read_keys(given.trust) if given.trust else None
        judged = judge(given.path, keys, given.since, given.proof)
    except Broken as problem:
        judged = Judgement(str(given.path))
        judged.fails(problem)
    print(as_json(judged) if given.json else told(judged))
    return judged.exit_code


if __name__ == "__main__":
    sys.exit(main())

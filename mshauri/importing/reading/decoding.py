"""Bytes as text: UTF-8, UTF-16, and Windows-1252 where that is said, or certain."""

import codecs
import re

from mshauri.importing.reading.table import NotATable

_MARKS = ((codecs.BOM_UTF16_LE, "UTF-16"), (codecs.BOM_UTF16_BE, "UTF-16"))
_LETTERS = "àâäáãåæçéèêëíîïìñóôöòõúûüùýÿÀÂÄÁÃÅÆÇÉÈÊËÍÎÏÌÑÓÔÖÒÕÚÛÜÙÝß".encode("cp1252")
_SIGNS = "‘’“”–—«»°ºª€".encode("cp1252") + b"\xa0"
_WORD = re.compile(rb"[A-Za-z%s]+" % re.escape(_LETTERS))
_HIGH = re.compile(rb"[\x80-\xff]")
_WITHIN = re.compile(rb"[A-Za-z][\x80-\x91\x93-\xbf][A-Za-z]")
"""A sign within a word, where Windows-1252 has none but an apostrophe."""


def decoded(content: bytes, said: str | None = None) -> tuple[str, str]:
    """Return a file's text, and the encoding it was in.

    Raises:
        NotATable: it is no text in the encoding that was said, or in one that is certain.
    """
    if said is not None:
        return _as_said(content, said)
    for mark, name in _MARKS:
        if content.startswith(mark):
            return _must(content, "utf-16"), name
    bare = _without_mark(content)
    if bare is not None:
        return _must(content, bare), "UTF-16"
    try:
        return content.decode("utf-8-sig"), "UTF-8"
    except UnicodeDecodeError as error:
        if is_windows_1252(content):
            return content.decode("cp1252"), "Windows-1252"
        line = content[: error.start].count(b"\n") + 1
        msg = (
            f"Line {line} is not UTF-8 text. Save the file as CSV UTF-8, or say what it is, such "
            "as --encoding windows-1252."
        )
        raise NotATable(msg) from error


def is_windows_1252(content: bytes) -> bool:
    """Say whether bytes are certainly Windows-1252: what is no ASCII is a letter of a European
    language within a word of Latin letters, or a typographic sign.

    Mac Roman and the code pages of DOS have their accents among the signs of Windows-1252, where no
    word has any; what UTF-16 is has NULs.
    """
    if b"\x00" in content or _WITHIN.search(content):
        return False
    rest = _WORD.sub(lambda word: b"" if re.search(rb"[A-Za-z]", word[0]) else word[0], content)
    return all(sign[0] in _SIGNS for sign in _HIGH.findall(rest))


def _without_mark(content: bytes) -> str | None:
    """Return which UTF-16 it is, where every second byte of the beginning is NUL."""
    begin = content[:200]
    if len(begin) < 4:
        return None
    even, odd = begin[::2], begin[1::2]
    if odd.count(0) > 0.8 * len(odd) and not even.count(0):
        return "utf-16-le"
    if even.count(0) > 0.8 * len(even) and not odd.count(0):
        return "utf-16-be"
    return None


def _as_said(content: bytes, said: str) -> tuple[str, str]:
    try:
        codec = codecs.lookup(said).name
    except LookupError:
        msg = f"No encoding is called {said!r}. Say utf-8, utf-16 or windows-1252."
        raise NotATable(msg) from None
    return _must(content, "utf-8-sig" if codec == "utf-8" else codec), said


def _must(content: bytes, codec: str) -> str:
    try:
        return content.decode(codec)
    except UnicodeError as error:
        msg = f"The file is no text in {codec}. Save it as CSV UTF-8 and try again."
        raise NotATable(msg) from error

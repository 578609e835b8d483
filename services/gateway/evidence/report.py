"""The report of a bundle: a page that a person opens, with a timeline; it needs nothing else."""

import html
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from services.gateway.evidence.gathering import Subject
from services.gateway.evidence.words import by_topic, facts
from services.gateway.read.loader import Reader
from services.gateway.telling.sentences import Happened, happened_of, in_words
from shared.contracts.envelope import decode_meta
from shared.domain.phrases import Phrase
from shared.evidence.bundle import Occasion, Proven, Rule, Told, Withheld
from shared.language import phrase_of, spoken
from shared.privacy.payload import KeyMissing, UndecodableEvent, decode_event
from shared.privacy.reasons import opened_meta
from shared.privacy.sealing import DataKey
from shared.proof.checkpoints import Checkpoint, read_checkpoint
from shared.proof.notes import read_note

Keys = Mapping[str, Mapping[UUID, DataKey | None]]


class Line(NamedTuple):
    """An event as a report tells it.

    Attributes:
        on: the day it happened; None where that is withheld.
        by: who said so.
        facts: what it tells, by name.
        why: the reason it was asked for.
        withheld: why no more is told.
        happened: what a sentence is made of; None: there is none of it.
    """

    on: date | None
    recorded: datetime
    what: str
    by: str
    facts: tuple[tuple[str, str], ...]
    why: str | None
    place: str
    withheld: Withheld | None
    happened: Happened | None = None


def timeline(told: Sequence[Told], keys: Keys) -> list[Line]:
    """Return the lines of a report, in the order in which they were recorded."""
    return [_line(one, keys.get(one.service, {})) for one in told]


async def told_in_words(lines: Sequence[Line], reader: Reader) -> list[Line]:
    """Return the lines with what happened as a sentence, with the names that a reader may read."""
    told: list[Line] = []
    for at in range(0, len(lines), _TOGETHER):
        some = lines[at : at + _TOGETHER]
        happened = [line.happened for line in some if line.happened is not None]
        words = iter(await in_words(reader, happened, spoken()))
        told += [line._replace(what=next(words)) if line.happened else line for line in some]
    return told


_TOGETHER = 200
"""Lines put into words at once: others go on meanwhile."""


def _line(told: Told, keys: Mapping[UUID, DataKey | None]) -> Line:
    entry = told.entry
    place = f"{told.service} {entry.position}"
    if told.withheld:
        return Line(None, entry.recorded, by_topic(entry), "", (), None, place, told.withheld)
    meta = decode_meta(entry.meta)
    by = f"{meta.actor} ({meta.on_behalf_of})" if meta.on_behalf_of else meta.actor
    try:
        event = decode_event(
            entry.topic, meta.schema_version, entry.payload, entry.id, keys, entry.stream
        )
        tells = tuple(facts(event))
        why = opened_meta(entry, keys).reason
        happened = happened_of(entry.topic, event, meta)
    except (KeyMissing, UndecodableEvent):
        tells, why, happened = (), None, None
    what = by_topic(entry)
    return Line(meta.occurred_on, entry.recorded, what, by, tells, why, place, None, happened)


def of_mentee(
    occasion: Occasion,
    subject: Subject,
    lines: Sequence[Line],
    rules: Sequence[Rule],
    proven: Mapping[str, Proven],
) -> bytes:
    """Return the page about a mentee."""
    title = title_of(subject)
    head = "".join(f"<p>{_e(one)}</p>" for one in opening(occasion, subject, lines, rules))
    return _page(title, head + _timeline(lines) + _proofs(proven))


def title_of(subject: Subject) -> str:
    """Return what a report about somebody is called."""
    who = subject.name or subject.number or str(subject.health_worker)
    return phrase_of(Phrase("Evidence about {who}", who=who))


def of_certificate(occasion: Occasion, told: Sequence[Told]) -> bytes:
    """Return the page about a certificate: what its number shows, and what the log has of it."""
    about = occasion.about
    title = phrase_of(Phrase("Certificate {number}", number=about["number"]))
    rows = "".join(
        f"<dt>{_e(name)}</dt><dd>{_e(value)}</dd>" for name, value in about.items() if value
    )
    made = phrase_of(
        Phrase(
            "As of {at}: what became of it since, only newer evidence tells.",
            at=_instant(occasion.made_at),
        )
    )
    return _page(title, f"<p>{_e(made)}</p><dl>{rows}</dl>" + _timeline(timeline(told, {})))


def opening(
    occasion: Occasion, subject: Subject, lines: Sequence[Line], rules: Sequence[Rule]
) -> list[str]:
    """Return what is said before the timeline."""
    withheld = sum(1 for one in lines if one.withheld)
    texts = [
        Phrase(
            "{programme}, {area}. Asked for by {who}, {at}.",
            programme=subject.programme,
            area=subject.area,
            who=occasion.asked_by,
            at=_instant(occasion.made_at),
        ),
        Phrase(
            "{many} events, of which {withheld} stand without their content, because it is not "
            "for whoever asked to read.",
            many=len(lines),
            withheld=withheld,
        ),
        Phrase(
            "How to check it: run mshauri-verify on this bundle. It needs no access to the system."
        ),
    ]
    if rules:
        named = ", ".join(f"{rule.code} {rule.version}" for rule in rules)
        texts.insert(2, Phrase("Rules in force: {rules}.", rules=named))
    return [phrase_of(text) for text in texts]


def withheld_because(why: Withheld) -> str:
    """Return why no more is told of an event."""
    return phrase_of(
        {
            Withheld.PRIVATE: Phrase("Between a mentee and their mentors: its content is theirs."),
            Withheld.SCOPE: Phrase("Its content lies outside what whoever asked may read."),
            Withheld.ERASED: Phrase("The person's data was erased: its content is not given."),
            Withheld.CERTIFICATE: Phrase("Stands in the log as it was recorded."),
        }[why]
    )


def headings() -> list[str]:
    """Return the names of a timeline's columns."""
    return [
        phrase_of(one)
        for one in (
            Phrase("Happened"),
            Phrase("Recorded"),
            Phrase("What"),
            Phrase("By whom"),
            Phrase("Place in the ledger"),
        )
    ]


def _timeline(lines: Sequence[Line]) -> str:
    heads = "".join(f"<th>{_e(one)}</th>" for one in headings())
    rows = "".join(_row(line) for line in lines)
    return f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"


def _row(line: Line) -> str:
    if line.withheld:
        told = f"<small>{_e(withheld_because(line.withheld))}</small>"
    else:
        told = "".join(f"<dt>{_e(name)}</dt><dd>{_e(value)}</dd>" for name, value in line.facts)
        told = f"<dl>{told}</dl>" if told else ""
        if line.why:
            told += f"<p><q>{_e(line.why)}</q></p>"
    day = line.on.isoformat() if line.on else ""
    return (
        f"<tr><td>{day}</td><td>{_instant(line.recorded)}</td>"
        f"<td><b>{_e(line.what)}</b>{told}</td><td>{_e(line.by)}</td><td>{_e(line.place)}</td></tr>"
    )


def _proofs(proven: Mapping[str, Proven]) -> str:
    title = phrase_of(Phrase("The logs that these events stand in"))
    rows = []
    for one in proven.values():
        found = checkpoint_in(one)
        rows.append(
            f"<tr><td>{_e(found.origin)}</td><td>{found.size:,}</td>"
            f"<td><code>{found.root.hex()}</code></td></tr>"
        )
    return f"<h2>{_e(title)}</h2><table><tbody>{''.join(rows)}</tbody></table>"


def checkpoint_in(proven: Proven) -> Checkpoint:
    """Return the checkpoint that a log's proofs lead to."""
    return read_checkpoint(read_note(proven.checkpoint).text)


_STYLE = """
body{font:15px/1.45 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem}
table{border-collapse:collapse;width:100%;margin:1rem 0}
th,td{text-align:left;vertical-align:top;padding:.35rem .6rem;border-bottom:1px solid #d8dee6}
thead th{position:sticky;top:0;background:#fff}td:nth-child(-n+2){white-space:nowrap}
dl{display:grid;grid-template-columns:max-content 1fr;gap:0 .8rem;margin:.3rem 0;font-size:.9em}
dt{color:#5b6776}dd{margin:0}small{color:#5b6776;display:block}code{font-size:.8em;word-break:break-all}
@media print{thead th{position:static}tr{break-inside:avoid}}
"""


def _page(title: str, body: str) -> bytes:
    # Nothing is fetched from anywhere, and nothing runs: not even if a text says so.
    policy = "default-src 'none'; style-src 'unsafe-inline'"
    return (
        f'<!doctype html>\n<html lang="{spoken()}"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>{_e(title)}</title><style>{_STYLE}</style></head>"
        f"<body><h1>{_e(title)}</h1>{body}</body></html>\n"
    ).encode()


def _e(text: object) -> str:
    return html.escape(str(text))


def _instant(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"

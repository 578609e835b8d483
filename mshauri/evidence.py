"""`mshauri evidence`: take away what proves a mentee's history, through the public API."""

import asyncio
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from mshauri.api import Api, ApiFault
from mshauri.connection import GATEWAY, Gateway, Token
from shared.evidence.mshauri_verify import Broken, judge, read_keys, told

_FOUND = """
query ($number: String!) {
  healthWorkers(first: 1, filter: {number: $number}) { nodes { id } }
}
"""
_MENTEES = """
query ($person: ID!) {
  mentees(first: 1, filter: {healthWorkerId: $person}, orderBy: SINCE_DESC) { nodes { id } }
}
"""
_ASKED = """
query ($mentee: ID!, $from: Date, $to: Date, $since: [String!], $pdf: Boolean! = false) {
  evidence: auditEvidence(mentee: $mentee, from: $from, to: $to, since: $since, pdf: $pdf) {
    url events
  }
}
"""
_CERTIFICATE = """
query ($number: String!) { evidence: certificateEvidence(number: $number) { url events } }
"""


class NoEvidence(Exception):
    """It cannot be had; the message says why."""


def evidence(
    mentee: Annotated[
        str,
        typer.Argument(
            help="A mentee's id, the number of a health worker who is one or, with --certificate, "
            "a certificate's."
        ),
    ],
    token: Token,
    output: Annotated[Path, typer.Option("--output", "-o", help="The file to write.")],
    first: Annotated[
        datetime | None,
        typer.Option("--from", formats=["%Y-%m-%d"], help="What happened on that day or later."),
    ] = None,
    last: Annotated[
        datetime | None,
        typer.Option("--to", formats=["%Y-%m-%d"], help="What happened on that day or earlier."),
    ] = None,
    since: Annotated[
        list[Path] | None,
        typer.Option(help="A checkpoint that you kept: its log is proven to continue it."),
    ] = None,
    pdf: Annotated[bool, typer.Option("--pdf", help="With its report as PDF, too.")] = False,
    certificate: Annotated[
        bool, typer.Option("--certificate", help="Of a certificate, by its number.")
    ] = False,
    trust: Annotated[
        Path | None, typer.Option(help="A file of the logs' keys that you trust: judge it at once.")
    ] = None,
    gateway: Gateway = GATEWAY,
) -> None:
    """Write a file that proves a mentee's history with no access to the system."""
    console = Console(stderr=True, highlight=False)
    try:
        keys = read_keys(trust) if trust else None
        asked: dict[str, Any] = {
            "from": first and first.date().isoformat(),
            "to": last and last.date().isoformat(),
            "since": [path.read_text(encoding="utf-8") for path in since or ()] or None,
            "pdf": pdf,
        }
        events, made = asyncio.run(_fetched(gateway, token, mentee, asked, certificate))
        output.write_bytes(made)
    except (NoEvidence, ApiFault, Broken, OSError, UnicodeDecodeError) as problem:
        console.print(str(problem), style="red", markup=False, soft_wrap=True)
        raise typer.Exit(1) from None
    judged = judge(output, keys, since or ())
    typer.echo(told(judged))
    typer.echo(f"{output}: {events:,} events, {len(made):,} bytes.")
    if judged.broken or (trust and judged.exit_code):
        raise typer.Exit(judged.exit_code)


async def _fetched(
    gateway: str, token: str, about: str, asked: dict[str, Any], certificate: bool
) -> tuple[int, bytes]:
    async with Api(gateway, token) as api:
        if certificate:
            link = (await api.ask(_CERTIFICATE, number=about))["evidence"]
        else:
            given = {name: value for name, value in asked.items() if value is not None}
            link = (await api.ask(_ASKED, mentee=await _mentee(api, about), **given))["evidence"]
        return link["events"], await api.fetch(link["url"])


async def _mentee(api: Api, about: str) -> str:
    """Return a mentee's id: what was given, or the latest enrolment of who has that number."""
    people = (await api.ask(_FOUND, number=about))["healthWorkers"]["nodes"]
    if not people:
        return about
    mentees = (await api.ask(_MENTEES, person=people[0]["id"]))["mentees"]["nodes"]
    if not mentees:
        raise NoEvidence(f"{about} is no mentee.")
    found: str = mentees[0]["id"]
    return found

"""`mshauri token`: a token for development, of somebody who holds a role.

    TOKEN=$(mshauri token --role coordinator --org-unit RW)

The grant is given as the operator, through the public API, so that it is a fact like any other;
the token alone goes to standard output, what was done to standard error.
"""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from mshauri.api import Api, ApiFault
from mshauri.connection import GATEWAY, Gateway
from mshauri.stack.stack import OPERATOR
from shared.access.issuer import DevelopmentIssuer, NotForProduction
from shared.contracts.registry.access_grant import Role
from shared.domain import derived_id

_UNIT = """
query Unit($code: String!) { orgUnits(filter: {code: $code}, first: 1) { nodes { id } } }
"""
_ANY_UNIT = "query Any { orgUnits(first: 1) { nodes { id } } }"
_GIVE = """
mutation Give($input: AccessGrantGiveInput!) {
  accessGrantGive(input: $input) { id userErrors { code message field } }
}
"""
_LET_IN_WITHIN = 3.0
"""Seconds; a grant comes round the bus to the gateway in some hundredths of one."""


class CannotGive(Exception):
    """There is nothing to give, or nobody to give it through: the message says what and why."""


def token(
    role: Annotated[
        Role, typer.Option(case_sensitive=False, help="What its holder may do; operator: all.")
    ],
    org_unit: Annotated[
        str | None,
        typer.Option(help="The code of the unit it reaches, with all below; else everywhere."),
    ] = None,
    programme: Annotated[
        str | None, typer.Option(help="The code of the programme it is for; else all.")
    ] = None,
    subject: Annotated[
        str | None, typer.Option(help="Whose token it is; else one named for role and unit.")
    ] = None,
    data_dir: Annotated[
        Path, typer.Option(envvar="MSHAURI_DATA_DIR", help="Where `mshauri up` keeps everything.")
    ] = Path(".mshauri"),
    gateway_url: Gateway = GATEWAY,
    environment: Annotated[
        str, typer.Option(envvar="MSHAURI_ENVIRONMENT", hidden=True)
    ] = "development",
    lifetime: Annotated[int, typer.Option(min=1, help="Hours until it expires.")] = 12,
) -> None:
    """Give somebody a role and print their token: for development, never in production."""
    console = Console(stderr=True, highlight=False)
    try:
        issuer = _issuer(data_dir, environment)
        if role is Role.OPERATOR:
            holder = subject or OPERATOR
            console.print(f"{holder}: may do everything, if it is among MSHAURI_OPERATORS")
        else:
            holder = subject or "@".join(filter(None, [role.value.lower(), org_unit]))
            done = asyncio.run(_give(issuer, gateway_url, holder, role, org_unit, programme))
            console.print(done, markup=False, soft_wrap=True)
    except (ApiFault, CannotGive, NotForProduction, PermissionError) as problem:
        console.print(str(problem), style="red", markup=False, soft_wrap=True)
        raise typer.Exit(1) from None
    typer.echo(issuer.mint(holder, timedelta(hours=lifetime)))


def _issuer(data_dir: Path, environment: str) -> DevelopmentIssuer:
    if not data_dir.is_dir():
        # A key made here would be one that no stack trusts.
        msg = f"There is no {data_dir}: start `mshauri up` first, or name its --data-dir."
        raise CannotGive(msg)
    return DevelopmentIssuer(data_dir, environment=environment)


async def _give(
    issuer: DevelopmentIssuer,
    gateway_url: str,
    holder: str,
    role: Role,
    org_unit: str | None,
    programme: str | None,
) -> str:
    """Give the grant, wait until it opens the API, and say what was done."""
    since = datetime.now(UTC).date().isoformat()
    asked: dict[str, Any] = {"subjectName": holder, "role": role.value, "occurredOn": since}
    async with Api(gateway_url, issuer.mint(OPERATOR, timedelta(minutes=5))) as api:
        if org_unit is not None:
            asked["orgUnitId"] = await _unit(api, org_unit)
        if programme is not None:
            asked["programme"] = programme
        # The same grant asked for twice on a day is one command, answered twice.
        asked["commandId"] = str(derived_id("token", *sorted(asked.items())))
        answer = (await api.ask(_GIVE, input=asked))["accessGrantGive"]
    if answer["userErrors"]:
        raise CannotGive(" ".join(error["message"] for error in answer["userErrors"]))
    await _let_in(gateway_url, issuer.mint(holder, timedelta(minutes=5)), org_unit)
    where = f"over {org_unit}" if org_unit else "everywhere"
    what = f"in {programme}" if programme else "in every programme"
    return f"{holder}: {role.value.lower()} {where}, {what}, since {since}"


async def _unit(api: Api, code: str) -> str:
    nodes = (await api.ask(_UNIT, code=code))["orgUnits"]["nodes"]
    if not nodes:
        msg = f"There is no org unit with the code {code}. `--org-unit` takes a code such as RW."
        raise CannotGive(msg)
    unit: str = nodes[0]["id"]
    return unit


async def _let_in(gateway_url: str, holders_token: str, org_unit: str | None) -> None:
    """Wait until the holder sees what any holder of a grant sees, or give up waiting."""
    document, variables = (_UNIT, {"code": org_unit}) if org_unit else (_ANY_UNIT, {})
    deadline = asyncio.get_running_loop().time() + _LET_IN_WITHIN
    async with Api(gateway_url, holders_token) as api:
        while asyncio.get_running_loop().time() < deadline:
            try:
                if (await api.ask(document, **variables))["orgUnits"]["nodes"]:
                    return
            except ApiFault as fault:
                if fault.code != "ACCESS_DENIED":
                    raise
            await asyncio.sleep(0.02)

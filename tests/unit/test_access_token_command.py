"""`mshauri token`: what it asks of the API exists, and what it prints can be put in a variable."""

import asyncio
from pathlib import Path

import pytest
from graphql import parse, validate
from typer.testing import CliRunner

from mshauri import token as command
from mshauri.cli import app
from services.gateway.graphql.schema import build_schema
from shared.access.issuer import DevelopmentIssuer
from shared.access.tokens import Principal, Verifier

NOBODY = "http://127.0.0.1:1"


def verified(issuer: DevelopmentIssuer, token: str) -> Principal:
    verifier = Verifier(issuer=issuer.issuer, audience=issuer.audience, jwks_url=issuer.jwks_url)
    return asyncio.run(verifier.verify(token))


def test_what_it_asks_is_in_the_schema() -> None:
    schema = build_schema()._schema
    for document in (command._UNIT, command._ANY_UNIT, command._GIVE):
        assert validate(schema, parse(document)) == []


def test_an_operators_token_needs_no_grant_and_is_all_that_is_printed(tmp_path: Path) -> None:
    ran = CliRunner().invoke(
        app, ["token", "--role", "operator", "--data-dir", str(tmp_path), "--gateway-url", NOBODY]
    )
    assert ran.exit_code == 0
    [line] = ran.stdout.splitlines()
    assert verified(DevelopmentIssuer(tmp_path), line).subject == "operator"
    assert "may do everything" in ran.stderr


@pytest.mark.parametrize(
    ("environment", "directory", "told"),
    [
        ("production", ".", "refuses to work in production"),
        ("development", "nowhere", "start `mshauri up` first"),
    ],
)
def test_where_it_cannot_it_prints_no_token_and_says_why(
    tmp_path: Path, environment: str, directory: str, told: str
) -> None:
    ran = CliRunner().invoke(
        app,
        ["token", "--role", "operator", "--data-dir", str(tmp_path / directory)],
        env={"MSHAURI_ENVIRONMENT": environment},
    )
    assert ran.exit_code == 1
    assert ran.stdout == ""
    assert told in " ".join(ran.stderr.split())

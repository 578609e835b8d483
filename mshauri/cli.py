"""The command line. Each command is a module of its own; this file only names them."""

import typer

from mshauri.importing.command import app as importing
from mshauri.token import token
from mshauri.up import up

app = typer.Typer(
    name="mshauri",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
)

app.command("up")(up)
app.command("token")(token)
app.add_typer(importing, name="import")


@app.callback()
def _mshauri() -> None:
    """The system of record for health-worker mentorship programmes."""


def main() -> None:
    """Run the command line."""
    app()

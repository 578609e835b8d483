"""The command line. Each command is a module of its own; this file only names them."""

import typer

from mshauri.asking import ask
from mshauri.backup.restore import restore
from mshauri.backup.take import backup
from mshauri.connection import current_name
from mshauri.demo.command import demo
from mshauri.evidence import evidence
from mshauri.importing.command import app as importing
from mshauri.lists import app as lists
from mshauri.log import app as log
from mshauri.lost import lost
from mshauri.personal_data import personal_data
from mshauri.programme import app as programme
from mshauri.quarantine import app as quarantine
from mshauri.rebuild import rebuild
from mshauri.reform.command import app as reform
from mshauri.replaying.command import replay
from mshauri.replaying.comparing import compare
from mshauri.resume import resume
from mshauri.screen import screen
from mshauri.scrub import scrub
from mshauri.token import token
from mshauri.up import up
from mshauri.verify.command import verify

app = typer.Typer(
    name="mshauri",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
    context_settings={"token_normalize_func": current_name},
)

app.command("up")(up)
app.command("token")(token)
app.command("demo")(demo)
app.command("ask")(ask)
app.command("evidence")(evidence)
app.command("rebuild")(rebuild)
app.command("backup")(backup)
app.command("restore")(restore)
app.command("replay")(replay)
app.command("compare")(compare)
app.command("resume")(resume)
app.command("lost")(lost)
app.command("verify")(verify)
app.command("screen")(screen)
app.command("scrub")(scrub)
app.command("personal-data")(personal_data)
app.add_typer(quarantine, name="quarantine")
app.add_typer(importing, name="import")
app.add_typer(programme, name="programme")
app.add_typer(lists, name="lists")
app.add_typer(reform, name="reform")
app.add_typer(log, name="log")


@app.callback()
def _mshauri() -> None:
    """The system of record for health-worker mentorship programmes."""


def main() -> None:
    """Run the command line."""
    app()

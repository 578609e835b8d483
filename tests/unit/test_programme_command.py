"""`mshauri programme`: what it prints of a file, and the commands that publish one."""

from datetime import date
from pathlib import Path

import msgspec
import pytest
from typer.testing import CliRunner

import shared.contracts.registry
import shared.contracts.validation  # noqa: F401  (fill `commands`)
from mshauri.programme import app, publish_wishes
from shared.contracts.base import commands
from shared.contracts.definition import Definition
from shared.programmes.file import read_programme

FILE = Path(__file__).parents[2] / "programmes" / "ingobyi-hospital.yaml"


@pytest.fixture(scope="module")
def definition() -> Definition:
    """The hospital programme."""
    read = read_programme(FILE.read_text(encoding="utf-8"))
    assert isinstance(read, Definition)
    return read


def test_a_sound_file_is_said_to_be_sound() -> None:
    result = CliRunner().invoke(app, ["check", str(FILE)])
    assert result.exit_code == 0
    assert "sound. 3 areas, 25 competencies." in result.output


def test_a_broken_file_is_explained_by_line_and_ends_with_1(tmp_path: Path) -> None:
    text = FILE.read_text(encoding="utf-8").replace("threshold: 85", "treshold: 85")
    (tmp_path / "broken.yaml").write_text(text, encoding="utf-8")
    result = CliRunner().invoke(app, ["check", str(tmp_path / "broken.yaml")])
    assert result.exit_code == 1
    line = text[: text.index("treshold")].count("\n") + 1
    assert str(line) in result.output
    assert "Did you mean" in result.output


def test_publishing_sends_the_frameworks_first_and_then_the_programme(
    definition: Definition,
) -> None:
    text = FILE.read_text(encoding="utf-8")
    wishes = publish_wishes(text, definition, date(2018, 7, 1))
    assert [wish.name for wish in wishes] == ["frameworkPublish"] * 3 + ["programmePublish"]
    for wish in wishes:
        msgspec.convert(wish.command, commands[wish.name])


def test_the_same_file_makes_the_same_commands_and_a_changed_one_others(
    definition: Definition,
) -> None:
    text = FILE.read_text(encoding="utf-8")
    first, again = publish_wishes(text, definition), publish_wishes(text, definition)
    assert first == again
    later = publish_wishes(text, definition, date(2018, 7, 1))
    assert not {wish.command["commandId"] for wish in first} & {
        wish.command["commandId"] for wish in later
    }


def test_a_version_that_shares_its_frameworks_with_another_publishes_them_once(
    definition: Definition,
) -> None:
    text = FILE.read_text(encoding="utf-8")
    other = text.replace("version: 1", "version: 2", 1)
    first, second = publish_wishes(text, definition), publish_wishes(other, definition)
    assert first[:-1] == second[:-1]
    assert first[-1].command["commandId"] != second[-1].command["commandId"]


def test_several_files_are_checked_at_once_and_one_mistake_is_enough(tmp_path: Path) -> None:
    good = sorted(FILE.parent.glob("*.yaml"))
    result = CliRunner().invoke(app, ["check", *map(str, good)])
    assert result.exit_code == 0
    assert result.output.count("sound.") == len(good)
    (tmp_path / "broken.yaml").write_text("programme: x\n", encoding="utf-8")
    result = CliRunner().invoke(app, ["check", str(FILE), str(tmp_path / "broken.yaml")])
    assert result.exit_code == 1
    assert "sound." in result.output
    assert "broken.yaml" in result.output.replace("\n", "")

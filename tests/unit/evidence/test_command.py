"""`mshauri evidence` says in a sentence what it cannot do, and writes nothing then."""

from pathlib import Path

from typer.testing import CliRunner

from mshauri.cli import app

_ASKED = ("evidence", "DEMO-1", "--token", "none", "--gateway-url", "http://127.0.0.1:9")


def test_what_cannot_be_read_is_named_before_anything_is_asked(tmp_path: Path) -> None:
    output = tmp_path / "evidence.zip"
    nowhere, none = tmp_path / "nowhere.txt", tmp_path / "none.txt"
    none.write_text("no key\n")
    for option, file in (("--since", nowhere), ("--trust", nowhere), ("--trust", none)):
        ended = CliRunner().invoke(app, [*_ASKED, "-o", str(output), option, str(file)])
        assert ended.exit_code == 1
        assert file.name in ended.output
        assert "Traceback" not in ended.output
    assert not output.exists()

"""Writes again what is generated from the code and committed; `make schema` runs it."""

from pathlib import Path

from mshauri.stack.compose import compose_file
from services.gateway.graphql.schema import build_schema
from shared.contracts.asyncapi import as_yaml
from shared.contracts.definition import Definition
from shared.contracts.schema import documents
from shared.programmes.file import read_programme
from shared.programmes.handbook import page

ROOT = Path(__file__).parents[1]


def generated() -> dict[str, str]:
    """Return the text of each generated file, by its path in the checkout."""
    return {
        "docker-compose.yml": compose_file(),
        "schema.graphql": build_schema().as_str().rstrip() + "\n",
        "docs/contracts/asyncapi.yaml": as_yaml(),
        "docs/programmes.md": _programmes_page(),
        **{f"docs/contracts/{path}": text for path, text in documents().items()},
    }


def _programmes_page() -> str:
    """Return the page with its hand-written beginning as it is, and the reference made anew."""
    template = read_programme((ROOT / "programmes" / "mcsp-template.yaml").read_text("utf-8"))
    assert isinstance(template, Definition), template
    return page((ROOT / "docs" / "programmes.md").read_text("utf-8"), template)


def main() -> None:
    """Write every generated file whose text has changed, and name it."""
    for path, text in generated().items():
        file = ROOT / path
        if not file.exists() or file.read_text() != text:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
            print(f"wrote {path}")


if __name__ == "__main__":
    main()

"""`docs/programmes.md`: current, complete, and its own example is a programme."""

from pathlib import Path

import msgspec
import pytest

from shared.contracts.definition import Definition
from shared.programmes.file import read_programme
from shared.programmes.handbook import MARK, kinds, meaning, names, page

ROOT = Path(__file__).parents[2]
WRITTEN = (ROOT / "docs" / "programmes.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def template() -> Definition:
    """The programme that has every setting."""
    text = (ROOT / "programmes" / "mcsp-template.yaml").read_text(encoding="utf-8")
    read = read_programme(text)
    assert isinstance(read, Definition)
    return read


def test_the_page_is_what_the_contract_says_today(template: Definition) -> None:
    assert page(WRITTEN, template) == WRITTEN, "run make schema"


def test_the_page_keeps_what_a_person_wrote(template: Definition) -> None:
    assert page(f"# Mine\n\n{MARK}\nold", template).startswith(f"# Mine\n\n{MARK}\n\n## Every")


def test_every_field_and_every_name_has_a_meaning() -> None:
    missing = [
        f"{kind.__name__}.{field}"
        for kind in kinds()
        for field in kind.__struct_fields__
        if not meaning(kind, field)
    ]
    missing += [
        f"{kind.__name__}.{member.value}"
        for kind, said in names().items()
        for member in kind
        if member.name not in said
    ]
    assert missing == []


def test_every_field_of_every_part_stands_on_the_page() -> None:
    for kind in kinds():
        for field in msgspec.structs.fields(kind):
            assert f"| `{field.encode_name}` |" in WRITTEN


def test_the_small_programme_on_the_page_is_sound() -> None:
    _, _, rest = WRITTEN.partition("```yaml\n")
    example, _, _ = rest.partition("```")
    read = read_programme(example)
    assert isinstance(read, Definition), read

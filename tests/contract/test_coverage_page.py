"""`docs/coverage.md` has every feature of the seeds, once, and counts them right."""

import re
from collections import Counter
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "coverage.md"
FEATURES = 199
"""In the five cases, read sentence by sentence."""
ROW = re.compile(r"^\| (?P<feature>.+?) \| (?P<met>[●◐○]) \| (?P<where>.+?) \| (?P<missing>.+) \|$")


def rows() -> list[re.Match[str]]:
    """Return the rows of all its tables."""
    lines = [line for line in PAGE.read_text().splitlines() if line.startswith("| ")]
    found = [ROW.match(line) for line in lines if not line.startswith("| feature |")]
    assert None not in found, "a row has four cells: feature, ● ◐ or ○, where, what is missing"
    return [row for row in found if row is not None]


def test_every_feature_has_a_row() -> None:
    assert len(rows()) == FEATURES


def test_the_page_counts_its_rows() -> None:
    met = Counter(row["met"] for row in rows())
    assert f"Met in full {met['●']}, in part {met['◐']}, not yet {met['○']}." in PAGE.read_text()


def test_what_is_met_in_full_says_where() -> None:
    nowhere = [row["feature"] for row in rows() if row["met"] == "●" and row["where"] == "–"]
    assert [feature for feature in nowhere if "patient" not in feature] == []

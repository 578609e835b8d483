"""Invented health workers: names common in a country, put together by chance; nobody is meant."""

from dataclasses import dataclass
from datetime import date
from random import Random
from typing import Any
from uuid import UUID

from mshauri.demo.data import read_data
from mshauri.demo.stage import Script


@dataclass(frozen=True, slots=True)
class Person:
    """A health worker at the unit they are posted to."""

    id: UUID
    number: str
    given_names: str
    family_name: str
    cadre: str
    org_unit_id: UUID
    posted: date
    languages: tuple[str, ...] = ()

    def register(self) -> dict[str, Any]:
        """Return the content of the `healthWorkerRegister` that makes them known."""
        return {
            "id": self.id,
            "number": self.number,
            "givenNames": self.given_names,
            "familyName": self.family_name,
            "cadre": self.cadre,
            "languages": self.languages,
            "orgUnitId": self.org_unit_id,
        }


class People:
    """Makes one person after another; the same script makes the same ones."""

    def __init__(self, script: Script, country: str) -> None:
        """Make people with names common in `country`, by its ISO 3166-1 code."""
        self._script = script
        self._random = Random(f"people/{script.story}/{script.seed}")
        rows = [row.cells for row in read_data("names.csv").rows if row.cells["country"] == country]
        self._family = [row["family"] for row in rows]
        self._given = [row["given"] for row in rows]
        self._made = 0

    def person(
        self, cadre: str, org_unit_id: UUID, posted: date, languages: tuple[str, ...] = ()
    ) -> Person:
        """Make somebody posted at a unit since a day."""
        self._made += 1
        return Person(
            id=self._script.id("health_worker", self._made),
            number=f"DEMO-{self._script.story.upper()}-{self._script.seed}-{self._made:05d}",
            given_names=self._random.choice(self._given),
            family_name=self._random.choice(self._family),
            cadre=cadre,
            org_unit_id=org_unit_id,
            posted=posted,
            languages=languages,
        )

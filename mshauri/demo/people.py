"""Invented health workers: common Rwandan names, put together by chance. Nobody real is meant."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any
from uuid import UUID

from mshauri.demo.places import Place, read_data
from shared.domain import derived_id

MENTEE_CADRES = {
    "PAEDIATRICS": ("Nurse", "Nurse", "Medical doctor", "Intern doctor"),
    "MIDWIFERY": ("Midwife", "Midwife", "Nurse"),
    "OBSTETRICS": ("Medical doctor", "Medical doctor", "Midwife", "Anaesthetist"),
}
MENTOR_CADRES = {
    "PAEDIATRICS": "Paediatrician",
    "MIDWIFERY": "Senior midwife",
    "OBSTETRICS": "Obstetrician-gynaecologist",
}


@dataclass(frozen=True, slots=True)
class Person:
    """A health worker at the facility they are posted to."""

    id: UUID
    number: str
    given_names: str
    family_name: str
    cadre: str
    place: Place
    posted: date

    def register(self) -> dict[str, Any]:
        """Return the content of the `healthWorkerRegister` that makes them known."""
        return {
            "id": str(self.id),
            "number": self.number,
            "givenNames": self.given_names,
            "familyName": self.family_name,
            "cadre": self.cadre,
            "orgUnitId": str(self.place.id),
            "occurredOn": self.posted.isoformat(),
        }


class People:
    """Makes one person after another; the same seed makes the same ones."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._random = Random(f"people/{seed}")
        rows = read_data("names.csv").rows
        self._family = [row.cells["family"] for row in rows]
        self._given = [row.cells["given"] for row in rows]
        self._made = 0

    def mentor(self, area: str, place: Place, posted: date) -> Person:
        """Make a senior member of the area's association."""
        return self._person(MENTOR_CADRES[area], place, posted)

    def mentee(self, area: str, place: Place, before: date) -> Person:
        """Make somebody posted at the facility for some months or years before a day."""
        posted = before - timedelta(days=self._random.randint(60, 3000))
        return self._person(self._random.choice(MENTEE_CADRES[area]), place, posted)

    def _person(self, cadre: str, place: Place, posted: date) -> Person:
        self._made += 1
        return Person(
            id=derived_id("demo_health_worker", self._seed, self._made),
            number=f"DEMO-{self._seed}-{self._made:05d}",
            given_names=self._random.choice(self._given),
            family_name=self._random.choice(self._family),
            cadre=cadre,
            place=place,
            posted=posted,
        )

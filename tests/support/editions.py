"""Two editions of a master facility list, made after the structure of real ones, with the mistakes
that such lists have; and beside each what becomes of it, worked out here and nowhere else.

The country, its places and its facilities are invented.
"""

import csv
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from io import StringIO
from random import Random

FACILITIES = 1_400
HEADINGS = (
    *("code", "facility_name", "facility_type", "care_level", "owner", "province", "district"),
    *("latitude", "longitude", "beds", "telephone", "status"),
)
OWNERS = {"Government": "PUBLIC", "Private": "PRIVATE", "Faith based": "FAITH_BASED", "NGO": "NGO"}
STATUSES = {"Operational": True, "Temporarily closed": False, "Pending opening": False}
MAPPING = """
name: An invented country's master facility list
country: {code: QZ, name: Zanga, latitude: [-7.0, -3.0], longitude: [28.0, 34.0]}
columns:
  code: code
  name: facility_name
  type: facility_type
  level: care_level
  ownership:
    heading: owner
    others: REFUSE
    values: {Government: PUBLIC, Private: PRIVATE, Faith based: FAITH_BASED, NGO: NGO}
  latitude: latitude
  longitude: longitude
  beds: beds
  operational:
    heading: status
    others: REFUSE
    values: {Operational: true, Temporarily closed: false, Pending opening: false}
above:
  - {kind: PROVINCE, name: province}
  - {kind: DISTRICT, name: district}
"""

TYPES = (
    ("Dispensary", "Level 2", (0, 6)),
    ("Health Centre", "Level 3", (4, 30)),
    ("Clinic", "Level 2", (0, 4)),
    ("Nursing & Maternity Home", "Level 3", (6, 24)),
    ("District Hospital", "Level 4", (60, 240)),
    ("Referral Hospital", "Level 5", (250, 900)),
)
OFTEN = (48, 26, 16, 5, 4, 1)
PROVINCES = ("North", "East", "South", "West", "Capital City")
STEMS = ("Ka", "Bu", "Mu", "Nya", "Gi", "Ru", "Ki", "Ngo", "Sha", "Lu", "Ma", "Bwi")
ENDS = ("tare", "geri", "hanga", "sagara", "mbo", "ronko", "zige", "pande", "teza", "vumu")
SAINTS = ("St. Anne's", "Bon Samaritain", "Ste-Thérèse", "Al-Nour", "Emmanuel", "Mama N'Safi")


@dataclass(frozen=True)
class Listed:
    """A row of an edition, in the list's own words."""

    code: str
    name: str
    type: str
    level: str
    owner: str
    province: str
    district: str
    latitude: str
    longitude: str
    beds: str
    telephone: str
    status: str

    def cells(self) -> list[str]:
        """Return its cells in the order of the headings."""
        return [getattr(self, name) for name in self.__dataclass_fields__]


@dataclass(frozen=True)
class Stands:
    """What is to be read of a facility, in the API's words."""

    name: str
    type: str
    level: str
    ownership: str
    province: str
    district: str
    latitude: float | None
    longitude: float | None
    beds: int | None
    operational: bool

    def differs(self, other: "Stands") -> int:
        """Count what of it is another: each a change; two places of a point are two."""
        single = ("name", "type", "level", "ownership", "latitude", "longitude", "beds")
        facts: list[tuple[object, object]] = [
            (getattr(self, fact), getattr(other, fact)) for fact in (*single, "operational")
        ]
        facts.append(((self.province, self.district), (other.province, other.district)))
        return sum(ours != theirs for ours, theirs in facts)


@dataclass
class Edition:
    """An edition, and what becomes of it where the one before landed.

    Attributes:
        rows: its cells, row by row; blank ones too.
        refused: row, column and code of every invented mistake.
        left_out: likewise of every row that counts others.
        warned: likewise, of what lands and is looked at.
        stands: what is to be read of each facility after it, by its code.
        new, changed, same: the codes of the rows that land, by what becomes of them.
        changes: how many single facts change.
    """

    rows: list[list[str]] = field(default_factory=list)
    refused: set[tuple[int, str, str]] = field(default_factory=set)
    left_out: set[tuple[int, str, str]] = field(default_factory=set)
    warned: set[tuple[int, str, str]] = field(default_factory=set)
    stands: dict[str, Stands] = field(default_factory=dict)
    new: set[str] = field(default_factory=set)
    changed: set[str] = field(default_factory=set)
    same: set[str] = field(default_factory=set)
    changes: int = 0

    @property
    def refused_rows(self) -> set[int]:
        """The rows that no part of lands."""
        return {row for row, _, _ in self.refused}

    def refused_by_code(self) -> Counter[str]:
        """Count the mistakes by their codes."""
        return Counter(code for _, _, code in self.refused)

    def text(self) -> str:
        """Return it as a CSV file holds it."""
        out = StringIO()
        csv.writer(out).writerows([HEADINGS, *self.rows])
        return out.getvalue()

    def put(self, cells: Sequence[str]) -> int:
        """Put a row behind the others; return its number, as a spreadsheet counts."""
        self.rows.append(list(cells))
        return len(self.rows) + 1

    def land(self, one: Listed) -> int:
        """Put a row that lands, and reckon what it changes; return its number."""
        before, now = self.stands.get(one.code), stands(one)
        if before is None:
            self.new.add(one.code)
        else:
            # What the list leaves empty stays, and what it writes in other letters.
            alike = {
                fact: getattr(before, fact)
                for fact in ("name", "type")
                if getattr(before, fact).casefold() == getattr(now, fact).casefold()
            }
            now = replace(
                now,
                **alike,
                beds=before.beds if now.beds is None else now.beds,
                latitude=before.latitude if now.latitude is None else now.latitude,
                longitude=before.longitude if now.longitude is None else now.longitude,
            )
            (self.changed if now != before else self.same).add(one.code)
            self.changes += now.differs(before)
        self.stands[one.code] = now
        return self.put(one.cells())

    def refuse(self, cells: Sequence[str], *mistakes: tuple[str, str]) -> int:
        """Put a row that is refused for mistakes, each a column and a code; return its number."""
        row = self.put(cells)
        self.refused |= {(row, column, code) for column, code in mistakes}
        return row

    def warn(self, row: int, column: str, code: str) -> None:
        """Note what a row that lands is looked at for."""
        self.warned.add((row, column, code))


def stands(one: Listed) -> Stands:
    """Return what is to be read of a row that landed."""
    return Stands(
        name=" ".join(one.name.split()),
        type=one.type,
        level=one.level,
        ownership=OWNERS[one.owner],
        province=one.province,
        district=one.district,
        latitude=float(one.latitude) if one.latitude else None,
        longitude=float(one.longitude) if one.longitude else None,
        beds=int(one.beds.partition(".")[0]) if one.beds not in NO_BEDS else None,
        operational=STATUSES[one.status],
    )


NO_BEDS = ("", "N/A", "#N/A", "n.a.", "-")
"""What lists write where nobody counted."""


def editions(seed: int = 20_20, facilities: int = FACILITIES) -> tuple[Edition, Edition]:
    """Return two editions of one list, one after the other."""
    chance = Random(seed)
    places = list(_places(chance))
    listed = [_facility(chance, 10_000 + 7 * at, places) for at in range(facilities)]
    first = _first(chance, listed)
    return first, _second(chance, listed, places, first)


def _places(chance: Random) -> Iterator[tuple[str, str]]:
    names = [f"{stem}{end}" for stem in STEMS for end in ENDS]
    chance.shuffle(names)
    for at in range(30):
        yield PROVINCES[at % len(PROVINCES)], names[at]
    # Two districts of one name, in two provinces.
    yield "North", names[1]


def _facility(chance: Random, code: int, places: Sequence[tuple[str, str]]) -> Listed:
    kind, level, (least, most) = chance.choices(TYPES, OFTEN)[0]
    province, district = chance.choice(places)
    owner = chance.choices(tuple(OWNERS), (60, 25, 10, 5))[0]
    called = chance.choice(SAINTS) if owner == "Faith based" else chance.choice(STEMS) + "ndo"
    there = chance.random() < 0.9
    beds = str(chance.randint(least, most))
    return Listed(
        code=f"ZF-{code}",
        # The number tells apart what a list of this length would call alike.
        name=f"{called} {chance.choice(ENDS).title()} {code % 1000} {kind}",
        type=kind,
        level=level,
        owner=owner,
        province=province,
        district=district,
        latitude=f"{chance.uniform(-6.8, -3.2):.5f}" if there else "",
        longitude=f"{chance.uniform(28.2, 33.8):.5f}" if there else "",
        beds=chance.choices((beds, f"{beds}.0", *NO_BEDS), (80, 10, 2, 2, 2, 2, 2))[0],
        status=chance.choices(tuple(STATUSES), (94, 4, 2))[0],
        telephone=f"0788{chance.randint(100_000, 999_999)}",
    )


def _otherwise(one: Listed, **cells: str) -> list[str]:
    return replace(one, **cells).cells()


def _slid(one: Listed) -> list[str]:
    """Return a row whose beds were lost, so that a telephone number slid into their place; as it is
    where a spreadsheet took it for a number.
    """
    cells = one.cells()
    at = HEADINGS.index("beds")
    return [*cells[:at], one.telephone.lstrip("0"), one.status, ""]


Mistake = tuple[Callable[[Listed], list[str]], tuple[tuple[str, str], ...]]

MISTAKES: tuple[Mistake, ...] = (
    (lambda one: _otherwise(one, code="N/A"), (("code", "MISSING_CODE"),)),
    (lambda one: _otherwise(one, code=""), (("code", "MISSING_CODE"),)),
    (lambda one: _otherwise(one, code="#REF!"), (("code", "SPREADSHEET_ERROR"),)),
    (lambda one: _otherwise(one, code=f"{one.code} B"), (("code", "BAD_CODE"),)),
    (lambda one: _otherwise(one, name="#REF!"), (("facility_name", "SPREADSHEET_ERROR"),)),
    (lambda one: _otherwise(one, name="—"), (("facility_name", "MISSING_NAME"),)),
    (lambda one: _otherwise(one, beds="#VALUE!"), (("beds", "SPREADSHEET_ERROR"),)),
    (lambda one: _otherwise(one, beds="a dozen"), (("beds", "BAD_NUMBER"),)),
    (lambda one: _otherwise(one, beds="-4"), (("beds", "BAD_NUMBER"),)),
    (_slid, (("beds", "OUT_OF_BOUNDS"),)),
    (lambda one: _otherwise(one, district="N/A"), (("district", "MISSING_PARENT"),)),
    (lambda one: _otherwise(one, owner="Goverment"), (("owner", "UNKNOWN_VALUE"),)),
    (lambda one: _otherwise(one, status="1"), (("status", "UNKNOWN_VALUE"),)),
    (
        lambda one: _otherwise(one, latitude="0", longitude="0.0000"),
        (("latitude, longitude", "OUTSIDE_COUNTRY"),),
    ),
    (
        lambda one: _otherwise(one, latitude="30.11", longitude="-4.52"),
        (("latitude, longitude", "COORDINATES_SWAPPED"),),
    ),
    (
        lambda one: _otherwise(one, latitude="4°91'12\" S", longitude="30.5"),
        (("latitude", "BAD_COORDINATE"),),
    ),
    (
        lambda one: _otherwise(one, latitude="-4.4", longitude="N/A"),
        (("longitude", "HALF_A_COORDINATE"),),
    ),
    (
        lambda one: _otherwise(
            one, beds="#DIV/0!", owner="", latitude="-4.5.2", longitude="30 or so"
        ),
        (
            ("beds", "SPREADSHEET_ERROR"),
            ("latitude", "BAD_COORDINATE"),
            ("longitude", "BAD_COORDINATE"),
        ),
    ),
    (lambda one: one.cells()[:-2], (("", "WRONG_CELL_COUNT"),)),
)
"""Each alone makes a row be refused; for these columns and codes."""


def _first(chance: Random, listed: list[Listed]) -> Edition:
    """Write the first edition; `listed` comes to hold what its rows say."""
    edition = Edition()
    bad = chance.sample(range(20, len(listed) - 20), len(MISTAKES))
    mistakes = dict(zip(bad, MISTAKES, strict=True))
    for at, one in enumerate(listed):
        if at in mistakes:
            spoil, told = mistakes[at]
            edition.refuse(spoil(one), *told)
        elif at == 5:
            # One letter of the district is another: only this row lies in it.
            listed[at] = replace(one, district=f"{one.district[:-1]}q")
            edition.warn(edition.land(listed[at]), "district", "LONE_LEVEL")
        elif at % 90 == 0:
            edition.land(replace(one, name="  " + one.name.replace(" ", "\u00a0 ") + " "))
        else:
            edition.land(one)
        if at % 200 == 0:
            edition.put(["", " ", *[""] * (len(HEADINGS) - 2)])
    tied = replace(listed[0], code="ZF-90001", name="Tied")
    for name in ("Tied", "Tied too", "Tied again"):
        edition.refuse(_otherwise(tied, name=name), ("code", "DUPLICATE_CODE"))
    alike = replace(listed[1], code="ZF-90002", name="Alike")
    edition.refuse(alike.cells(), ("code", "CODE_ALIKE"))
    edition.refuse(_otherwise(alike, code="zf-90002"), ("code", "CODE_ALIKE"))
    total = ["", "Total", *[""] * 7, "31,204", "", ""]
    _sum(edition, total)
    return edition


def _sum(edition: Edition, cells: list[str]) -> None:
    edition.left_out.add((edition.put(cells), "", "LEFT_OUT_TOTAL"))


def _second(
    chance: Random, listed: list[Listed], places: Sequence[tuple[str, str]], before: Edition
) -> Edition:
    """Write the edition after: rows of the first mended, spoilt, changed, gone; and new ones."""
    edition = Edition(stands=dict(before.stands))
    stood = [at for at, one in enumerate(listed) if one.code in before.stands]
    spoilt = dict(zip(chance.sample(stood[20:-60], len(MISTAKES)), MISTAKES, strict=True))
    free = [at for at in stood[20:-60] if at not in spoilt]
    gone = set(chance.sample(free, 25))
    recoded = set(chance.sample([at for at in free if at not in gone], 4))
    last: list[Listed] = []
    for at, one in enumerate(listed):
        if at in gone:
            continue
        if at in spoilt:
            spoil, told = spoilt[at]
            changed = replace(one, name=f"{one.name} (changed)", beds="1")
            edition.refuse(spoil(changed), *told)
        elif at in recoded:
            # The ministry gave it another code: nothing but its name and place say that it is it.
            again = replace(one, code=f"ZG-{one.code[3:]}")
            edition.warn(edition.land(again), "facility_name", "SAME_NAME")
        elif one.code not in before.stands:
            edition.land(one)
        elif at == 5:
            right = listed[4].district if listed[4].province == one.province else ""
            mended = right or next(name for where, name in places if where == one.province)
            edition.land(replace(one, district=mended))
        elif at >= stood[-3]:
            # Its code, written as a spreadsheet or a hand writes it.
            ways = (one.code.lower(), f"{one.code}.0", f"{one.code.lower()}.0")
            last.append(replace(one, code=ways[at % 3]))
        else:
            edition.land(_changed(chance, at, one, places))
    for number in range(30):
        edition.land(_facility(chance, 40_000 + 3 * number, places))
    # A new district, with rows of the old ones and with new ones.
    for number in range(3):
        made = _facility(chance, 50_000 + number, places)
        edition.land(replace(made, province="West", district="Newland"))
    for one in last:
        edition.refuse(one.cells(), ("code", "CODE_STANDS_ALIKE"))
    for code in ("ZF-90003", "ZF-90003"):
        edition.refuse(_otherwise(listed[3], code=code, name="Tied"), ("code", "DUPLICATE_CODE"))
    for code in ("ZF-90004", "ZF-90004.0"):
        edition.refuse(_otherwise(listed[3], code=code, name="Alike"), ("code", "CODE_ALIKE"))
    _sum(edition, ["", "GRAND TOTAL", *[""] * 7, "30,880", "", ""])
    return edition


def _changed(chance: Random, at: int, one: Listed, places: Sequence[tuple[str, str]]) -> Listed:
    """Return what the edition after says of a row: most often the same, in other letters."""
    kind, level, (least, most) = chance.choice(TYPES)
    cells: dict[str, str] = {}
    if at % 12 == 0:
        cells |= {"beds": str(chance.randint(least, most))}
    if at % 20 == 1:
        cells |= {"type": kind, "level": level}
    if at % 25 == 2:
        cells |= {"owner": chance.choice(tuple(OWNERS))}
    if at % 30 == 3:
        cells |= {"name": f"{one.name.replace(one.type, '').strip()} {kind} II"}
    if at % 40 == 4:
        province, district = chance.choice(places)
        cells |= {"province": province, "district": district}
    if at % 50 == 6:
        cells |= {"latitude": "-4.43210", "longitude": f"{chance.uniform(29, 33):.4f}"}
    if at % 60 == 7:
        cells |= {"status": chance.choice(tuple(STATUSES))}
    if at % 70 == 8:
        cells |= {"province": "West", "district": "Newland"}
    if at % 17 == 9:
        # Nobody counted, or measured, this time.
        cells |= {"beds": chance.choice(NO_BEDS), "latitude": "", "longitude": ""}
    changed = replace(one, **cells)
    if at % 10 == 0:
        changed = replace(changed, type=changed.type.upper())
    if at % 13 == 5:
        changed = replace(changed, name=changed.name.upper())
    return changed

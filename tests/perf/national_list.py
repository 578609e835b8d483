"""A made-up facility list as large as a country's, in the columns of Kenya's public one.

The same every time. As many rows and units above them as the Kenyan list of 20 May 2020 has, which
is not in the repository; every name is invented.
"""

import csv
from pathlib import Path
from random import Random

ROWS, COUNTIES, SUB_COUNTIES, WARDS = 12_379, 47, 290, 1_403
UNITS = 1 + COUNTIES + SUB_COUNTIES + WARDS + ROWS
"""14,120: the country among them."""

_HEADINGS = (
    "code",
    "name",
    "keph_level_name",
    "facility_type_name",
    "owner_type_name",
    "county_name",
    "sub_county_name",
    "ward_name",
    "lat",
    "long",
    "operation_status_name",
    "beds",
)
_KINDS = (
    ("Level 2", "Dispensary", 0),
    ("Level 2", "Medical Clinic", 0),
    ("Level 3", "Basic Health Centre", 12),
    ("Level 4", "Primary care hospitals", 60),
)
_OWNERS = ("Ministry of Health", "Private Practice", "Faith Based Organization")


def write_national_list(path: Path, rows: int = ROWS) -> None:
    """Write the list, or its first rows, which go through the wards in turn.

    Latitude and longitude are swapped, as in the real one.
    """
    random = Random("national list")
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(_HEADINGS)
        for number in range(rows):
            ward = number % WARDS
            sub_county = ward % SUB_COUNTIES
            level, kind, beds = random.choices(_KINDS, (60, 25, 12, 3))[0]
            writer.writerow(
                (
                    10_000 + number,
                    f"Facility {number}",
                    level,
                    kind,
                    random.choice(_OWNERS),
                    f"County {sub_county % COUNTIES}",
                    f"Sub-county {sub_county}",
                    f"Ward {ward}",
                    round(random.uniform(34.0, 41.0), 5),
                    round(random.uniform(-4.0, 4.0), 5),
                    "Operational",
                    beds,
                )
            )

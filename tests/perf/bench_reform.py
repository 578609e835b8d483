"""How long a reform of a hundred districts takes, from its file to the last row that shows it.

    python -m tests.perf.bench_reform [--facilities 10]

A country of a hundred districts, with so many facilities in each, on a whole embedded stack, fsync
on; a quarter of the districts is split up, a quarter merged, the others are moved under a new
province. `mshauri reform plan` shows what it would do and drafts it, somebody else approves it, and
it is there when its last unit can be read.
"""

import argparse
import asyncio
import os
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

from mshauri.api import Api, Wish, global_id, send_all
from mshauri.stack.stack import OPERATOR, Stack
from shared.access.issuer import DevelopmentIssuer
from shared.domain import new_id

DISTRICTS = 100
SINCE, ON = "2020-01-01", "2024-07-01"
REVIEWER = "reviewer@moh"
_STATE = "query State($id: ID!) { reform(id: $id) { state faults { code field } } }"
_SHOWN = "query Shown($id: ID!) { orgUnit(id: $id) { parent { code } } }"


def ref(unit: UUID) -> str:
    """Return the id of a unit as the API takes it."""
    return global_id("OrgUnit", unit)


def establish(id: UUID, code: str, kind: str, parent: UUID | None) -> Wish:
    """Return the command that establishes a unit."""
    command: dict[str, Any] = {
        "commandId": str(new_id()), "id": str(id), "code": code, "name": f"Unit {code}",
        "unitKind": kind, "occurredOn": SINCE,
    }  # fmt: skip
    return Wish("orgUnitEstablish", command | ({"parentId": ref(parent)} if parent else {}))


async def founded(api: Api, facilities: int) -> UUID:
    """Establish the country; return one of its facilities that is moved."""
    root, province = new_id(), new_id()
    districts = [new_id() for _ in range(DISTRICTS)]
    below = {district: [new_id() for _ in range(facilities)] for district in districts}
    for level in (
        [establish(root, "KE", "COUNTRY", None)],
        [establish(province, "KE-P", "PROVINCE", root)],
        [establish(each, f"D{at}", "DISTRICT", province) for at, each in enumerate(districts)],
        [
            establish(each, f"F{at}-{place}", "FACILITY", district)
            for at, district in enumerate(districts)
            for place, each in enumerate(below[district])
        ],
        [
            Wish(
                "accessGrantGive",
                {
                    "commandId": str(new_id()), "subjectName": subject, "role": role,
                    "orgUnitId": ref(root), "occurredOn": SINCE,
                },
            )
            for subject, role in ((REVIEWER, "ADMINISTRATOR"), ("drafter@moh", "ADMINISTRATOR"))
        ],
    ):  # fmt: skip
        answers = await send_all(api, [[wish] for wish in level])
        assert all(answer.recorded for answer in answers), answers[0]
        await api.caught_up([at for answer in answers for at in answer.positions])
    return below[districts[0]][0]


def written() -> str:
    """Return the reform, as a person writes it."""
    lines = [
        f"name: A hundred districts\nwithin: KE\neffectiveOn: {ON}\nreason: A law.\nchanges:",
        "  - {establish: KE-N, name: New province, kind: PROVINCE, under: KE}",
    ]
    for at in range(DISTRICTS):
        match at % 4:
            case 0:
                parts = ", ".join(f"{{code: D{at}{end}, name: Part {end}}}" for end in "NS")
                lines.append(f"  - {{split: D{at}, into: [{parts}], rest: D{at}N}}")
            case 1:
                lines.append(f"  - {{merge: D{at}, into: D{at + 1}}}")
            case _:
                lines.append(f"  - {{move: D{at}, under: KE-N}}")
    return "\n".join(lines) + "\n"


async def drafted(stack: Stack, file: Path) -> str:
    """Show and draft the reform by the command line; return its id."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "mshauri", "reform", "plan", str(file)),
        *("--level", "DISTRICT", "--send"),
        env={
            **os.environ,
            "MSHAURI_GATEWAY_URL": stack.gateway_url,
            "MSHAURI_TOKEN": DevelopmentIssuer(stack.data_dir).mint("drafter@moh"),
        },
        stdout=asyncio.subprocess.PIPE,
    )
    said, _ = await process.communicate()
    assert process.returncode == 0, said.decode()
    (line,) = (line for line in said.decode().splitlines() if line.startswith("Drafted: "))
    return line.removeprefix("Drafted: ")


async def main(facilities: int) -> None:
    """Measure and print."""
    with TemporaryDirectory(prefix="mshauri-bench-") as directory:
        file = Path(directory) / "reform.yaml"
        file.write_text(written(), encoding="utf-8")
        async with Stack(Path(directory) / "stack") as stack:
            issuer = DevelopmentIssuer(stack.data_dir)
            async with Api(stack.gateway_url, issuer.mint(OPERATOR)) as api:
                facility = await founded(api, facilities)
            await asyncio.sleep(3)
            began = time.perf_counter()
            reform = await drafted(stack, file)
            planned = time.perf_counter() - began
            async with Api(stack.gateway_url, issuer.mint(REVIEWER)) as api:
                began = time.perf_counter()
                (answer,) = await api.send(
                    [Wish("reformApprove", {"commandId": str(new_id()), "reformId": reform})]
                )
                assert answer.recorded, answer.errors
                approved = time.perf_counter() - began
                while True:
                    found = (await api.ask(_STATE, id=reform))["reform"]
                    assert not found["faults"], found
                    shown = (await api.ask(_SHOWN, id=ref(facility)))["orgUnit"]
                    if found["state"] == "CARRIED_OUT" and shown["parent"]["code"] == "D0N":
                        break
                    await asyncio.sleep(0.02)
                took = time.perf_counter() - began
    moved = DISTRICTS // 2 * facilities
    print(f"{DISTRICTS} districts, {moved} facilities that go along; seconds\n")
    for name, seconds in (
        ("shown, drafted", planned), ("approved", approved), ("carried out, seen", took - approved)
    ):  # fmt: skip
        print(f"{name:20}{seconds:8.2f}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--facilities", type=int, default=10)
    asyncio.run(main(parser.parse_args().facilities))

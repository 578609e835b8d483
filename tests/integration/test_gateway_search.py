"""Who and what is found, by which words, and by whom: over a real PostgreSQL."""

from collections.abc import AsyncIterator
from itertools import permutations
from typing import Any
from uuid import UUID, uuid4

import pytest
import pytest_asyncio

from services.gateway.graphql.ids import global_id, split_id
from services.gateway.projections import LICENCE, PERSON_IDENTIFIER, PERSON_NAME, PERSON_NUMBER
from shared.contracts.registry.health_worker import HealthWorkerRegistered, HealthWorkerRenamed
from shared.domain.spelling import keys_of, words_of
from tests.support.finding import (
    CARE,
    EVERYBODY,
    HELD,
    HILL,
    LAKE,
    NORTH,
    PEOPLE,
    READERS,
    SHORE,
    SHUT,
    TWO_A,
    TWO_B,
    fill,
)
from tests.support.gateway import OPERATOR, RunningGateway, running_gateway
from tests.support.servers import PostgresServer
from tests.support.telling import id_of

pytestmark = pytest.mark.asyncio(loop_scope="module")

SEARCH = """query Search($text: String!, $kinds: [SearchKind!], $unit: ID, $first: Int!,
  $after: Cursor) {
  search(text: $text, kinds: $kinds, orgUnitId: $unit, first: $first, after: $after) {
    totalCount { value isExact }
    pageInfo { hasNextPage endCursor }
    nodes { why matched score through { id } found { id
      ... on HealthWorker { givenNames number } ... on OrgUnit { name state } } } } }"""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def gateway(
    postgres: PostgresServer, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[RunningGateway]:
    """A gateway over the land."""
    name = f"test_{uuid4().hex}"
    url = await postgres.create_database(name)
    async with running_gateway(url, tmp_path_factory.mktemp("gateway")) as running:
        await fill(running)
        yield running
    await postgres.drop_database(name)


async def search(
    gateway: RunningGateway, text: str, subject: str = OPERATOR, first: int = 20, **more: Any
) -> dict[str, Any]:
    found = await gateway.ask(SEARCH, subject, text=text, first=first, **more)
    return dict(found["search"])


def id_in(node: dict[str, Any]) -> UUID:
    parts = split_id(node["id"])
    assert parts is not None
    return parts[1]


async def found(
    gateway: RunningGateway, text: str, subject: str = OPERATOR, **more: Any
) -> dict[UUID, str]:
    """Return what is found, best first, and by what."""
    answer = await search(gateway, text, subject, **more)
    hits = {id_in(hit["found"]): hit["why"] for hit in answer["nodes"]}
    assert answer["totalCount"] == {"value": len(hits), "isExact": True}
    return hits


async def best(gateway: RunningGateway, text: str, subject: str = OPERATOR, **more: Any) -> UUID:
    return next(iter(await found(gateway, text, subject, **more)))


# ── people by name ────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "text",
    [
        "Zawadi Imara Bandia", "bandia zawadi", "ZAWADI", "zawadi bandai", "Zavadi Bandia",
        "Z. Bandia I.", "zaw band", "Zzawadi", "zawad bandiya",
    ],
)  # fmt: skip
async def test_a_person_is_found_however_they_are_spelt(gateway: RunningGateway, text: str) -> None:
    assert await best(gateway, text) == id_of("zawadi")


async def test_who_is_called_just_so_comes_first(gateway: RunningGateway) -> None:
    both = list(await found(gateway, "imara bandia"))
    assert both == [id_of("imara"), id_of("zawadi")]


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("Juma Mzushi", "initial"), ("desire nguwongo", "apostrophe"),
        ("Ng’uwon’go", "apostrophe"), ("pekee", "one name"), ("Peke", "one name"),
    ],
)  # fmt: skip
async def test_a_name_is_found_as_it_is_written_down(
    gateway: RunningGateway, text: str, who: str
) -> None:
    assert await best(gateway, text) == id_of(who)


async def test_every_word_must_be_met(gateway: RunningGateway) -> None:
    assert await found(gateway, "zawadi haijulikani") == {}


async def test_a_name_from_before_a_marriage_still_finds_her(gateway: RunningGateway) -> None:
    assert await found(gateway, "Malkia Zamani") == {id_of("wed"): "EARLIER_NAME"}
    assert await found(gateway, "Malkia Sasa") == {id_of("wed"): "NAME"}


async def test_a_name_that_was_corrected_finds_nobody(gateway: RunningGateway) -> None:
    assert await found(gateway, "Kosa") == {}
    assert await found(gateway, "Rehema Sahihi") == {id_of("corrected"): "EARLIER_NAME"}
    assert await found(gateway, "Rehema Mpya") == {id_of("corrected"): "NAME"}


async def test_a_merged_record_leads_to_the_one_that_stands_for_her(
    gateway: RunningGateway,
) -> None:
    for text in ("Tumaini Pili", "ke-30001"):
        (hit,) = (await search(gateway, text))["nodes"]
        assert id_in(hit["found"]) == id_of("stands")
        assert id_in(hit["through"]) == id_of("alias")
    (hit,) = (await search(gateway, "Tumaini Kwanza"))["nodes"]
    assert hit["through"] is None


async def test_who_is_found_by_two_records_is_one_hit(gateway: RunningGateway) -> None:
    assert list(await found(gateway, "Tumaini")) == [id_of("stands")]


async def test_a_merged_record_is_shown_itself_where_the_other_is_out_of_scope(
    gateway: RunningGateway,
) -> None:
    assert list(await found(gateway, "Tumaini", "of the north")) == [id_of("alias")]


async def test_the_last_words_may_be_of_where_somebody_works(gateway: RunningGateway) -> None:
    assert await found(gateway, "Bandia Lake Hospital", kinds=["HEALTH_WORKER"]) == {
        id_of("zawadi"): "NAME_AND_PLACE"
    }
    assert await found(gateway, "Bandia southern") == {id_of("imara"): "NAME_AND_PLACE"}


# ── people by number ──────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("text", ["KE-10482", "ke-10482 ", "KE - 10482"])
async def test_a_number_is_found_however_it_is_typed(gateway: RunningGateway, text: str) -> None:
    assert await found(gateway, text) == {id_of("zawadi"): "NUMBER"}


@pytest.mark.parametrize(
    "text", ["0722 123 456", "+254 722 123456", "00254722123456", "722123456", "(0722) 123-456"]
)
async def test_a_phone_is_found_in_whatever_form(gateway: RunningGateway, text: str) -> None:
    assert await found(gateway, text) == dict.fromkeys(
        sorted((id_of("zawadi"), id_of("imara"))), "PHONE"
    )


async def test_a_phone_that_was_replaced_finds_nobody(gateway: RunningGateway) -> None:
    assert await found(gateway, "0711 000 000") == {}
    assert await found(gateway, "0788 999 000") == {id_of("reached"): "PHONE"}


@pytest.mark.parametrize("text", ["0744 555 666", "k@example.org"])
async def test_what_was_taken_back_finds_nobody(gateway: RunningGateway, text: str) -> None:
    assert await found(gateway, text) == {}


@pytest.mark.parametrize(
    ("text", "who", "why", "matched"),
    [
        ("rn7701", "zawadi", "IDENTIFIER", "NCK RN 77 01"),
        ("119908", "reached", "IDENTIFIER", "NID 1 1990 8"),
        ("l/449", "zawadi", "LICENCE", "Council of Nowhere L/44 9"),
        ("ZAWADI@example.org", "zawadi", "EMAIL", "Zawadi@Example.org"),
    ],
)
async def test_a_licence_an_identifier_and_an_address_find_their_holder(
    gateway: RunningGateway, text: str, who: str, why: str, matched: str
) -> None:
    (hit,) = (await search(gateway, text))["nodes"]
    assert (id_in(hit["found"]), hit["why"], hit["matched"]) == (id_of(who), why, matched)


# ── places ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "unit", "why"),
    [
        ("Lake Hospital", LAKE, "NAME"), ("hopsital lake", LAKE, "NAME"),
        ("s300", SHORE, "CODE"), ("harbour", SHORE, "NAME"),
        ("Shore Dispensary", SHORE, "FORMER_NAME"), ("Deserted", SHUT, "NAME"),
    ],
)  # fmt: skip
async def test_a_place_is_found(gateway: RunningGateway, text: str, unit: UUID, why: str) -> None:
    hits = await found(gateway, text, kinds=["ORG_UNIT"])
    assert next(iter(hits.items())) == (unit, why)


@pytest.mark.parametrize(
    ("text", "why"),
    [("Undivided", "NAME"), ("P-500", "CODE"), ("ancient clinic", "NAME"), ("o-400", "CODE")],
)
async def test_a_unit_that_is_no_more_leads_to_its_successors(
    gateway: RunningGateway, text: str, why: str
) -> None:
    assert await found(gateway, text) == dict.fromkeys(sorted((TWO_A, TWO_B)), why)


async def test_a_search_below_a_unit_finds_what_is_there(gateway: RunningGateway) -> None:
    unit = global_id("OrgUnit", NORTH)
    assert list(await found(gateway, "bandia", unit=unit)) == [id_of("zawadi")]
    assert list(await found(gateway, "hospital", unit=unit)) == [LAKE]
    assert list(await found(gateway, "undivided", unit=unit)) == [TWO_B]


async def test_kinds_part_people_from_places(gateway: RunningGateway) -> None:
    assert set(await found(gateway, "hospital", kinds=["ORG_UNIT"])) == {LAKE, HILL}
    assert await found(gateway, "hospital", kinds=["HEALTH_WORKER"]) == {}


# ── pages ─────────────────────────────────────────────────────────────────────────────────────


async def test_pages_follow_each_other(gateway: RunningGateway) -> None:
    whole = [hit["found"]["id"] for hit in (await search(gateway, "no"))["nodes"]]
    assert len(whole) >= 3
    read, after = [], None
    while True:
        page = await search(gateway, "no", first=1, after=after)
        read += [hit["found"]["id"] for hit in page["nodes"]]
        assert page["totalCount"]["value"] == len(whole)
        if not page["pageInfo"]["hasNextPage"]:
            break
        after = page["pageInfo"]["endCursor"]
    assert read == whole


async def test_a_cursor_is_good_for_its_own_search_and_reader(gateway: RunningGateway) -> None:
    after = (await search(gateway, "no", first=1))["pageInfo"]["endCursor"]
    for text, subject in (("nowhere", OPERATOR), ("no", "of the land")):
        answer = await gateway.send(SEARCH, subject, text=text, first=1, after=after)
        assert answer["errors"][0]["extensions"]["code"] == "BAD_CURSOR"


@pytest.mark.parametrize("text", ["", " . ", "a", "x" * 201, "a b c d e f g"])
async def test_too_little_and_too_much_are_told(gateway: RunningGateway, text: str) -> None:
    answer = await gateway.send(SEARCH, text=text, first=1)
    assert answer["errors"][0]["extensions"]["code"] == "MALFORMED"


# ── nobody learns what they may not read ──────────────────────────────────────────────────────

NAMES = sorted(
    {
        word
        for told in PEOPLE
        if isinstance(told.body, HealthWorkerRegistered | HealthWorkerRenamed)
        for word in words_of(f"{told.body.given_names} {told.body.family_name or ''}")
        if len(word) > 1
    }
)
NUMBERS = [
    "0722123456",
    "0733000111",
    "0788999000",
    "rn7701",
    "119908",
    "l/449",
    "zawadi@example.org",
]
WORDS = [*NAMES, *NUMBERS, "bandia lake", "malkia hill", "zz", "ke-10482", "ke-30001", "ke-20004"]
HIDDEN_GROUNDS = {
    *("NAME", "EARLIER_NAME", "NAME_AND_PLACE"),
    *("PHONE", "EMAIL", "IDENTIFIER", "LICENCE"),
}

WHO = """query Who($after: Cursor) { healthWorkers(first: 100, after: $after) {
  nodes { id givenNames } } }"""


async def seen(gateway: RunningGateway, subject: str) -> dict[UUID, bool]:
    """Return whom somebody sees at all, and whether by name."""
    rows = (await gateway.ask(WHO, subject))["healthWorkers"]["nodes"]
    return {id_in(row): row["givenNames"] is not None for row in rows}


async def answers(gateway: RunningGateway, subject: str) -> list[Any]:
    """Return all that somebody is told, to every word: rows, their order, their number, cursors."""
    return [await search(gateway, word, subject, kinds=["HEALTH_WORKER"]) for word in WORDS]


@pytest.mark.parametrize("subject", READERS)
async def test_a_person_is_found_by_name_by_who_may_read_it(
    gateway: RunningGateway, subject: str
) -> None:
    visible = await seen(gateway, subject)
    for word in WORDS:
        answer = await search(gateway, word, subject, kinds=["HEALTH_WORKER"])
        assert answer["totalCount"]["value"] == len(answer["nodes"])
        for hit in answer["nodes"]:
            met = id_in(hit["through"] or hit["found"])
            assert id_in(hit["found"]) in visible
            assert met in visible
            if hit["why"] in HIDDEN_GROUNDS:
                assert visible[met], f"{subject} found by {word} whom they may not read"


KNOWN: dict[str, tuple[dict[UUID, bool], dict[str, set[UUID]]]] = {}
"""Of each reader, whom they see and whether by name, and whom each name finds; asked once."""


async def known_to(
    gateway: RunningGateway, subject: str
) -> tuple[dict[UUID, bool], dict[str, set[UUID]]]:
    if subject not in KNOWN:
        met = {}
        for name in NAMES:
            hits = (await search(gateway, name, subject, kinds=["HEALTH_WORKER"]))["nodes"]
            met[name] = {
                id_in(hit["through"] or hit["found"])
                for hit in hits
                if hit["why"] in {"NAME", "EARLIER_NAME"}
            }
        KNOWN[subject] = await seen(gateway, subject), met
    return KNOWN[subject]


@pytest.mark.parametrize(("one", "other"), permutations(READERS, 2))
async def test_of_two_readers_each_finds_whom_they_read_and_nobody_else(
    gateway: RunningGateway, one: str, other: str
) -> None:
    mine, by_me = await known_to(gateway, one)
    theirs, by_them = await known_to(gateway, other)
    only_theirs = {who for who, read in theirs.items() if read and not mine.get(who)}
    # A record that leads to another may be met by either of the two; whom both read, both find.
    both = {who for who, read in theirs.items() if read and mine.get(who)}
    both -= {id_of("alias"), id_of("stands")}
    for name in NAMES:
        assert not by_me[name] & only_theirs
        assert by_me[name] & both == by_them[name] & both


@pytest.mark.parametrize("subject", READERS)
async def test_what_may_not_be_read_changes_nothing_of_what_is_told(
    gateway: RunningGateway, subject: str
) -> None:
    """Names, phones and identifiers are exchanged for others: whoever may not read them is told the
    same, to the last row, count and cursor.
    """
    visible = await seen(gateway, subject)
    hidden = [who for who in EVERYBODY if not visible.get(who)]
    before = await answers(gateway, subject)
    words = words_of("Bandia Malkia Tumaini Zawadi")
    tables = [t.physical for t in (PERSON_NAME, PERSON_NUMBER, PERSON_IDENTIFIER, LICENCE)]
    for table in tables:
        await gateway.database.execute(f'CREATE TABLE kept_{table} AS TABLE "{table}"')
    of_hidden = "WHERE health_worker_id = ANY($1)"
    try:
        await gateway.database.execute(
            f'UPDATE "{PERSON_NAME.physical}" SET name = $2, words = $3, keys = $4 {of_hidden}',
            hidden, " ".join(words), words, keys_of(words),
        )  # fmt: skip
        for change in (
            f"UPDATE \"{PERSON_NUMBER.physical}\" SET folded = CASE kind WHEN 'PHONE'"
            f" THEN '733000111' ELSE 'zawadi@example.org' END {of_hidden} AND kind <> 'NUMBER'",
            f"UPDATE \"{PERSON_IDENTIFIER.physical}\" SET value_folded = 'rn7701' {of_hidden}",
            f"UPDATE \"{LICENCE.physical}\" SET number_folded = 'rn7701' {of_hidden}",
        ):
            await gateway.database.execute(change, hidden)
        assert await answers(gateway, subject) == before
    finally:
        for table in tables:
            await gateway.database.execute(
                f'DELETE FROM "{table}"; INSERT INTO "{table}" TABLE kept_{table};'
                f" DROP TABLE kept_{table}"
            )


LISTED = """query Listed($filter: HealthWorkerFilter) {
  healthWorkers(first: 20, filter: $filter) { totalCount { value } nodes { id } } }"""


async def listed(gateway: RunningGateway, subject: str, **filter: str) -> set[UUID]:
    rows = (await gateway.ask(LISTED, subject, filter=filter))["healthWorkers"]
    ids = {id_in(row) for row in rows["nodes"]}
    assert rows["totalCount"]["value"] == len(ids)
    return ids


@pytest.mark.parametrize("subject", [OPERATOR, *READERS])
async def test_a_list_is_filtered_by_what_the_reader_may_read(
    gateway: RunningGateway, subject: str
) -> None:
    visible = await seen(gateway, subject)
    for filter, who in (
        ({"name": "bandia zawadi"}, "zawadi"), ({"name": "malkia zamani"}, "wed"),
        ({"phone": "+254733000111"}, "zuwadi"), ({"phone": "zawadi@example.org"}, "zawadi"),
        ({"identifier": "NCK"}, None), ({"identifier": "RN 7701"}, "zawadi"),
        ({"identifier": "l/449"}, "zawadi"), ({"name": "."}, None),
    ):  # fmt: skip
        expected = {id_of(who)} if who and visible.get(id_of(who)) else set()
        assert await listed(gateway, subject, **filter) == expected


ABOUT = """query About($who: ID!) {
  mentorships(first: 9, filter: {healthWorkerId: $who}) { totalCount { value } nodes { id } }
  sessions(first: 9, filter: {healthWorkerId: $who}) { totalCount { value } nodes { id } }
  healthWorker(id: $who) { mentorships { side mentorship { id } } rights { tier } } }"""


async def test_who_mentors_somebody_is_one_request(gateway: RunningGateway) -> None:
    answer = await gateway.ask(
        """{ search(text: "malkia", kinds: [HEALTH_WORKER], first: 1) { nodes { found {
          ... on HealthWorker { mentorships { mentorship { mentors {
            healthWorker { givenNames familyName } } } } } } } } }"""
    )
    (hit,) = answer["search"]["nodes"]
    assert hit["found"]["mentorships"] == [
        {
            "mentorship": {
                "mentors": [{"healthWorker": {"givenNames": "Mlezi", "familyName": "Kaskazini"}}]
            }
        }
    ]


@pytest.mark.parametrize("subject", [OPERATOR, *READERS])
async def test_where_somebody_is_mentored_is_told_of_whom_one_sees(
    gateway: RunningGateway, subject: str
) -> None:
    visible = await seen(gateway, subject)
    care, held = global_id("Mentorship", CARE), global_id("Session", HELD)
    seen_at_all = await gateway.ask(
        "query($id: ID!, $s: ID!) { mentorship(id: $id) { id } session(id: $s) { id } }",
        subject, id=care, s=held,
    )  # fmt: skip
    told = await gateway.ask(ABOUT, subject, who=global_id("HealthWorker", id_of("wed")))
    for list_, one, id in (("mentorships", "mentorship", care), ("sessions", "session", held)):
        expected = [{"id": id}] if id_of("wed") in visible and seen_at_all[one] else []
        assert told[list_] == {"totalCount": {"value": len(expected)}, "nodes": expected}
    if id_of("wed") in visible and seen_at_all["mentorship"]:
        assert told["healthWorker"]["mentorships"] == [
            {"side": "MENTEE", "mentorship": {"id": care}}
        ]


async def test_a_viewer_finds_by_public_number_and_reads_no_name(gateway: RunningGateway) -> None:
    (hit,) = (await search(gateway, "KE-10482", "viewer"))["nodes"]
    assert (hit["why"], hit["found"]["givenNames"]) == ("NUMBER", None)
    assert await found(gateway, "Zawadi", "viewer") == {}


async def test_a_mentor_finds_those_in_their_care(gateway: RunningGateway) -> None:
    assert list(await found(gateway, "Malkia", "own mentorships")) == [id_of("wed")]
    assert await found(gateway, "Imara", "own mentorships") == {}


async def test_a_stranger_finds_not_even_a_place(gateway: RunningGateway) -> None:
    assert await found(gateway, "Lake Hospital", "stranger") == {}
    assert await found(gateway, "Lake Hospital", "viewer of the north") != {}

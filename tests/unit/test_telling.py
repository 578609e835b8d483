"""Every event is told in words, in every language, and nothing personal stands in them."""

from collections.abc import Mapping
from typing import Any, get_args, get_type_hints
from uuid import UUID, uuid4

import msgspec
import pytest

from services.gateway.graphql.schema import build_schema
from services.gateway.projections.audit import AUDIT, AUDIT_EVENT
from services.gateway.telling.filling import (
    Called,
    Telling,
    called_in,
    facts_of,
    kinds_of,
    sentence,
)
from services.gateway.telling.sentences import Happened, in_words
from services.gateway.telling.words import Words, chosen, tells, told
from shared.contracts.base import Event, events
from shared.contracts.registry.group import GroupMemberAdded
from shared.contracts.sessions.support_request import SupportRequestRaised
from shared.language import LANGUAGES
from shared.projection import Upsert
from tests.support.marking import PERSONAL, with_marks
from tests.support.story import STORY, Told, happenings
from tests.support.telling import BEGAN, HOSPITAL, MENTEE, MENTORSHIP, of

build_schema()  # whose enums have labels


class _Names(dict[Called, str]):
    """Everything is called something."""

    def __missing__(self, called: Called) -> str:
        return f"<{called.kind}>"

    def get(self, called: Any, default: Any = None) -> Any:
        return self[called]


def details_of(story: list[Told]) -> list[tuple[str, dict[str, Any]]]:
    """Return what the trail holds of a story: the topics, and the details as they are read."""
    changes = [change for one in happenings(story) for change in AUDIT.changes(one)]
    rows = [one for one in changes if isinstance(one, Upsert) and one.table is AUDIT_EVENT]
    return [
        (row.values["topic"], msgspec.json.decode(msgspec.json.encode(row.values["details"])))
        for row in rows
    ]


DETAILS = details_of(list(STORY))


def told_as(
    topic: str,
    details: Mapping[str, Any],
    language: str = "en",
    names: Mapping[Called, str] | None = None,
) -> str:
    telling = Telling(
        language, None, facts_of(topic, details), _Names() if names is None else names
    )
    words = chosen(topic, telling.facts)
    assert words is not None, f"nothing fits {topic}: {details}"
    list(called_in(words, topic, telling))
    return sentence(words, topic, telling)


@pytest.mark.parametrize("topic", events)
def test_every_event_has_its_words(topic: str) -> None:
    assert topic in told, f"declare what is told of {topic} in services/gateway/telling"


@pytest.mark.parametrize("topic", events)
def test_words_speak_of_what_the_event_says_and_is_not_personal(topic: str) -> None:
    event = events[topic]
    said = {name for words in told[topic] for name, count in words.fields}
    assert said <= kinds_of(event).keys()
    assert {name for words in told[topic] for name in words.when} <= set(event.__struct_fields__)


@pytest.mark.parametrize("topic", events)
def test_the_last_words_need_nothing_that_may_be_missing(topic: str) -> None:
    last, hints = told[topic][-1], get_type_hints(events[topic])
    assert not last.when
    assert not [name for name, _ in last.fields if type(None) in get_args(hints[name])]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_whole_story_can_be_told_in_every_language(language: str) -> None:
    everything = [told_as(*one, language) for one in DETAILS]
    assert not [one for one in everything if "{" in one or "…" in one or "None" in one]
    assert all(one.endswith((".", ">.", "UTC.")) for one in everything)


def test_no_other_language_tells_it_in_english() -> None:
    details = DETAILS
    english = {told_as(*one) for one in details}
    for language in LANGUAGES[1:]:
        assert not english & {told_as(*one, language) for one in details}


def test_nothing_personal_is_told() -> None:
    marked = [with_marks(one) for one in STORY]
    assert not [one for one in details_of(marked) if PERSONAL in told_as(*one)]


def raised(**changes: Any) -> list[Told]:
    body = SupportRequestRaised(
        mentorship_id=MENTORSHIP, health_worker_id=MENTEE, programme="INGOBYI",
        org_unit_id=HOSPITAL, area="PAED", about="Feeding", question="How much?",
        raised_at=BEGAN, **changes,
    )  # fmt: skip
    return of("support_request", uuid4(), body)


def test_of_what_is_private_nothing_is_told_but_that_it_was() -> None:
    ((topic, details),) = details_of(raised(private=True))
    assert told_as(topic, details) == "<HealthWorker> asked for help in private."
    ((topic, details),) = details_of(raised())
    assert told_as(topic, details) == (
        "<HealthWorker> asked for help in <area>, at 1 Oct 2020, 07:30:00 UTC."
    )


def of_the_story(name: str) -> tuple[str, dict[str, Any]]:
    return next(one for one in DETAILS if one[0].endswith(name))


def test_days_numbers_and_labels_are_written_as_the_language_does() -> None:
    held = of_the_story("sessions.session.held")
    assert told_as(*held) == (
        "<HealthWorker> met <HealthWorker> at <OrgUnit> on 21 October 2020: in person, 480 minutes."
    )
    assert told_as(*held, "fr") == (
        "Séance de <HealthWorker> avec <HealthWorker> à <OrgUnit> le 21 octobre 2020 : "
        "en personne, 480 minutes."
    )
    assert "21 Oktoba 2020" in told_as(*held, "sw")
    assert "Ukwakira" in told_as(*held, "rw")


def test_the_fullest_sentence_is_told_that_can_be() -> None:
    added: dict[str, Any] = {"orgUnitId": str(uuid4()), "since": "2021-01-01"}
    topic = GroupMemberAdded.topic
    assert told_as(topic, added).startswith("<OrgUnit> became")
    person = {"healthWorkerId": str(uuid4()), "since": "2021-01-01"}
    assert told_as(topic, person).startswith("<HealthWorker> became")


def test_a_code_that_no_version_explains_is_told_as_it_is() -> None:
    topic, details = of_the_story("competency_record.competency_validated")
    nobody: dict[Called, str] = {}
    assert "in CPAP on" in told_as(topic, details, names=nobody)


def test_an_event_is_told_once() -> None:
    with pytest.raises(TypeError, match="has its words already"):
        tells(SupportRequestRaised, Words("Anything."))


async def test_what_a_newer_release_recorded_is_not_known_yet() -> None:
    unknown = Happened(topic="registry.fleet.launched", version=None, details={"ships": 3})
    (said,) = await in_words(None, [unknown], "fr")  # type: ignore[arg-type]
    assert said == "Ce qui s'est passé n'est pas connu de cette version."


def test_a_code_is_asked_for_in_the_version_in_force() -> None:
    topic, details = of_the_story("competency_record.right_to_mentor_earned")
    version = uuid4()
    telling = Telling("en", version, facts_of(topic, details), {})
    words = chosen(topic, telling.facts)
    assert words is not None
    asked = {called for called in called_in(words, topic, telling) if called.kind[0].islower()}
    # The tier is of another programme: its newest version says what it is called.
    assert Called("competency", "CPAP", version) in asked
    assert Called("area", "PAED", None, "INGOBYI-POST") in asked
    assert {called.id for called in called_in(words, topic, telling)} >= {UUID(str(MENTEE))}


def test_an_event_of_no_contract_has_no_facts() -> None:
    class Other(Event, frozen=True, kw_only=True):
        """It happened elsewhere."""

        topic = "test.other"

    assert facts_of(Other.topic, {"a": 1}) == {}

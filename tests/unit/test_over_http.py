"""An answer goes out as its asker wants it, with a status that says whether it was carried out."""

from typing import Any

import pytest

from services.gateway.graphql.over_http import PLAIN, RESPONSE, settled, wanted


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("", PLAIN),
        ("*/*", PLAIN),
        ("text/html", PLAIN),
        ("application/json", PLAIN),
        ("application/graphql-response+json", RESPONSE),
        ("application/graphql-response+json; charset=utf-8", RESPONSE),
        ("application/json, application/graphql-response+json", RESPONSE),
        ("application/graphql-response+json;q=0.5, application/json", PLAIN),
        ("Application/GraphQL-Response+JSON;q=0.9, application/json;q=0.8", RESPONSE),
        ("application/graphql-response+json;q=0", PLAIN),
        ("application/graphql-response+json;q=rubbish", PLAIN),
    ],
)
def test_the_media_type_that_is_preferred_is_sent(accept: str, media_type: str) -> None:
    assert wanted(accept) == media_type


def _refused(code: str, **more: Any) -> dict[str, Any]:
    return {"data": None, "errors": [{"message": "", "extensions": {"code": code}, **more}]}


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("GRAPHQL_PARSE_FAILED", 400),
        ("GRAPHQL_VALIDATION_FAILED", 400),
        ("COST_LIMIT", 400),
        ("RATE_LIMITED", 429),
        ("UNAVAILABLE", 503),
        ("INTERNAL", 500),
    ],
)
def test_a_request_that_was_not_carried_out_has_a_status_and_no_data(
    code: str, status: int
) -> None:
    answer, told = settled(_refused(code), RESPONSE)
    assert told == status
    assert "data" not in answer
    assert answer["errors"]


def test_who_knows_plain_json_alone_gets_200_and_reads_the_errors() -> None:
    refused = _refused("GRAPHQL_PARSE_FAILED")
    assert settled(refused, PLAIN) == (refused, 200)


def test_an_answer_with_a_field_that_failed_was_carried_out() -> None:
    failed = _refused("INTERNAL", path=["viewer"])
    assert settled(failed, RESPONSE) == (failed, 200)
    partly = {"data": {"a": 1, "b": None}, "errors": [{"message": "", "path": ["b"]}]}
    assert settled(partly, RESPONSE) == (partly, 200)


def test_an_answer_without_errors_is_sent_as_it_is() -> None:
    assert settled({"data": {"a": 1}}, RESPONSE) == ({"data": {"a": 1}}, 200)
    assert settled({"data": None}, RESPONSE) == ({"data": None}, 200)

"""Global ids: opaque, typed, and made by a rule that clients may follow."""

from base64 import urlsafe_b64encode
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.gateway.graphql.ids import global_id, split_id, uuid_of, uuid_or_id
from shared.domain.errors import WrongIdKind

ID = UUID("0198d2a4-6c1e-7000-8000-000000000001")


def test_the_rule_is_what_the_schema_documents() -> None:
    by_hand = urlsafe_b64encode(f"Mentee:{ID}".encode()).decode()
    assert global_id("Mentee", ID) == by_hand.rstrip("=")
    assert uuid_of(by_hand, "Mentee") == ID


@given(st.uuids(), st.sampled_from(["Mentee", "OrgUnit", "HealthWorker"]))
def test_an_id_comes_back_as_it_went(id: UUID, kind: str) -> None:
    assert split_id(global_id(kind, id)) == (kind, id)


@pytest.mark.parametrize(
    "wrong", ["", "x", "é", str(ID), "====", global_id("Mentor", ID), global_id("", ID)]
)
def test_what_is_no_id_of_that_kind_is_refused_with_field_and_remedy(wrong: str) -> None:
    with pytest.raises(WrongIdKind) as refused:
        uuid_of(wrong, "Mentee", "menteeId")
    assert refused.value.field == "menteeId"
    assert "Mentee" in refused.value.remedy


@given(st.text(max_size=80))
def test_no_text_breaks_the_reading_of_ids(text: str) -> None:
    split_id(text)


def test_where_clients_make_ids_a_plain_uuid_will_do() -> None:
    assert uuid_or_id(str(ID), "Mentee") == ID
    assert uuid_or_id(global_id("Mentee", ID), "Mentee") == ID
    with pytest.raises(WrongIdKind):
        uuid_or_id("x" * 36, "Mentee")

"""Two answers side by side: what differs is named by its path, no deeper than it must be."""

from mshauri.replaying.differences import NOTHING, Difference, differences


def found(before: object, after: object) -> list[Difference]:
    return list(differences(before, after))


def test_same_answers_differ_in_nothing() -> None:
    answer = {"a": [{"id": "x", "n": 1}, None], "b": None}

    assert found(answer, answer) == []


def test_a_value_is_named_by_its_path() -> None:
    assert found({"table": {"mentees": 7}}, {"table": {"mentees": 8}}) == [
        Difference("table.mentees", 7, 8)
    ]


def test_items_are_known_again_by_their_id_wherever_they_stand() -> None:
    before = {"nodes": [{"id": "x", "n": 1}, {"id": "y", "n": 2}]}
    after = {"nodes": [{"id": "z", "n": 0}, {"id": "y", "n": 3}, {"id": "x", "n": 1}]}

    assert found(before, after) == [
        Difference("nodes[id=y].n", 2, 3),
        Difference("nodes[id=z]", NOTHING, {"id": "z", "n": 0}),
    ]


def test_items_without_an_id_are_known_by_their_place() -> None:
    assert found([1, 2], [1, 3, 4]) == [
        Difference("[1]", 2, 3),
        Difference("[2]", NOTHING, 4),
    ]


def test_nothing_is_not_null_and_true_is_not_one() -> None:
    assert found({"a": None}, {}) == [Difference("a", None, NOTHING)]
    assert found({"a": True}, {"a": 1}) == [Difference("a", True, 1)]

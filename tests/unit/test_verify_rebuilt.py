"""What is said of read models that were made anew, and of tables that differ."""

from mshauri.verify.rebuilt import Rebuilt


def test_tables_that_differ_are_named_as_wrong() -> None:
    (said,) = Rebuilt(events=9, tables=3, differ=["mentee_1"], between=0).problems
    assert said == "A rebuild makes something else of 1 tables of the read models: mentee_1."


def test_where_events_came_between_nobody_is_said_to_be_wrong() -> None:
    (said,) = Rebuilt(events=9, tables=3, differ=["mentee_1"], between=2).problems
    assert said.startswith("2 events came between, and so it cannot be told of 1 tables")


def test_tables_that_are_the_same_are_what_they_should_be_whatever_came_between() -> None:
    assert Rebuilt(events=9, tables=3, differ=[], between=2).problems == []

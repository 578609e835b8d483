"""Words within a sentence are said in the sentence's language."""

import pytest

from shared.domain.errors import Malformed
from shared.domain.phrases import Phrase
from shared.language import message_of, remedy_of, speaking
from shared.runtime.problems import problem_of


def test_a_phrase_reads_as_its_english() -> None:
    phrase = Phrase("it holds {given} commands, the most is {most}", given=501, most=500)
    assert phrase == "it holds 501 commands, the most is 500"


def test_a_phrase_is_said_in_the_language_of_its_sentence() -> None:
    error = Malformed(
        problem=Phrase("it holds {given} commands, the most is {most}", given=501, most=500),
        expected=Phrase("a batch of commands"),
    )
    with speaking("fr"):
        assert message_of(error) == (
            "La requête ne peut pas être lue : elle contient 501 commandes, le maximum est 500."
        )
        assert remedy_of(error) == "Envoyez ce que décrit ce schéma : un lot de commandes."
    assert "a batch of commands" in remedy_of(error)


@pytest.mark.parametrize("language", ["en", "fr", "sw", "rw"])
def test_the_parameters_of_a_problem_are_the_same_in_every_language(language: str) -> None:
    error = Malformed(problem=Phrase("it is no JSON object"), expected="OrgUnitRenameInput")
    with speaking(language):
        params = problem_of(error).params
    assert params == {"problem": "it is no JSON object", "expected": "OrgUnitRenameInput"}
    assert {type(value) for value in params.values()} == {str}


def test_a_list_of_phrases_is_said_phrase_by_phrase() -> None:
    said = [Phrase("it is no JSON object"), Phrase("a batch of commands"), Phrase("unheard of")]
    error = Malformed(problem=Phrase.listed(said), expected="")
    assert "it is no JSON object; a batch of commands; unheard of" in message_of(error)
    with speaking("sw"):
        assert "si kitu cha JSON; fungu la amri; unheard of" in message_of(error)

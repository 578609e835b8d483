"""What proofs open is of the day they gave it, in whatever order the attempts are told."""

from datetime import date

from services.gateway.projections import CERTIFICATE, MENTOR, RIGHT_TO_MENTOR
from shared.contracts.definition import CascadeStep, Conduct
from shared.contracts.definition.assessment import Basis, Certificate
from tests.support.hospital import Hospital

STEP = CascadeStep(programme="test-hospital", area="RPA", validated=1)


async def hospital() -> Hospital:
    terms = Certificate(name="Certificate", prefix="TEST", basis=Basis.VALIDATION)
    return await Hospital.built(gates=(), conduct=Conduct(), cascade=(STEP,), certificate=terms)


async def test_a_right_is_held_since_the_day_that_an_attempt_which_came_late_gave_it() -> None:
    here = await hospital()
    await here.assess("HBB", "2019-03-12")
    await here.assess("HBB", "2019-02-03")
    (right,) = here.house.gateway.tables.of(RIGHT_TO_MENTOR)
    assert (right["status"], right["earned_on"]) == ("HELD", date(2019, 2, 3))


async def test_a_right_rests_on_the_validations_that_gave_it() -> None:
    here = await hospital()
    await here.assess("HBB", "2019-03-12")
    await here.assess("PPH", "2019-02-03")
    (right,) = here.house.gateway.tables.of(RIGHT_TO_MENTOR)
    assert (right["because"], right["earned_on"]) == (["PPH"], date(2019, 2, 3))


async def test_who_earned_a_right_by_a_late_form_is_put_forward_on_the_day_they_earned_it() -> None:
    here = await hospital()
    await here.assess("HBB", "2019-03-12", technique=False)
    right = here.attempt("HBB", attempt=1, assessedOn="2019-03-12", reason="She ventilated well.")
    await here.send("competencyAttemptCorrect", "2019-06-01", **right)
    (mentor,) = [row for row in here.house.rows(MENTOR) if row["nominated_by"] == "CASCADE"]
    assert mentor["nominated_on"] == date(2019, 3, 12)


async def test_a_certificate_is_of_the_day_of_the_last_proof_and_not_of_the_last_form() -> None:
    here = await hospital()
    await here.assess("HBB", "2019-03-12")
    await here.assess("PPH", "2019-02-03")
    (certificate,) = here.house.rows(CERTIFICATE)
    assert certificate["issued_on"] == date(2019, 3, 12)

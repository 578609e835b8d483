"""A county's year as it really went, from July 2024 to June 2025: what happened is recorded, the
rules say what it counts for, and what was told wrongly, or late, is put right.

    pairs        three officers of kenya-hrh, version 3, and their mentors
    officers     their year: a short session, a rotation in the middle, a leave, a strike
    group        four community health promoters, and who comes to them
    promoters    their year: a waiver, supervised visits, a re-test that failed, a corrected score,
                 a certificate that fell and was issued anew
    approving    certificates, from step to step
    figures      what is asked of the API
    changes      figures before and after something, side by side, beside what they should be
    diary        what happened on which day, and what the house answered
    story        all of it in order, and the page

Vihiga is a county of Kenya; what happens there is made up, and so is everybody in it.
"""

"""Matching: who should mentor whom in a cohort, all taken together, so that the whole fits best.

    parties     who is to be matched: groups of mentees with the seats they need, and mentors
    grouping    makes groups of a cohort's mentees, by the programme's ratio
    fitting     how well each mentor fits each seat, and what rules a pair out
    solving     the best assignment there is, with its proof
    proposing   all of it in order: proposals with reasons; who is left, and what binds

Nobody is paired by it: a coordinator accepts or declines every proposal.
"""

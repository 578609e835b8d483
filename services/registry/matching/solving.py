"""The best assignment of mentors to seats that there is, and the proof that none is better.

As many groups as possible are served, and of all ways to do that the one with the highest score is
chosen. It is a linear programme, solved by HiGHS. Of 1.6 million pairs nearly all would never be
chosen: the solver starts with the best few of each seat, and the prices that its answer puts on
seats and mentors tell which of the others could better it. When none can, the answer is the best
of all pairs, and the same prices are the bound that proves it.
"""

from dataclasses import dataclass

import highspy
import numpy as np
from numpy.typing import NDArray

from services.registry.matching.fitting import Mask, Scores

MOST = 100.0
"""The highest score of a seat."""
BEST_FEW = 24
"""Mentors of each seat that the solver starts with."""
CLOSE = 1e-6
"""Within which the solver's sums are equal."""

Whole = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Solution:
    """Who sits where.

    Attributes:
        mentor: for each seat, the mentor's column; -1 where it stays empty.
        score: of all filled seats.
        bound: that no other way of filling as many seats could exceed.
    """

    mentor: Whole
    score: float
    bound: float


def solve(scores: Scores, allowed: Mask, places: Whole, group: Whole) -> Solution:
    """Return the best assignment.

    Args:
        scores: of each seat (row) and mentor (column).
        allowed: which pairs there may be.
        places: how many mentorships each mentor could take on.
        group: of each seat; a group's seats are all filled, or none.
    """
    rows = len(allowed)
    if not allowed.any():
        return Solution(np.full(rows, -1, dtype=np.intp), 0.0, 0.0)
    # Filling one more seat is worth more than all that the others could lose by it.
    filling = MOST * rows + 1
    worth = np.where(allowed, scores + filling, -np.inf)
    teams = len(np.unique(group)) < rows
    chosen = allowed if teams else _best_few(worth, places)
    while True:
        pairs = np.argwhere(chosen)
        answer = _Programme(pairs, worth, places, group if teams else None)
        mentor = answer.mentor(rows)
        if teams:
            return _solution(mentor, scores, answer.bound, filling)
        better = worth > answer.seat_price[:, None] + answer.mentor_price[None, :] + CLOSE
        if not (better & ~chosen).any():
            bound = float(answer.seat_price.sum() + (answer.mentor_price * places).sum())
            return _solution(mentor, scores, bound, filling)
        chosen = chosen | better


def _best_few(worth: Scores, places: Whole) -> Mask:
    few = min(BEST_FEW, worth.shape[1])
    best = np.argpartition(-worth, few - 1, axis=1)[:, :few]
    chosen = np.zeros(worth.shape, dtype=bool)
    np.put_along_axis(chosen, best, True, axis=1)
    return chosen & np.isfinite(worth)


def _solution(mentor: Whole, scores: Scores, bound: float, filling: float) -> Solution:
    filled = np.flatnonzero(mentor >= 0)
    score = float(scores[filled, mentor[filled]].sum())
    return Solution(mentor, score, max(bound - filling * len(filled), score))


class _Programme:
    """The linear programme over some pairs: each seat once, each mentor as often as they can.

    With `group`, a seat is filled exactly if its group is served, and that is yes or no.
    """

    def __init__(self, pairs: Whole, worth: Scores, places: Whole, group: Whole | None) -> None:
        self._pairs = pairs
        rows, columns = worth.shape
        gain = worth[pairs[:, 0], pairs[:, 1]]
        served = 0 if group is None else int(group.max()) + 1
        width = len(pairs) + served
        highs = highspy.Highs()  # type: ignore[no-untyped-call]
        highs.setOptionValue("output_flag", False)
        highs.setOptionValue("mip_rel_gap", 0.0)
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = width, rows + columns
        lp.sense_ = highspy.ObjSense.kMaximize
        lp.col_cost_ = np.concatenate([gain, np.zeros(served)])
        lp.col_lower_, lp.col_upper_ = np.zeros(width), np.ones(width)
        seats = np.ones(rows) if group is None else np.zeros(rows)
        lp.row_lower_ = np.concatenate(
            [np.full(rows, -highspy.kHighsInf) if group is None else seats, np.zeros(columns)]
        )
        lp.row_upper_ = np.concatenate([seats, places.astype(float)])
        self._matrix(lp, rows, group, served)
        if group is not None:
            kinds = [highspy.HighsVarType.kInteger] * width
            lp.integrality_ = kinds
        highs.passModel(lp)
        highs.run()
        status = highs.getModelStatus()
        if status != highspy.HighsModelStatus.kOptimal:
            msg = f"the solver ended with {highs.modelStatusToString(status)}"
            raise RuntimeError(msg)
        solution = highs.getSolution()
        self._value = np.asarray(solution.col_value)[: len(pairs)]
        if group is None:
            prices = np.asarray(solution.row_dual)
            self.seat_price, self.mentor_price = prices[:rows], prices[rows:]
            self.bound = highs.getInfo().objective_function_value
        else:
            self.seat_price = self.mentor_price = np.zeros(0)
            self.bound = highs.getInfo().mip_dual_bound

    def _matrix(self, lp: highspy.HighsLp, rows: int, group: Whole | None, served: int) -> None:
        """Put the constraints in, column by column: a pair uses its seat and its mentor."""
        pairs = self._pairs
        index = np.empty(2 * len(pairs), dtype=np.int32)
        index[0::2], index[1::2] = pairs[:, 0], rows + pairs[:, 1]
        value = np.ones(2 * len(pairs))
        start = np.arange(0, 2 * len(pairs) + 1, 2, dtype=np.int32)
        if group is not None:
            order = np.argsort(group, kind="stable").astype(np.int32)
            sizes = np.bincount(group, minlength=served)
            index = np.concatenate([index, order])
            value = np.concatenate([value, -np.ones(len(order))])
            start = np.concatenate([start, start[-1] + np.cumsum(sizes, dtype=np.int32)])
        lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        lp.a_matrix_.start_ = start
        lp.a_matrix_.index_ = index
        lp.a_matrix_.value_ = value

    def mentor(self, rows: int) -> Whole:
        """Return the mentor of each seat; -1: nobody."""
        mentor = np.full(rows, -1, dtype=np.intp)
        taken = self._pairs[self._value > 0.5]
        mentor[taken[:, 0]] = taken[:, 1]
        return mentor

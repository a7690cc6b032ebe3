"""Linear programmes, asked of HiGHS itself: one that is asked again with other costs begins where it ended."""

from __future__ import annotations

import highspy
import numpy as np
import scipy.sparse as sp

from national.disclosure.solver.tables import Floats


class _Quiet(highspy.Highs):
    """Making one calls this first, which would print a line of its version."""

    def enableCallbacks(self) -> None:  # noqa: N802 HiGHS's name
        self.silent()
        super().enableCallbacks()


class Programme:
    """Columns tied by rows: `rows @ columns` lies between `least` and `most`, both with one number per row. Which of
    several equally cheap answers is found depends on what was asked before. Not to be shared by threads."""

    def __init__(self, rows: sp.csr_array, least: Floats, most: Floats) -> None:
        _demand_numbers(rows.data, least, most)
        model = highspy.HighsLp()
        model.num_row_, model.num_col_ = rows.shape
        nothing = np.zeros(rows.shape[1])
        model.col_cost_ = model.col_lower_ = model.col_upper_ = nothing
        model.row_lower_, model.row_upper_ = least, most
        model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        model.a_matrix_.start_ = rows.indptr.astype(np.int32)
        model.a_matrix_.index_ = rows.indices.astype(np.int32)
        model.a_matrix_.value_ = rows.data.astype(float)
        self._solver = _Quiet()
        # whoever asks has processes of its own for other work
        self._solver.setOptionValue("threads", 1)
        _taken(self._solver.passModel(model))
        self._columns = np.arange(rows.shape[1], dtype=np.int32)

    def cheapest(self, cost: Floats, lower: Floats, upper: Floats) -> Floats | None:
        """The columns between `lower` and `upper` whose `cost` is least; None when there are none."""
        _demand_numbers(cost, lower, upper)
        size = len(self._columns)
        _taken(self._solver.changeColsCost(size, self._columns, cost))
        _taken(self._solver.changeColsBounds(size, self._columns, lower, upper))
        if not self._solved():
            # what it ended with before may have been a bad place to begin
            self._solver.clearSolver()
            if not self._solved():
                return None
        return np.asarray(self._solver.getSolution().col_value, dtype=float)

    def _solved(self) -> bool:
        self._solver.run()
        return self._solver.getModelStatus() == highspy.HighsModelStatus.kOptimal


def _demand_numbers(*given: Floats) -> None:
    """Raise ValueError for a value that is no number: the solver itself would take it and answer something."""
    if any(np.isnan(values).any() for values in given):
        raise ValueError("a linear programme with something in it that is no number")


def _taken(status: highspy.HighsStatus) -> None:
    """What the solver does not take it leaves as it was, and would answer to that."""
    if status == highspy.HighsStatus.kError:
        raise ValueError("a linear programme that HiGHS does not take")

"""Linear programmes asked again and again: the answers are those of SciPy, which begins anew each time."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse as sp
from scipy.optimize import linprog

from national.disclosure.solver.linear_programmes import Programme

ROWS, COLUMNS = 6, 15


def random_rows(random: np.random.Generator) -> sp.csr_array:
    return sp.csr_array(random.choice([-1.0, 0.0, 1.0], (ROWS, COLUMNS), p=[0.1, 0.6, 0.3]))


@pytest.mark.parametrize("seed", range(10))
def test_the_same_cost_as_scipy_however_often_it_is_asked(seed: int) -> None:
    random = np.random.default_rng(seed)
    rows, inside = random_rows(random), random.uniform(0, 10, COLUMNS)
    tied = rows @ inside
    programme = Programme(rows, np.where(np.arange(ROWS) < 3, tied, -np.inf), tied)
    answered = []
    for _again in range(12):
        cost = random.uniform(-1, 1, COLUMNS)
        lower, upper = np.zeros(COLUMNS), np.where(random.random(COLUMNS) < 0.3, inside, 20.0)
        # now and then a column is asked for more than there may be
        lower[0] = random.choice([0.0, upper[0], 500.0], p=[0.6, 0.2, 0.2])
        upper[0] = max(upper[0], lower[0])
        optimum = programme.cheapest(cost, lower, upper)
        anew = linprog(
            cost,
            A_eq=rows[:3],
            b_eq=tied[:3],
            A_ub=rows[3:],
            b_ub=tied[3:],
            bounds=np.column_stack([lower, upper]),
        )
        answered.append(optimum is not None)
        assert answered[-1] == (anew.status == 0)
        if optimum is not None:
            assert optimum @ cost == pytest.approx(anew.fun)
            assert (optimum >= lower - 1e-6).all()
            assert (optimum <= upper + 1e-6).all()
            assert rows[:3] @ optimum == pytest.approx(tied[:3])
            assert (rows[3:] @ optimum <= tied[3:] + 1e-6).all()
    assert any(answered)


def test_it_says_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    """The solver would tell of itself where commands print their results."""
    unit_vector = np.ones(1)
    programme = Programme(sp.csr_array(np.ones((1, 1))), unit_vector, unit_vector)
    assert programme.cheapest(unit_vector, 0 * unit_vector, 2 * unit_vector) == [1.0]
    assert programme.cheapest(unit_vector, 2 * unit_vector, 2 * unit_vector) is None
    assert capfd.readouterr() == ("", "")


def test_what_is_no_programme_is_a_fault_of_ours_and_no_answer() -> None:
    unit_vector, rows = np.ones(1), sp.csr_array(np.ones((1, 1)))
    programme = Programme(rows, unit_vector, unit_vector)
    for nothing, message in ((np.full(1, np.nan), "no number"), (np.full(1, np.inf), "does not take")):
        with pytest.raises(ValueError, match=message):
            programme.cheapest(unit_vector, nothing, nothing)
        with pytest.raises(ValueError, match=message):
            Programme(rows, nothing, nothing)
    with pytest.raises(ValueError, match="no number"):
        programme.cheapest(np.full(1, np.nan), unit_vector, unit_vector)
    assert programme.cheapest(unit_vector, unit_vector, unit_vector) == [1.0]

"""Which texts share a run: every text in one, all of a run as long as each other, no run too large."""

from hypothesis import given
from hypothesis import strategies as st

from classifier.judges.runs import runs_of


@given(st.lists(st.integers(0, 160)), st.integers(1, 200))
def test_every_text_stands_in_one_run_of_its_length_that_is_not_too_large(lengths: list[int], most: int) -> None:
    runs = runs_of(lengths, most)
    assert sorted(place for run in runs for place in run) == list(range(len(lengths)))
    for run in runs:
        assert len({lengths[place] for place in run}) == 1
        assert len(run) == 1 or len(run) * lengths[run[0]] <= most or lengths[run[0]] == 0


def test_the_longest_runs_come_first_so_that_no_thread_is_left_with_one_at_the_end() -> None:
    assert runs_of([3, 90, 3, 3, 3, 40, 40], 80) == [[1], [5, 6], [0, 2, 3, 4]]


def test_a_run_too_large_is_parted_evenly() -> None:
    assert sorted(len(run) for run in runs_of([10] * 9, 80)) == [4, 5]

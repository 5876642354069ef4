from hypothesis import given
from hypothesis import strategies as st

from classifier.heat.due import Due


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 200)), max_size=60))
def test_every_minute_has_a_look_and_no_growth_of_a_tenth_goes_unseen(moments):
    due, minute, seen = Due(), 0, None
    for passed, count in moments:
        minute += passed
        if due.is_due(minute, count):
            seen = (minute, count)
        assert seen is not None
        assert seen[0] == minute
        assert count <= 1.1 * seen[1]

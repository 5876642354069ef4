import gc
import weakref
from collections.abc import Iterator

import pytest

from bot.collector import look_seldom


class Held:
    pass


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    thresholds = gc.get_threshold()
    gc.collect()
    yield
    gc.set_threshold(*thresholds)


def test_objects_that_only_hold_each_other_still_go_by_themselves_only_later() -> None:
    look_seldom()
    one, other = Held(), Held()
    one.other, other.other = other, one  # type: ignore[attr-defined]
    gone = weakref.ref(one)
    del one, other
    kept = [[] for _ in range(5_000)]
    assert gone() is not None
    kept += [[] for _ in range(10_000)]
    assert gone() is None

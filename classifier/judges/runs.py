"""Which texts the network reads together: those of one length, so that nothing is padded."""

from collections.abc import Iterator, Sequence
from itertools import groupby

MOST_TOKENS = 128
"""More in a run are no quicker: by then a layer's weights are read from the cache often enough."""


def runs_of(lengths: Sequence[int], most_tokens: int = MOST_TOKENS) -> list[list[int]]:
    """Return the places of the texts that share a run, the longest runs first; every place stands in one run.

    `lengths` are in tokens. A text longer than `most_tokens` has a run of its own.
    """
    return sorted(_runs(lengths, most_tokens), key=lambda run: len(run) * lengths[run[0]], reverse=True)


def _runs(lengths: Sequence[int], most_tokens: int) -> Iterator[list[int]]:
    in_order = sorted(range(len(lengths)), key=lambda place: lengths[place])
    for length, group in groupby(in_order, key=lambda place: lengths[place]):
        places = list(group)
        most = max(1, most_tokens // max(1, length))
        count = -(-len(places) // most)
        yield from (places[start::count] for start in range(count))

"""The order in which training sees the texts: drawn afresh each round from a seed, so a cut run can go on."""

import random
from collections.abc import Sequence
from dataclasses import replace

from classifier.training.data import Example

_PLAIN = str.maketrans("äöåÄÖÅ", "aoaAOA")


def draw_round(sets: Sequence[tuple[list[Example], float]], seed: int, number: int) -> list[Example]:
    """Return the texts of one round: of each set its rate, walking through the set before repeating it."""
    rng = random.Random(f"{seed}:{number}")
    drawn: list[Example] = []
    for position, (examples, rate) in enumerate(sets):
        size = round(len(examples) * rate)
        start = number * size
        for at in range(start, start + size):
            lap, index = divmod(at, len(examples))
            order = _lap_order(len(examples), seed, position, lap)
            drawn.append(vary(examples[order[index]], rng))
    rng.shuffle(drawn)
    return drawn


def vary(example: Example, rng: random.Random) -> Example:
    """Return the text as is or as another customer would have typed it.

    Shouting makes a negative text aroused and leaves a positive one calm, so that capitals alone prove nothing.
    """
    chance, text, arousal = rng.random(), example.text, example.arousal
    side = example.sentiment.index(max(example.sentiment)) if example.sentiment else None
    if chance < 0.05 and side in {0, 2} and len(text) > 8:
        text = text.upper() if rng.random() < 0.4 else text.rstrip(".!?") + "!" * rng.randint(3, 5)
        arousal = 0.9 if side == 0 else 0.0
    elif chance < 0.13:
        text = text.lower()
    elif chance < 0.16:
        text = text.translate(_PLAIN)
    elif chance < 0.22:
        text = "@user " + text
    elif chance < 0.26:
        text = text.rstrip(".!?")
    return replace(example, text=text, arousal=arousal)


def pack(lengths: Sequence[int], tokens: int, rng: random.Random) -> list[list[int]]:
    """Return batches of positions with alike lengths, each holding about `tokens` tokens, in random order."""
    order = sorted(range(len(lengths)), key=lambda i: (lengths[i], rng.random()))
    batches: list[list[int]] = [[]]
    for i in order:
        if batches[-1] and lengths[i] * (len(batches[-1]) + 1) > tokens:
            batches.append([])
        batches[-1].append(i)
    rng.shuffle(batches)
    return batches


_LAPS: dict[tuple[int, int, int, int], list[int]] = {}


def _lap_order(size: int, seed: int, position: int, lap: int) -> list[int]:
    key = (size, seed, position, lap)
    if key not in _LAPS:
        order = list(range(size))
        random.Random(f"{seed}:{position}:{lap}").shuffle(order)
        _LAPS[key] = order
    return _LAPS[key]

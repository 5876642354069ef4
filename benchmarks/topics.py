"""Do complaints about one thing come together, and stay apart from others? `python -m benchmarks.topics [--data DATA]`

Each fire of `topic_texts.txt` breaks out amid the everyday complaints written for this repository (validation and test
parts, which the embeddings were not fitted on), in `classifier.heat.topics` as it runs in the product. With `--data`,
also intents of two public sets. The floor is the network's own states, as they are and with their mean taken off.
"""

import argparse
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import combinations
from pathlib import Path
from statistics import fmean

import numpy as np

from classifier.heat.topics import NEAR, Topics
from classifier.judges.language import HOME
from classifier.judges.likeness import Likeness
from classifier.judges.ngrams import Floats
from classifier.judges.onnx import OnnxJudge
from classifier.judges.reading import prepare
from classifier.training.data import SETS, read_own, read_rows

FIRES = Path(__file__).with_name("topic_texts.txt")
START = datetime(2026, 11, 2, tzinfo=UTC)
SEEDS = range(6)
INTENTS = ("banking77", "bitext_cs")
LARGEST = 1500
Embed = Callable[[Floats], bytes]


def main() -> None:
    """Print one table for the fires, one for each public set, and the cost of a complaint."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help="folder with one folder per data set")
    data: Path | None = parser.parse_args().data
    judge = OnnxJudge(threads=1)
    fires = list(read_fires())
    states = _states(judge, [text for _, _, text in fires])
    everyday = _states(judge, [text for part in ("validation", "test") for text in _everyday(part)])
    train = _states(judge, [one.text for language in HOME for one in read_own(language, "train")])
    ways: list[tuple[str, Embed, Sequence[float]]] = [
        ("as they are", _plain(np.zeros_like(train[0])), (0.8, 0.85, 0.9)),
        ("mean taken off", _plain(train.mean(0)), (0.6, 0.7, 0.8)),
        ("shipped", Likeness.load(judge.folder).embed, (0.35, 0.4, NEAR, 0.5, 0.55)),
    ]
    print(f"{len(fires)} complaints in {len({name for name, _, _ in fires})} fires amid {len(everyday)} others\n")
    print("embedding | near | of a fire in its topic | of its topic | of the others | of fi and sv together")
    for name, embed, steps in ways:
        for near in steps:
            print(f"{name} | {near:.2f} | {_means(_of_fires(fires, states, everyday, embed, near))}")
    shipped = ways[-1][1]
    print(f"\neach fire, shipped, {NEAR}: of it in its topic")
    told = _of_fires(fires, states, everyday, shipped, NEAR)
    for fire in dict.fromkeys(name for name, _, _ in fires):
        print(f"{fire} | {fmean(one.inside for one in told if one.fire == fire):.2f}")
    print(f"\n{_parts(fires, states, everyday, shipped)}")
    for chosen in INTENTS:
        if data is None:
            break
        rows = list(read_rows(data, next(one for one in SETS if one.name == chosen)))
        random.Random(1).shuffle(rows)
        rows = rows[:LARGEST]
        read = _states(judge, [row["text"] for row in rows])
        print(f"\n{chosen}: embedding | near | V-measure | pairs: precision | recall")
        for name, embed, steps in ways:
            for near in steps:
                topics = _sorted([embed(state) for state in read], near)
                precision, recall = pairs([row["intent"] for row in rows], topics)
                measure = v_measure([row["intent"] for row in rows], topics)
                print(f"{name} | {near:.2f} | {measure:.2f} | {precision:.2f} | {recall:.2f}")
    print(f"\none complaint among 500 topics: {_cost(everyday, shipped):.0f} microseconds")


def read_fires() -> Iterator[tuple[str, str, str]]:
    """Yield the fire, the language and the text of each complaint."""
    fire = ""
    for line in FIRES.read_text(encoding="utf-8").splitlines():
        if line.startswith("=="):
            fire = line[2:].strip()
        elif line and not line.startswith("#"):
            language, _, text = line.partition(" ")
            yield fire, language, text


def pairs(truth: Sequence[str], found: Sequence[int]) -> tuple[float, float]:
    """Return the precision and recall of "these two are about the same"."""
    both = _together(list(zip(truth, found, strict=True)))
    return both / max(1, _together(found)), both / max(1, _together(truth))


def v_measure(truth: Sequence[str], found: Sequence[int]) -> float:
    """Return the mean of homogeneity and completeness (Rosenberg and Hirschberg 2007)."""
    joint = _entropy(list(zip(truth, found, strict=True)))
    of_truth, of_found = _entropy(truth), _entropy(found)
    homogeneity = (of_truth + of_found - joint) / of_truth if of_truth else 1.0
    completeness = (of_truth + of_found - joint) / of_found if of_found else 1.0
    total = homogeneity + completeness
    return 2 * homogeneity * completeness / total if total else 0.0


@dataclass(frozen=True)
class Told:
    """One fire in one order: the shares that the table names."""

    fire: str
    inside: float
    pure: float
    others: float
    nordic: bool


def _of_fires(
    fires: Sequence[tuple[str, str, str]], states: Floats, everyday: Floats, embed: Embed, near: float
) -> list[Told]:
    """The everyday complaints come first, then the fires all at once."""
    told = []
    for seed in SEEDS:
        usual, burning = _amid(fires, states, everyday, embed, near, seed)
        for fire in {name for name, _, _ in fires}:
            own = [place for place in burning if fires[place][0] == fire]
            topic, most = Counter(burning[place] for place in own).most_common(1)[0]
            pure = most / sum(one == topic for one in burning.values())
            spoken = {fires[place][1] for place in own if burning[place] == topic}
            told.append(Told(fire, most / len(own), pure, usual.count(topic) / len(usual), {"fi", "sv"} <= spoken))
    return told


def _means(told: Sequence[Told]) -> str:
    inside, pure = fmean(one.inside for one in told), fmean(one.pure for one in told)
    others, nordic = fmean(one.others for one in told), fmean(one.nordic for one in told)
    return f"{inside:.2f} | {pure:.2f} | {others:.3f} | {nordic:.2f}"


def _amid(
    fires: Sequence[tuple[str, str, str]], states: Floats, everyday: Floats, embed: Embed, near: float, seed: int
) -> tuple[list[int], dict[int, int]]:
    """The topics of the everyday complaints, and of each complaint of a fire by its place."""
    orders = random.Random(seed).sample(range(len(everyday)), len(everyday))
    places = random.Random(seed).sample(range(len(fires)), len(fires))
    came = [embed(everyday[one]) for one in orders] + [embed(states[one]) for one in places]
    topics = _sorted(came, near)
    return topics[: len(orders)], dict(zip(places, topics[len(orders) :], strict=True))


def _parts(fires: Sequence[tuple[str, str, str]], states: Floats, everyday: Floats, embed: Embed) -> str:
    """How often two topics of three complaints or more are near each other: parts of one fire, and of two."""
    near: dict[bool, list[bool]] = {True: [], False: []}
    for seed in SEEDS:
        _, burning = _amid(fires, states, everyday, embed, NEAR, seed)
        large = [topic for topic, count in Counter(burning.values()).items() if count >= 3]
        middles, names = [], []
        for topic in large:
            own = [place for place, one in burning.items() if one == topic]
            vectors = np.array([np.frombuffer(embed(states[place]), np.int8) for place in own], np.float32)
            middle = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).sum(0)
            middles.append(middle / np.linalg.norm(middle))
            names.append(Counter(fires[place][0] for place in own).most_common(1)[0][0])
        for (one, first), (other, second) in combinations(zip(names, middles, strict=True), 2):
            near[one == other].append(bool(first @ second >= NEAR))
    return " | ".join(
        f"{'parts of one fire' if same else 'of two fires'}: {sum(found)} of {len(found)} nearer than {NEAR}"
        for same, found in near.items()
    )


def _sorted(embeddings: Sequence[bytes], near: float) -> list[int]:
    """The topic of each, as they come within one day."""
    topics, found = Topics(near=near), list[int]()
    for number, embedding in enumerate(embeddings, 1):
        at = START + timedelta(seconds=number)
        id = topics.nearest(embedding, at) or number
        topics.join(id, embedding, at)
        found.append(id)
    return found


def _cost(states: Floats, embed: Embed) -> float:
    topics, noise = Topics(near=1.01), np.random.default_rng(1)
    came = [embed(state + noise.normal(0, 0.1, len(state)).astype(np.float32)) for state in states]
    for number, embedding in enumerate((came * 3)[:600], 1):
        topics.join(number, embedding, START + timedelta(seconds=number))
    live = list(range(101, 601))
    begin = time.process_time()
    for number, embedding in enumerate(came):
        topics.nearest(embedding, START + timedelta(seconds=600 + number))
        topics.join(live[number % len(live)], embedding, START + timedelta(seconds=600 + number))
    return 1e6 * (time.process_time() - begin) / len(came)


def _everyday(part: str) -> list[str]:
    own = [one for language in HOME for one in read_own(language, part)]
    return [one.text for one in own if one.sentiment is not None and one.sentiment[0] == 1.0]


def _states(judge: OnnxJudge, texts: Sequence[str]) -> Floats:
    return np.array([judge.read(prepare(text)[0])[1] for text in texts], np.float32)


def _plain(middle: Floats) -> Embed:
    def embed(state: Floats) -> bytes:
        moved = state - middle
        kept: bytes = np.rint(moved * (127 / float(np.abs(moved).max()))).astype(np.int8).tobytes()
        return kept

    return embed


def _together(labels: Sequence[object]) -> int:
    """How many pairs have the same label."""
    return sum(count * (count - 1) // 2 for count in Counter(labels).values())


def _entropy(labels: Sequence[object]) -> float:
    shares = np.array(list(Counter(labels).values())) / len(labels)
    return float(-(shares * np.log(shares)).sum())


if __name__ == "__main__":
    main()

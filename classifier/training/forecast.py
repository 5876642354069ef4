"""Learns the forecast of outrages from simulated brands, and writes classifier/heat/forecast.json.

    python -m classifier.training.forecast gather WORLD --out ROWS [--most-posts N]
    python -m classifier.training.forecast learn ROWS --fresh ROWS --out classifier/heat/forecast.json
    python -m classifier.training.forecast straighten FRESH_WORLD --out classifier/heat/forecast.json

WORLD holds what the outrage simulator wrote: events-*.jsonl.gz with truth-*.json. `gather` lets the engine itself read
them, so that what is learnt from is what will be read; a brand that is done is not read again. `learn` fits small
boosted trees (scikit-learn, held to rise with every signal) on one folder of rows and puts their log-odds right on
another that they never saw (Platt 1999). `straighten` does so once more for what is told of a world, because heat is
told when it rises: no fair sample of what is read.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression

from classifier.heat.changes import Subject, Turn
from classifier.heat.engine import HeatEngine
from classifier.heat.files import read_posts
from classifier.heat.forecast import HOURS, Forecast, Forecaster
from classifier.heat.outcome import OutrageRule
from classifier.heat.signals import BRAND_SIGNALS, FOLLOWED_SIGNALS

SIGNALS = {"brand": BRAND_SIGNALS, "followed": FOLLOWED_SIGNALS}
PAUSE_S = {"brand": 180, "followed": 300}  # the next row of the same brand or thread comes so much later
LATE_WEIGHT = 0.2  # of a row after half of the outrage, when seeing it is no art
A_DAY_S = 24 * 3600
UNBENT = [[-20.0, -20.0], [20.0, 20.0]]
TOLD = ("told", *(f"told_{hours}" for hours in HOURS))
QUANTILES = ((0.1, "t10"), (0.5, "t50"), (0.9, "t90"), (0.95, "t95"))  # of an outrage's posts, in the truth
PARTS = 12  # of what was told, in order of its odds
SEED = 7


class Keeping(Forecaster):
    """Knows nothing yet, and keeps the rows that it is asked about while a post (`at`, `thread`) is taken in."""

    def __init__(self) -> None:
        self.at, self.thread = 0.0, ""
        self.kept: dict[str, list[tuple[float, str, list[float]]]] = {"brand": [], "followed": []}
        self._last: dict[str, float] = {}

    def odds(self, subject: Subject, row: Sequence[float]) -> float:
        kind, key = ("brand", "") if subject is Subject.BRAND else ("followed", self.thread)
        if self.at - self._last.get(key, -math.inf) >= PAUSE_S[kind]:
            self._last[key] = self.at
            self.kept[kind].append((self.at, key, list(row)))
        return -9.0

    def straightened(self, subject: Subject, odds: float) -> float:
        del subject
        return odds

    def ahead(self, *_: object) -> Forecast:
        return Forecast((0.0, 0.0, 0.0), 0, 0, 0)


class Listening(HeatEngine):
    """An engine that asks about what a post is about, and about nothing else: nothing is looked at again later."""

    def _settle(self, *_: object) -> None:
        pass


@dataclass(frozen=True)
class Outrage:
    """One outrage of the truth: when it runs, and when it was large enough to be one by the shop's own definition."""

    began: float
    half: float
    ended: float
    reached: float
    threads: frozenset[str]


def gather(world: Path, out: Path, most_posts: int) -> None:
    out.mkdir(parents=True, exist_ok=True)
    for path in sorted(world.glob("truth-*.json")):
        target = out / path.name.replace("truth-", "rows-").replace(".json", ".npz")
        truth = json.loads(path.read_text(encoding="utf-8"))
        if target.exists() or truth["posts"] > most_posts:
            continue
        rows = rows_of(world / path.name.replace("truth-", "events-").replace(".json", ".jsonl.gz"), truth)
        with target.with_suffix(".part").open("wb") as file:
            np.savez_compressed(file, allow_pickle=False, **rows)
        target.with_suffix(".part").rename(target)
        print(
            f"{target.name}: {len(rows['brand_x'])} rows of the brand, {len(rows['followed_x'])} of threads", flush=True
        )


def rows_of(events: Path, truth: dict[str, Any]) -> dict[str, np.ndarray]:
    """The rows of one brand with what came of each."""
    keeping = Keeping()
    engine = Listening(forecaster=keeping)
    spoken: list[tuple[float, str]] = []
    people: list[float] = []
    by_thread: dict[str, list[float]] = {}
    burning = {thread: i for i, one in enumerate(truth["outrages"]) for thread in one["thread_ids"]}
    for post in read_posts(events):
        at = post.created_at.timestamp()
        keeping.at, keeping.thread = at, post.thread_id
        engine.observe(post)
        if post.thread_id in burning:
            spoken.append((at, post.thread_id))
        if post.negative >= 0.5:
            people.append(at)
            by_thread.setdefault(post.thread_id, []).append(at)
    outrages = list(_outrages(truth, spoken, burning))
    found = {}
    for kind in ("brand", "followed"):
        kept = keeping.kept[kind]
        found[f"{kind}_x"] = np.array([row for *_, row in kept], np.float32).reshape(len(kept), len(SIGNALS[kind]))
        told = [_what_came(kind, at, key, outrages) for at, key, _ in kept]
        found[f"{kind}_y"] = np.array(told, np.float32).reshape(len(kept), 3 + len(HOURS))
        sizes = [_size(at, people if kind == "brand" else by_thread.get(key, []), row) for at, key, row in kept]
        found[f"{kind}_size"] = np.array(sizes, np.float32)
    return found


def _outrages(truth: dict[str, Any], spoken: list[tuple[float, str]], burning: dict[str, int]) -> Iterator[Outrage]:
    needed = math.ceil(OutrageRule().needed(truth["rate_per_hour"]))
    times: dict[int, list[float]] = {}
    for at, thread in spoken:
        times.setdefault(burning[thread], []).append(at)
    for i, one in enumerate(truth["outrages"]):
        said = times.get(i, [])
        yield Outrage(
            began=_seconds(one["t0"]),
            half=_seconds(one["t50"]),
            ended=_seconds(one["t95"]),
            reached=said[needed - 1] if len(said) >= needed else math.inf,
            threads=frozenset(one["thread_ids"]),
        )


def _what_came(kind: str, at: float, key: str, outrages: list[Outrage]) -> list[float]:
    """Whether this is (part of) an outrage, how much the row weighs, and whether it is one within each of HOURS.

    The last number is 1 where an outrage is on, though this thread may be none of its own.
    """
    for outrage in outrages:
        if outrage.began <= at <= outrage.ended:
            mine = kind == "brand" or key in outrage.threads
            weight = 1.0 if at < outrage.half or not mine else LATE_WEIGHT
            return [float(mine), weight, *(float(mine and outrage.reached <= at + 3600 * h) for h in HOURS), 1.0]
    return [0.0, 1.0, *(0.0 for _ in HOURS), 0.0]


def _size(at: float, negatives: list[float], row: list[float]) -> float:
    """log(1 + n) of the negative people from half a day before to a day after, over what was usual."""
    so_far = bisect_right(negatives, at) - bisect_left(negatives, at - A_DAY_S / 2)
    later = bisect_right(negatives, at + A_DAY_S) - bisect_right(negatives, at)
    usual_share = 0.0
    if len(row) == len(BRAND_SIGNALS):
        usual_share = max(0.0, so_far - math.expm1(row[BRAND_SIGNALS.index("excess_720")])) * 3
    return math.log1p(max(0.0, so_far + later - usual_share))


def learn(rows: list[Path], fresh: list[Path], out: Path) -> None:
    learnt: dict[str, Any] = {}
    for kind in ("brand", "followed"):
        x, y, size = _stacked(rows, kind)
        fx, fy, fresh_size = _stacked(fresh, kind)
        body: dict[str, Any] = {}
        weight = y[:, 1] * np.where(y[:, 0] > 0, (y[:, 0] == 0).sum() / (y[:, 0] > 0).sum() / 4, 1.0)
        calm = [i for i, name in enumerate(SIGNALS[kind]) if "heated" not in name]
        now = _classifier(x, y[:, 0], weight, trees=90)
        now_calm = _classifier(x[:, calm], y[:, 0], weight, trees=90)
        body["now"], body["now_calm"] = _as_json(now), _as_json(now_calm, calm)
        odds = (now.decision_function(fx) + now_calm.decision_function(fx[:, calm])) / 2
        body["shift"], body["slope"] = _platt(odds, fy[:, -1])
        for i, hours in enumerate(HOURS):
            model = _classifier(x, y[:, 2 + i], y[:, 1], trees=60)
            body[f"within_{hours}"] = _as_json(model)
            body[f"map_{hours}"] = _platt(model.decision_function(fx), fy[:, 2 + i])
        for name, quantile in (("size_low", 0.1), ("size_middle", 0.5), ("size_high", 0.9)):
            size_model = HistGradientBoostingRegressor(
                loss="quantile", quantile=quantile, max_iter=60, max_depth=3, learning_rate=0.15,
                min_samples_leaf=100, monotonic_cst=[1] * x.shape[1], early_stopping=False, random_state=SEED,
            ).fit(x, size)  # fmt: skip
            body[name] = _as_json(size_model)
            # What was left over on fresh brands moves the bound: conformalised quantile regression, Romano et al. 2019.
            body[name]["base"] += float(np.quantile(fresh_size - size_model.predict(fx), quantile))
        body |= dict.fromkeys(TOLD, UNBENT)
        learnt[kind] = body
        print(f"{kind}: {len(x)} rows, {int(y[:, 0].sum())} of outrages", flush=True)
    out.write_text(json.dumps(learnt, separators=(",", ":")) + "\n", encoding="utf-8")


def straighten(world: Path, out: Path, most_posts: int) -> None:
    """Lets the engine tell what it tells about a world, and fits what came of that on the odds it told it with."""
    learnt = json.loads(out.read_text(encoding="utf-8"))
    for body in learnt.values():
        body |= dict.fromkeys(TOLD, UNBENT)
    out.write_text(json.dumps(learnt, separators=(",", ":")) + "\n", encoding="utf-8")
    told: dict[str, dict[str, list[tuple[float, bool]]]] = {kind: {name: [] for name in TOLD} for kind in learnt}
    for path in sorted(world.glob("truth-*.json")):
        truth = json.loads(path.read_text(encoding="utf-8"))
        if truth["posts"] > most_posts:
            continue
        needed = OutrageRule().needed(truth["rate_per_hour"])
        spans = [(_seconds(one["t0"]), _seconds(one["t95"]), reached_at(one, needed)) for one in truth["outrages"]]
        engine, scored_from = HeatEngine(forecaster=Forecaster(out)), _seconds(truth["scored_from"])
        for post in read_posts(world / path.name.replace("truth-", "events-").replace(".json", ".jsonl.gz")):
            for change in engine.observe(post):
                at = change.at.timestamp()
                if change.turn is Turn.COOLED or at < scored_from:
                    continue
                mine = told["brand" if change.subject is Subject.BRAND else "followed"]
                on = [reached for began, ended, reached in spans if began <= at <= ended]
                mine["told"].append((change.odds, bool(on)))
                for hours, chance in zip(HOURS, change.forecast.within if change.forecast else (), strict=False):
                    odds = math.log(max(chance, 1e-9) / max(1 - chance, 1e-9))
                    mine[f"told_{hours}"].append((odds, any(reached <= at + 3600 * hours for reached in on)))
    for kind, pairs in told.items():
        learnt[kind] |= {name: _knots(sorted(found)) for name, found in pairs.items()}
        print(
            f"{kind}: {len(pairs['told'])} told, {sum(burned for _, burned in pairs['told'])} in an outrage", flush=True
        )
    out.write_text(json.dumps(learnt, separators=(",", ":")) + "\n", encoding="utf-8")


def reached_at(outrage: dict[str, Any], needed: float) -> float:
    """When so many had spoken, in seconds since 1970, between the truth's quantiles; never, where they did not."""
    if outrage["size"] < needed:
        return math.inf
    known = [(1.0, _seconds(outrage["t0"]))]
    known += [(part * outrage["size"], _seconds(outrage[name])) for part, name in QUANTILES]
    for (fewer, before), (more, after) in pairwise(known):
        if needed <= more:
            return before + (after - before) * (needed - fewer) / max(more - fewer, 1e-9)
    return known[-1][1]


def _knots(pairs: list[tuple[float, bool]]) -> list[list[float]]:
    """A rising map through the means of equal parts (isotonic regression: Zadrozny & Elkan 2002)."""
    parts = [part for part in np.array_split(np.array(pairs, float), PARTS) if len(part)]
    odds = [float(part[:, 0].mean()) for part in parts]
    rates = [(float(part[:, 1].sum()) + 0.5) / (len(part) + 1) for part in parts]
    rising = IsotonicRegression().fit_transform(odds, rates)
    knots = {round(x, 4): round(math.log(rate / (1 - rate)), 4) for x, rate in zip(odds, rising, strict=True)}
    return [[x, y] for x, y in sorted(knots.items())]


def _classifier(x: np.ndarray, y: np.ndarray, weight: np.ndarray, *, trees: int) -> HistGradientBoostingClassifier:
    return HistGradientBoostingClassifier(
        max_iter=trees, max_depth=3, learning_rate=0.1, min_samples_leaf=100, l2_regularization=1.0,
        monotonic_cst=[1] * x.shape[1], early_stopping=False, random_state=SEED,
    ).fit(x, y, sample_weight=weight)  # fmt: skip


def _platt(odds: np.ndarray, y: np.ndarray) -> tuple[float, float]:
    fitted = LogisticRegression(C=1e6).fit(odds.reshape(-1, 1), y)
    return round(float(fitted.intercept_[0]), 5), round(float(fitted.coef_[0, 0]), 5)


def _as_json(
    model: HistGradientBoostingClassifier | HistGradientBoostingRegressor, columns: Sequence[int] | None = None
) -> dict[str, Any]:
    """The trees as classifier/heat/trees.py reads them; their sum is the raw prediction. `columns`: where each is."""
    trees = [[_node(node, columns) for node in predictor.nodes] for (predictor,) in model._predictors]
    base = float(np.asarray(model._baseline_prediction).ravel()[0])
    return {"base": base, "trees": trees}


def _node(node: Any, columns: Sequence[int] | None) -> list[float]:
    if node["is_leaf"]:
        return [-1, 0, 0, 0, round(float(node["value"]), 6)]
    feature = int(node["feature_idx"])
    threshold = round(float(node["num_threshold"]), 5)
    return [feature if columns is None else columns[feature], threshold, int(node["left"]), int(node["right"]), 0]


def _stacked(paths: list[Path], kind: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    parts = [np.load(path) for path in paths]
    return (
        np.concatenate([part[f"{kind}_x"] for part in parts]),
        np.concatenate([part[f"{kind}_y"] for part in parts]),
        np.concatenate([part[f"{kind}_size"] for part in parts]),
    )


def _seconds(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="Learns the forecast of outrages.")
    verbs = parser.add_subparsers(dest="verb", required=True)
    gathering = verbs.add_parser("gather")
    gathering.add_argument("world", type=Path)
    gathering.add_argument("--out", type=Path, required=True)
    gathering.add_argument("--most-posts", type=int, default=2_000_000)
    learning = verbs.add_parser("learn")
    learning.add_argument("rows", type=Path)
    learning.add_argument("--fresh", type=Path, required=True)
    learning.add_argument("--out", type=Path, required=True)
    straightening = verbs.add_parser("straighten")
    straightening.add_argument("world", type=Path)
    straightening.add_argument("--out", type=Path, required=True)
    straightening.add_argument("--most-posts", type=int, default=2_000_000)
    asked = parser.parse_args(arguments)
    if asked.verb == "gather":
        gather(asked.world, asked.out, asked.most_posts)
        return
    if asked.verb == "straighten":
        straighten(asked.world, asked.out, asked.most_posts)
        return
    rows, fresh = (sorted(folder.glob("rows-*.npz")) for folder in (asked.rows, asked.fresh))
    if not rows or not fresh:
        sys.exit("There are no rows in that folder: run `gather` first.")
    learn(rows, fresh, asked.out)


if __name__ == "__main__":
    main()

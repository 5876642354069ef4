"""Measures the volume radar on NAB's real series of brand mentions.

    python -m benchmarks.heat_series --nab FOLDER [--draws 1,2,3]

FOLDER holds NAB's realTweets CSV files and windows.json. `best` takes the threshold that is best on all files; `LOO`
scores each file with the threshold that is best on the others. `--draws` also shows other random settings than the
shipped ones. What is printed is kept in heat-results.md.
"""

from __future__ import annotations

import argparse
import csv
import json
import math
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from classifier.heat.episodes import ALERT
from classifier.heat.many_settings import DRAW
from classifier.heat.series import SeriesScorer

PROFILES = {"standard": (1.0, 1.0, 0.11), "low-FP": (1.0, 1.0, 0.22), "low-FN": (1.0, 2.0, 0.11)}  # hit, miss, false
PROBATION, PROBATION_ROWS = 0.15, 750

Spans = list[tuple[datetime, datetime]]


@dataclass(frozen=True)
class Alerting:
    """What a file's rows at or above one threshold are worth, by NAB's arithmetic."""

    placed: float  # the windows' earliest alerts, 1 at a window's left edge, 0 at its right one
    hits: int
    wanted: int
    outside: float  # rows outside windows, -1 each, less just behind one
    false: int

    def raw(self, weights: tuple[float, float, float]) -> float:
        for_hit, for_miss, for_false = weights
        return for_hit * self.placed - for_miss * (self.wanted - self.hits) + for_false * self.outside


@dataclass(frozen=True)
class Scored:
    name: str
    rows: list[tuple[datetime, float]]
    spans: Spans

    @property
    def weeks(self) -> float:
        return (self.rows[-1][0] - self.rows[0][0]).total_seconds() / 604_800

    def at(self, threshold: float) -> Alerting:
        first = min(int(PROBATION * len(self.rows)), PROBATION_ROWS)
        best: dict[int, float] = {}
        outside, false = 0.0, 0
        for at in (at for at, score in self.rows[first:] if score >= threshold):
            inside = next((i for i, (start, end) in enumerate(self.spans) if start <= at <= end), None)
            if inside is not None:
                start, end = self.spans[inside]
                best[inside] = max(best.get(inside, 0.0), _sigmoid((at - end) / (end - start)) / _sigmoid(-1.0))
                continue
            behind = [(start, end) for start, end in self.spans if end < at]
            place = (at - behind[-1][1]) / (behind[-1][1] - behind[-1][0]) if behind else math.inf
            outside += _sigmoid(place) if place < 3 else -1.0
            false += 1
        return Alerting(sum(best.values()), len(best), len(self.spans), outside, false)


def _sigmoid(place: float) -> float:
    return 2 / (1 + math.exp(5 * place)) - 1


def scored_files(nab: Path, draw: int) -> list[Scored]:
    windows = {Path(name).name: spans for name, spans in json.loads((nab / "windows.json").read_text()).items()}
    files = []
    for path in sorted(nab.glob("*.csv")):
        scorer = SeriesScorer(draw=draw)
        with path.open() as lines:
            rows = [(_utc(row["timestamp"]), float(row["value"])) for row in csv.DictReader(lines)]
        spans = sorted((_utc(start), _utc(end)) for start, end in windows[path.name])
        files.append(Scored(path.stem, [(at, scorer.score(at, value)) for at, value in rows], spans))
    return files


def _utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def _points(alertings: Iterable[Alerting], weights: tuple[float, float, float]) -> float:
    """0 for saying nothing, 100 for an alert at the left edge of every window and nowhere else."""
    alertings = list(alertings)
    wanted = sum(alerting.wanted for alerting in alertings)
    nothing, perfect = -weights[1] * wanted, weights[0] * wanted
    return 100 * (sum(alerting.raw(weights) for alerting in alertings) - nothing) / (perfect - nothing)


def report(files: list[Scored]) -> None:
    thresholds = sorted({score for file in files for _, score in file.rows if score > 0.2})
    found = [[file.at(threshold) for threshold in thresholds] for file in files]
    print("| profile | best | LOO | at 0.5 | windows hit | false rows a week a brand |\n|---|---|---|---|---|---|")
    for profile, weights in PROFILES.items():

        def best_of(chosen: list[list[Alerting]], weights: tuple[float, float, float] = weights) -> int:
            return max(range(len(thresholds)), key=lambda i: sum(file[i].raw(weights) for file in chosen))

        best = best_of(found)
        left_out = [file[best_of([other for other in found if other is not file])] for file in found]
        shipped = [file.at(ALERT) for file in files]
        print(
            f"| {profile} | {_points([file[best] for file in found], weights):.1f} | {_points(left_out, weights):.1f} "
            f"| {_points(shipped, weights):.1f} | {sum(a.hits for a in left_out)} of {sum(a.wanted for a in left_out)} "
            f"| {sum(a.false for a in left_out) / sum(file.weeks for file in files):.2f} |"
        )
    alerts = sum(score >= ALERT for file in files for _, score in file.rows)
    print(f"\n{alerts / sum(file.weeks for file in files):.2f} alerts a week a brand at 0.5, first days included.")


def main() -> None:
    parser = argparse.ArgumentParser(description="Measures the volume radar.")
    parser.add_argument("--nab", type=Path, required=True)
    parser.add_argument("--draws", default="", help="other draws of the settings to show, such as 1,2,3")
    asked = parser.parse_args()
    for draw in [DRAW, *map(int, filter(None, asked.draws.split(",")))]:
        began = time.process_time()
        files = scored_files(asked.nab, draw)
        spent = time.process_time() - began
        rows = sum(len(file.rows) for file in files)
        print(f"\nDraw {draw}{', as shipped' if draw == DRAW else ''}: {1e6 * spent / rows:.0f} microseconds a row\n")
        report(files)


if __name__ == "__main__":
    main()

"""Measures the volume radar on NAB's real series of brand mentions.

    python -m benchmarks.heat_series --nab FOLDER

FOLDER holds NAB's realTweets CSV files and windows.json. What is printed is kept in heat-results.md.
"""

from __future__ import annotations

import argparse
import csv
import json
import math
import tempfile
from datetime import datetime
from pathlib import Path

from classifier.heat.series_files import score_series

PROFILES = {"standard": (1.0, 1.0, 0.11), "low-FP": (1.0, 1.0, 0.22), "low-FN": (1.0, 2.0, 0.11)}  # hit, miss, false
PROBATION = 0.15


def series(nab: Path) -> None:
    """NAB's own arithmetic: the earliest alert of a window counts, rows outside cost, less just behind one."""
    windows = {Path(name).name: spans for name, spans in json.loads((nab / "windows.json").read_text()).items()}
    scored = []
    with tempfile.TemporaryDirectory() as folder:
        for path in sorted(nab.glob("*.csv")):
            output = Path(folder, path.name)
            score_series(path, output)
            with output.open() as lines:
                rows = [(datetime.fromisoformat(when), float(score)) for when, _, score in list(csv.reader(lines))[1:]]
            spans = [(datetime.fromisoformat(a), datetime.fromisoformat(b)) for a, b in windows[path.name]]
            scored.append((rows, spans))
    thresholds = sorted({round(score, 3) for rows, _ in scored for _, score in rows if score > 0.2})
    weeks = sum((rows[-1][0] - rows[0][0]).days / 7 for rows, _ in scored)
    print("| profile | score | threshold | windows hit | false rows a week a series |\n|---|---|---|---|---|")
    for profile, weights in PROFILES.items():
        found = [(*_nab_score(scored, threshold, weights), threshold) for threshold in thresholds]
        score, hit, false, threshold = max(found)
        wanted = sum(len(spans) for _, spans in scored)
        print(f"| {profile} | {score:.1f} | {threshold:.3f} | {hit} of {wanted} | {false / weeks:.2f} |")


Rows = list[tuple[datetime, float]]
Spans = list[tuple[datetime, datetime]]


def _nab_score(
    scored: list[tuple[Rows, Spans]], threshold: float, weights: tuple[float, float, float]
) -> tuple[float, int, int]:
    for_hit, for_miss, for_false = weights
    total, hits, falses, wanted = 0.0, 0, 0, 0
    for rows, spans in scored:
        alerts = [at for at, score in rows[min(int(PROBATION * len(rows)), 750) :] if score >= threshold]
        best: dict[int, float] = {}
        for at in alerts:
            inside = [i for i, (start, end) in enumerate(spans) if start <= at <= end]
            if inside:
                start, end = spans[inside[0]]
                placed = _sigmoid((at - end) / (end - start)) / _sigmoid(-1.0)
                best[inside[0]] = max(best.get(inside[0], 0.0), placed)
            else:
                behind = [(start, end) for start, end in spans if end < at]
                place = (at - behind[-1][1]) / (behind[-1][1] - behind[-1][0]) if behind else 9.0
                total += for_false * _sigmoid(min(place, 3.0)) if place < 3 else -for_false
                falses += 1
        total += for_hit * sum(best.values()) - for_miss * (len(spans) - len(best))
        hits, wanted = hits + len(best), wanted + len(spans)
    null, perfect = -for_miss * wanted, for_hit * wanted
    return 100 * (total - null) / (perfect - null), hits, falses


def _sigmoid(place: float) -> float:
    return 2 / (1 + math.exp(5 * place)) - 1


def main() -> None:
    parser = argparse.ArgumentParser(description="Measures the volume radar.")
    parser.add_argument("--nab", type=Path, required=True)
    series(parser.parse_args().nab)


if __name__ == "__main__":
    main()

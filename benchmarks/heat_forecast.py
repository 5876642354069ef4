"""What the forecasts were worth: Brier score and calibration error of the chances, on alerts of a simulated world.

    palovahti heat --events EVENTS --alerts ALERTS      (for each brand; or benchmarks.heat outrages)
    python -m benchmarks.heat_forecast --truth FOLDER --alerts ALERTS

`probability` is set against whether an outrage was on (as score_alerts.py does); the chance within so many hours
against whether there was one, and it had reached the size that the shop calls an outrage by then, found by the truth's
quantiles. What this prints is kept in heat-results.md.
"""

from __future__ import annotations

import argparse
import json
from datetime import datetime
from pathlib import Path

from classifier.heat.outcome import OutrageRule
from classifier.training.forecast import reached_at

BINS = 10


def seconds(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


def main() -> None:
    parser = argparse.ArgumentParser(description="What the forecasts were worth.")
    parser.add_argument("--truth", type=Path, required=True)
    parser.add_argument("--alerts", type=Path, required=True)
    asked = parser.parse_args()
    truths = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(asked.truth.glob("truth-*.json"))]
    brands = {truth["brand"]: truth for truth in truths}
    pairs: dict[str, list[tuple[float, bool]]] = {}
    with asked.alerts.open(encoding="utf-8") as lines:
        for alert in map(json.loads, lines):
            truth, at = brands.get(alert["brand"]), seconds(alert["at"])
            if truth is None or not seconds(truth["scored_from"]) <= at <= seconds(truth["end"]):
                continue
            on = [one for one in truth["outrages"] if seconds(one["t0"]) <= at <= seconds(one["t95"])]
            pairs.setdefault("now or later", []).append((alert["probability"], bool(on)))
            needed = OutrageRule().needed(truth["rate_per_hour"])
            for hours, chance in alert.get("forecast", {}).get("within_hours", {}).items():
                burned = any(reached_at(one, needed) <= at + 3600 * int(hours) for one in on)
                pairs.setdefault(f"within {hours} h", []).append((chance, burned))
    print("| chance of an outrage | n | base rate | Brier | of the base rate | better by | calibration error |")
    print("|---|---|---|---|---|---|---|")
    for name, found in pairs.items():
        rate = sum(burned for _, burned in found) / len(found)
        brier = sum((chance - burned) ** 2 for chance, burned in found) / len(found)
        base = rate * (1 - rate)
        print(
            f"| {name} | {len(found):,} | {rate:.2f} | {brier:.3f} | {base:.3f} | {100 * (1 - brier / base):.0f} % "
            f"| {calibration_error(found):.3f} |"
        )


def calibration_error(pairs: list[tuple[float, bool]]) -> float:
    """The mean distance of what was stated from what came, over ten bins weighted by what they hold."""
    bins: dict[int, list[tuple[float, bool]]] = {}
    for chance, burned in pairs:
        bins.setdefault(min(int(chance * BINS), BINS - 1), []).append((chance, burned))
    gaps = (abs(sum(chance for chance, _ in part) - sum(burned for _, burned in part)) for part in bins.values())
    return sum(gaps) / len(pairs)


if __name__ == "__main__":
    main()

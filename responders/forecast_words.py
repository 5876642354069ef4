"""What heat foretells of an alert, as sentences that a person understands."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

from responders.slack.catalogue import Words, words_for

_HOURS = ("1", "3", "6")


def say_forecast(forecast: Mapping[str, Any] | None, reasons: Iterable[Mapping[str, Any]], language: str) -> str:
    """The chances and the size as two sentences in `fi`, `sv` or `en`; empty where there is nothing to say.

    Takes both as the store keeps them. Rounded as far as such guesses carry: chances to 5 %, sizes to two figures.
    """
    words = words_for(language)
    if forecast is None:
        little = any(reason["code"] == "little_history" for reason in reasons)
        return words.plain("forecast.little_history") if little else ""
    chances = [float(forecast["within_hours"][hours]) for hours in _HOURS]
    which = "hardly" if chances[-1] < 0.05 else "surely" if chances[0] > 0.95 else "chances"
    hour, three, six = (_chance(chance, words) for chance in chances)
    said = words.plain(f"forecast.{which}", hour=hour, three=three, six=six)
    return f"{said} {words.plain('forecast.size', people=_people(forecast['people'], words))}"


def _chance(chance: float, words: Words) -> str:
    if chance < 0.05:
        return words.plain("forecast.low")
    if chance > 0.95:
        return words.plain("forecast.high")
    return words.plain("forecast.percent", number=5 * math.floor(20 * chance + 0.5))


def _people(people: Mapping[str, Any], words: Words) -> str:
    middle, low, high = (words.number(_two_figures(int(people[name]))) for name in ("expected", "low", "high"))
    return middle if low == high else f"{middle} ({low}–{high})"


def _two_figures(count: int) -> int:
    step: int = 10 ** max(0, len(str(count)) - 2)
    return step * math.floor(count / step + 0.5)

"""What heat foretells of an alert, as sentences that a person understands."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

from models.numbers import english, nordic

_HOURS = ("1", "3", "6")

_CHANCES: Mapping[str, str] = {
    "fi": "Ennuste: someraivon todennäköisyys on {0} tunnin, {1} kolmen ja {2} kuuden tunnin sisällä.",
    "sv": "Prognos: sannolikheten för ett nätdrev är {0} inom en timme, {1} inom tre och {2} inom sex timmar.",
    "en": "Forecast: the chance of an outrage is {0} within an hour, {1} within three and {2} within six hours.",
}
_HARDLY: Mapping[str, str] = {
    "fi": "Ennuste: someraivon todennäköisyys on {2} kuuden tunnin sisällä.",
    "sv": "Prognos: sannolikheten för ett nätdrev är {2} inom sex timmar.",
    "en": "Forecast: the chance of an outrage is {2} within six hours.",
}
_SURELY: Mapping[str, str] = {
    "fi": "Ennuste: someraivon todennäköisyys on {0} jo tunnin sisällä.",
    "sv": "Prognos: sannolikheten för ett nätdrev är {0} redan inom en timme.",
    "en": "Forecast: the chance of an outrage is {0} within the hour.",
}
_SIZE: Mapping[str, str] = {
    "fi": "Kielteisiä kirjoittajia on lopulta noin {0}.",
    "sv": "Antalet negativa skribenter blir till slut omkring {0}.",
    "en": "Negative authors in the end: about {0}.",
}
_NOT_FORETOLD: Mapping[str, str] = {
    "fi": "Historiaa on liian vähän ennusteeseen.",
    "sv": "Historiken är för kort för en prognos.",
    "en": "There is too little history for a forecast.",
}
_LOW: Mapping[str, str] = {"fi": "alle 5 %", "sv": "under 5 %", "en": "below 5%"}
_HIGH: Mapping[str, str] = {"fi": "yli 95 %", "sv": "över 95 %", "en": "above 95%"}


def say_forecast(forecast: Mapping[str, Any] | None, reasons: Iterable[Mapping[str, Any]], language: str) -> str:
    """The chances and the size as two sentences in `fi`, `sv` or `en`; empty where there is nothing to say.

    Takes both as the store keeps them. Rounded as far as such guesses carry: chances to 5 %, sizes to two figures.
    """
    if forecast is None:
        little = any(reason["code"] == "little_history" for reason in reasons)
        return _NOT_FORETOLD[language] if little else ""
    chances = [float(forecast["within_hours"][hours]) for hours in _HOURS]
    table = _HARDLY if chances[-1] < 0.05 else _SURELY if chances[0] > 0.95 else _CHANCES
    said = table[language].format(*(_chance(chance, language) for chance in chances))
    return f"{said} {_SIZE[language].format(_people(forecast['people'], language))}"


def _chance(chance: float, language: str) -> str:
    if chance < 0.05:
        return _LOW[language]
    if chance > 0.95:
        return _HIGH[language]
    return f"{5 * math.floor(20 * chance + 0.5)}{'%' if language == 'en' else ' %'}"


def _people(people: Mapping[str, Any], language: str) -> str:
    number = english if language == "en" else nordic
    middle, low, high = (number(_two_figures(int(people[name]))) for name in ("expected", "low", "high"))
    return middle if low == high else f"{middle} ({low}–{high})"


def _two_figures(count: int) -> int:
    step: int = 10 ** max(0, len(str(count)) - 2)
    return step * math.floor(count / step + 0.5)

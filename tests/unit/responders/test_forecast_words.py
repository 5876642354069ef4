"""What is foretold is said in plain words, and no more exactly than it is known."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.heat.forecast import Forecast
from responders.forecast_words import say_forecast


def foretold(
    within: tuple[float, float, float] = (0.12, 0.3, 0.41), size: tuple[int, int, int] = (60, 120, 300)
) -> Any:
    low, middle, high = size
    return Forecast(within, middle, low, high).to_json()


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (
            "fi",
            "Ennuste: someraivon todennäköisyys on 10 % tunnin, 30 % kolmen ja 40 % kuuden tunnin sisällä. "
            "Kielteisiä kirjoittajia on lopulta noin 120 (60–300).",
        ),
        (
            "sv",
            "Prognos: sannolikheten för ett nätdrev är 10 % inom en timme, 30 % inom tre och 40 % inom sex timmar. "
            "Antalet negativa skribenter blir till slut omkring 120 (60–300).",
        ),
        (
            "en",
            "Forecast: the chance of an outrage is 10% within an hour, 30% within three and 40% within six hours. "
            "Negative authors in the end: about 120 (60–300).",
        ),
    ],
)
def test_the_chances_and_the_size_are_said_in_each_language(language: str, said: str) -> None:
    assert say_forecast(foretold(), [], language) == said


@pytest.mark.parametrize(
    ("within", "said"),
    [
        ((0.001, 0.02, 0.049), "on alle 5 % kuuden tunnin sisällä."),
        ((0.951, 0.97, 0.99), "on yli 95 % jo tunnin sisällä."),
        ((0.049, 0.5, 0.96), "on alle 5 % tunnin, 50 % kolmen ja yli 95 % kuuden tunnin sisällä."),
        ((0.05, 0.074, 0.95), "on 5 % tunnin, 5 % kolmen ja 95 % kuuden tunnin sisällä."),
        ((0.125, 0.225, 0.325), "on 15 % tunnin, 25 % kolmen ja 35 % kuuden tunnin sisällä."),
    ],
)
def test_chances_are_told_to_five_percent_and_never_as_none_or_certain(
    within: tuple[float, float, float], said: str
) -> None:
    assert f"someraivon todennäköisyys {said}" in say_forecast(foretold(within), [], "fi")


@pytest.mark.parametrize(
    ("language", "size", "said"),
    [
        ("fi", (7, 7, 7), "noin 7."),
        ("fi", (8, 12, 40), "noin 12 (8–40)."),
        ("fi", (96, 97, 1049), "noin 97 (96–1\N{NO-BREAK SPACE}000)."),
        ("en", (1149, 1250, 25_555), "about 1,300 (1,100–26,000)."),
        ("sv", (121, 123, 124), "omkring 120."),
    ],
)
def test_sizes_are_told_in_two_figures(language: str, size: tuple[int, int, int], said: str) -> None:
    assert say_forecast(foretold(size=size), [], language).endswith(said)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("fi", "Historiaa on liian vähän ennusteeseen."),
        ("sv", "Historiken är för kort för en prognos."),
        ("en", "There is too little history for a forecast."),
    ],
)
def test_with_little_history_it_is_said_that_nothing_is_foretold(language: str, said: str) -> None:
    reasons = [{"code": "thread_pace", "numbers": {}}, {"code": "little_history", "numbers": {"hours": 5}}]
    assert say_forecast(None, reasons, language) == said
    assert say_forecast(None, reasons[:1], language) == ""


@given(
    st.lists(st.floats(0, 1), min_size=3, max_size=3).map(sorted),
    st.lists(st.integers(1, 10**7), min_size=3, max_size=3).map(sorted),
    st.sampled_from(("fi", "sv", "en")),
)
def test_what_is_said_never_falls_and_stays_near_what_was_foretold(
    within: list[float], size: list[int], language: str
) -> None:
    said = say_forecast(foretold((within[0], within[1], within[2]), (size[0], size[1], size[2])), [], language)
    chances, people = said.split(". ", maxsplit=1)
    percents = [int(number) for number in re.findall(r"(\d+) ?%", chances)]
    assert percents == sorted(percents)
    assert all(5 <= percent <= 95 and percent % 5 == 0 for percent in percents)
    told = [int(re.sub(r"\D", "", number)) for number in re.findall(r"\d[\d,\N{NO-BREAK SPACE}]*", people)]
    near = size[1:2] if len(told) == 1 else [size[1], size[0], size[2]]
    assert all(abs(number - true) <= 0.05 * true for number, true in zip(told, near, strict=True))

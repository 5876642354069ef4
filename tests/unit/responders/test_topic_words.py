"""The words that mark a complaint: what its texts share and the brand's other texts do not."""

from __future__ import annotations

import pytest

from responders.topic_words import characteristic_words

USUAL = [
    "Milloin paketti tulee?", "Paketti oli ajoissa perillä, kiitos", "Onko paketti jo lähtenyt?", "Kiva takki!",
    "När kommer paketet?", "Mikä on tilauksen tila?", "Tilasin takin ja olen tyytyväinen", "Missä paketti on?",
]  # fmt: skip


@pytest.mark.parametrize(
    ("texts", "words"),
    [
        (["Lyhty halkesi pöydälle", "Meilläkin lyhty hajosi", "Teidän lyhdyt on vaarallisia"], ("lyhty",)),
        (["Lyktan sprack", "Samma här, lyktan gick sönder", "Lyktan är farlig"], ("lyktan",)),
        (["Your lantern cracked", "The lantern exploded", "Lanterns are dangerous"], ("lantern",)),
        (["Maksu ei mene läpi", "maksut ei toimi", "Maksun kanssa ongelma: paketti jäi"], ("maksu",)),
    ],
)
def test_the_shared_word_names_the_topic(texts: list[str], words: tuple[str, ...]) -> None:
    assert characteristic_words(texts, USUAL) == words


def test_what_is_usual_for_the_brand_names_nothing() -> None:
    assert characteristic_words(["Paketti hukassa", "Mun paketti rikki", "Taas paketti"], USUAL * 20) == ()


def test_a_word_of_one_person_never_names_a_topic() -> None:
    assert characteristic_words(["Lyhty halkesi, terveisin Aino Korpi", "Sirpaleita joka paikassa"], USUAL) == ()


def test_names_addresses_and_numbers_are_left_out() -> None:
    texts = ["@nuotiopuoti tilaus N48213 https://n.example/lyhty aino@n.example"] * 3
    assert characteristic_words(texts, USUAL) == ()


def test_at_most_three_words_and_nothing_without_texts() -> None:
    texts = ["lyhty lasi pöytä kynttilä sirpale"] * 4
    assert len(characteristic_words(texts, USUAL)) == 3
    assert characteristic_words([], USUAL) == ()
    assert len(characteristic_words(texts, [])) == 3

"""When-words find what customers write, and no more."""

from __future__ import annotations

import pytest

from responders.slots import order_number
from responders.whenwords import matches, words_of


def found(phrase: str, text: str) -> str | None:
    hits = matches([phrase], words_of(text))
    return hits[0].words if hits else None


@pytest.mark.parametrize(
    ("phrase", "text", "words"),
    [
        ("paket", "Missä PAKETTINI?", "PAKETTINI"),
        ("ei tullu", "ei oo vieläkään tullut", "ei oo vieläkään tullut"),
        ("ei tullu", "ei yksi kaksi kolme neljä tullut", None),
        ("tullu ei", "ei tullut", None),
        ("missä|mis paket", "mis mun paketti", "mis mun paketti"),
        ("paketti", "postipaketti", "postipaketti"),
        ("peru", "lapperuu", None),
        ("ei", "eilen", None),
        ("=toimi", "toimitus", None),
        ("=toimi", "ei TOIMI!", "TOIMI"),
        ("missä", "missäääää", "missäääää"),
        ("väär", "vaaran koon", "vaaran"),
        ("hasnt", "it hasn’t come", "hasn’t"),
        ("alaarvoi", "Ala-arvoista", "Ala-arvoista"),
        ("paketti", "@paketti https://x.fi/paketti", None),
    ],
)
def test_a_phrase_is_found_as_people_write(phrase: str, text: str, words: str | None) -> None:
    assert found(phrase, text) == words


def test_what_lies_inside_a_longer_find_is_not_counted_again() -> None:
    assert [match.words for match in matches(["paket", "missä paket"], words_of("missä paketti"))] == ["missä paketti"]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("tilausnumero 104233", "104233"),
        ("Tilausnumeroni on NP-104233.", "NP-104233"),
        ("tilaus #104233", "104233"),
        ("tilausnro: 104233", "104233"),
        ("ordernummer 104233", "104233"),
        ("my order number is NP104233", "NP104233"),
        ("#104233", "104233"),
        ("NP-104233", "NP-104233"),
        ("palautusnumero oli NP-R-3307", None),
        ("soita 0401234567", None),
        ("maksoin 1200 euroa", None),
        ("00100 Helsinki", None),
        ("tilasin 2 kpl", None),
        ("seuranta JJFI64000012345678", None),
        ("tilaus tehty 12.11.2026", None),
    ],
)
def test_an_order_number_is_one_the_customer_calls_so(text: str, number: str | None) -> None:
    assert order_number((text,)) == number

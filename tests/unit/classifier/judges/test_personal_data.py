"""What of a text belongs to one person, as customers write it; and what only looks like it. All of it is made up."""

import pytest
from hypothesis import given, strategies

from classifier.judges.personal_data import holds_personal_data

PERSONAL = [
    # phone numbers
    "Soittakaa 040 123 4567",
    "numeroni on +358401234567",
    "0401234567",
    "p. 040-1234567, kiitos",
    "Puh.0501234567",
    "+358 (0)40 123 4567",
    "Tavoittaa numerosta 09 310 1691 päivisin",
    "ring mig på 070-123 45 67",
    "Mitt nummer: 0701234567",
    "+46 70 123 45 67",
    "0046701234567",
    "tilasin 12.11.2026, soittakaa 0401234567 klo 16 jälkeen",
    "my mobile is 07911 123456",
    "call me on +44 7911 123456 please",
    # e-mail
    "maija.meikalainen@example.fi",
    "Osoitteeni on maija@example.com.",
    "skriv till anna-lena+butik@mail.example.se tack",
    "maija.m(at)example.fi",
    "maija [at] example.com",
    # numbers of orders, customers, parcels
    "tilausnumero 48213",
    "Tilausnumeroni on 88120447",
    "tilaus #123456",
    "tilaus #731 puuttuu",
    "Tilaus nro. 9917 ei ole tullut",
    "koskee tilausta 300918",
    "huonekalutilaukseni 61-0094 voisi tulla myöhemmin",
    "onko tilauksestani 40077152 tietoa",
    "Asiakasnro 4471902.",
    "laskun numero 55120",
    "paketti 77120394 seisoo jakelussa",
    "order nr 88412",
    "ordernummer: A-20931",
    "min beställning 77312 har inte kommit",
    "kundnr 55102",
    "Fakturan (nr 880-2217) är fel",
    "kollinummer 12345678901",
    "my order 558291",
    "Order number is 4417?",
    "order #4417",
    "customer id 90211",
    "invoice no. 2026-118",
    "return RMA-8804-17",
    "JJFI60000000000000",
    "seuranta JJFI 88301127",
    "Seurantakoodi JJFI 6000 0000 0000 00",
    "RR123456789SE",
    "UA123456785FI ei liiku",
    "00373500489530470000",
    # identity codes, accounts and cards with right check digits
    "hetu 131052-308T",
    "010190-123M on tunnukseni",
    "811228-9874",
    "19811228-9874",
    "8112289874",
    "palauttakaa tilille FI21 1234 5600 0007 85",
    "SE4550000000058398257466",
    "kortti 4539 1488 0343 6467",
    # addresses
    "Mannerheimintie 12 A 5",
    "asun hämeenkatu 5 b",
    "Toimittakaa osoitteeseen Mäntyraitti 22 as 5",
    "Koivurinne 12, 62100 Lapua",
    "Olen muuttanut: Kirkkotie 4",
    "Storgatan 5B",
    "Norra Strandvägen 14, 111 22 Stockholm",
    "12 Baker Street",
    "It is 3 Quarry Lane, the yellow house",
]  # fmt: skip

ORDINARY = [
    "",
    "Missä tilaukseni on?",
    "1 299,00 €",
    "hinta 1299 €, ennen 1 499 000 kr",
    "Maksoin 040,00 €",
    "0,99 € / kpl, 12 345 678 kappaletta",
    "0.99 0.89 0.79",
    "vuonna 2026",
    "2024-2026",
    "tilaus 2026 keväällä",
    "Order 2025 was better",
    "klo 16.30",
    "8.30-16.00",
    "auki 24/7",
    "sizes 42-44",
    "koot 36 38 40 42 44 46 48",
    "Galaxy S24 Ultra 512",
    "12.11.2026",
    "2026-11-12",
    "tilaus 2026-11-12",
    "01.02.-05.02. kiinni, 03.04.26 auki",
    "Tilattu 01.02.2026 ja 05.03.2026",
    "@handle",
    "@kauppa hei, kuka vastaa?",
    "@nimi@mastodon.social katso",
    "tilaus 2 viikkoa myöhässä",
    "tilaus 1500 € ja ylikin",
    "tilaus 1299,00",
    "order 3 pairs",
    "order 1500 kr",
    "Ordered 4000 of them",
    "-50 %",
    "100 % puuvillaa, 40 astetta",
    "PS5",
    "iPhone 15",
    "HIFK–Tappara 3-2",
    "2-1, 0-0, 4-5 ja 3-0",
    "lentokone 747, RTX 4090",
    "WH-1000XM5",
    "paketti 3 päivää myöhässä",
    "paketissa 500 g",
    "2 kpl 0401",
    "EAN 6410405082657",
    "maapallolla on 123456789 eri asiaa",
    "mallinumero 4521",
    "artikelnummer 88123",
    "999999-9999",
    "131052-308U",
    "FI21 1234 5600 0007 86",
    "1234 5678 1234 5678",
    "Valtatie 4 oli tukossa",
    "joka katu 3 kertaa",
    "512 Flash Drive",
    "I waited on the street 12 minutes",
    "Black Friday 2026",
    "3 x 4 = 12",
    "Windows 11, 16 GB, 512 GB, 144 Hz",
    "5/5 tähteä, 10/10",
    "(at) hinta laskee",
    "😡 3 viikkoa 😡",
]  # fmt: skip


@pytest.mark.parametrize("text", PERSONAL)
def test_what_belongs_to_one_person_is_found(text: str) -> None:
    assert holds_personal_data(text)


@pytest.mark.parametrize("text", ORDINARY)
def test_what_only_looks_like_it_is_left_alone(text: str) -> None:
    assert not holds_personal_data(text)


def test_it_is_found_at_the_end_of_a_long_text_too() -> None:
    story = "Kaikki alkoi jo keväällä. " * 500
    assert not holds_personal_data(story)
    assert holds_personal_data(story + "Soittakaa 040 123 4567.")


@given(
    strategies.text(strategies.characters(codec=None) | strategies.sampled_from("0123456789@#-+(). aAFI"), max_size=200)
)
def test_no_text_makes_it_stumble(text: str) -> None:
    assert holds_personal_data(text) in (True, False)

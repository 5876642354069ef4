"""What stops a reply, what is only told, and how it is said."""

from __future__ import annotations

import pytest

from responders.lengths import Limit
from responders.tone import Finding, check, finding_sentence
from responders.tone_words import SENTENCES
from tests.unit.responders.matters import FULL, ROOMY


def codes(text: str, language: str = "fi", public: bool = False) -> list[str]:
    return [finding.code for finding in check(text, language=language, public=public, limit=ROOMY, profile=FULL)]


def test_a_blank_stops_the_reply_and_is_named() -> None:
    assert check("Soita {phone}", language="fi", public=False, limit=ROOMY)[0] == Finding(
        "unfilled_slot", True, "{phone}"
    )
    assert "{phone}" in finding_sentence(Finding("unfilled_slot", True, "{phone}"), "fi")


def test_a_text_too_long_for_its_channel_is_stopped() -> None:
    assert check("abcdef", language="fi", public=True, limit=Limit(4)) == (Finding("over_length", True, "2"),)


@pytest.mark.parametrize(
    "text",
    [
        "Kirjoitit osoitteesta matti@mail.example",
        "Numerosi 040 123 4567 on meillä",
        "+358401234567",
        "Tilaus NP-104233",
    ],
)
def test_personal_data_is_told_in_public_and_fine_in_private(text: str) -> None:
    assert codes(text, public=True) == ["personal_data"]
    assert codes(text) == []


def test_the_shops_own_contacts_are_nobodys_secret() -> None:
    text = f"Soita {FULL.phone} tai kirjoita {FULL.email}, ohjeet {FULL.return_page}?id=0401234567"
    assert codes(text, public=True) == []


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Turha valittaa, ohjeet olivat sivulla.", "fi"),
        ("Rauhoituthan ensin.", "fi"),
        ("Kuten jo sanoimme, odota.", "fi"),
        ("Olisit lukenut ehdot.", "fi"),
        ("Det är ditt eget fel.", "sv"),
        ("Som vi redan har sagt får du vänta.", "sv"),
        ("Please calm down.", "en"),
        ("That's your own fault.", "en"),
    ],
)
def test_belittling_words_are_told(text: str, language: str) -> None:
    assert codes(text, language) == ["belittling"]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Ota yhteyttä asiakaspalveluun.", "fi"),
        ("Laita meille sähköpostia.", "fi"),
        ("Valitettavasti emme voi auttaa.", "fi"),
        ("Kontakta vår kundtjänst.", "sv"),
        ("Please e-mail us.", "en"),
        ("Contact our support team.", "en"),
    ],
)
def test_being_sent_away_with_nothing_to_go_by_is_told(text: str, language: str) -> None:
    assert codes(text, language) == ["brush_off"]
    assert codes(f"{text} {FULL.email}", language) == []
    assert codes(f"{text} {FULL.phone}", language) == []
    assert codes(f"{text} {FULL.contact_form}", language) == []


def test_a_private_message_is_a_next_step_in_public_only() -> None:
    text = "Ota meihin yhteyttä yksityisviestillä."
    assert codes(text, public=True) == []
    assert codes(text) == ["brush_off"]


@pytest.mark.parametrize("text", ["Otamme yhteyttä kuljetusyhtiöön.", "Soitamme sinulle.", "Kiitos, että kirjoitit!"])
def test_our_own_doing_is_no_brush_off(text: str) -> None:
    assert codes(text) == []


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_every_fault_has_its_sentence(language: str) -> None:
    assert SENTENCES[language].keys() == {"unfilled_slot", "over_length", "personal_data", "belittling", "brush_off"}
    for code in SENTENCES[language]:
        assert "{" not in finding_sentence(Finding(code, False, "x"), language)

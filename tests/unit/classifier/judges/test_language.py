"""The language of posts as short and mixed as people write them."""

import pytest

from classifier.judges.language import language_of


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Missä tilaukseni on?", "fi"),
        ("onks tätä viel varastos", "fi"),
        ("kiitti", "fi"),
        ("paska firma", "fi"),
        ("jee 😍", "fi"),
        ("Kiitos nopeasta toimituksesta, great service!", "fi"),
        ("@palvelu hei https://example.com/a missä paketti", "fi"),
        ("MISSÄ MUN PAKETTI ON????", "fi"),
        ("Var är min beställning?", "sv"),
        ("Tack!", "sv"),
        ("Hej hej", "sv"),
        ("Skitdåligt", "sv"),
        ("HELT OACCEPTABELT! Aldrig mer!", "sv"),
        ("Where is my order", "en"),
        ("thanks!", "en"),
        ("LOVE IT", "en"),
        ("Do you have this in a size 42?", "en"),
        ("Takk for hjelpen", "nb"),
        ("Tak for hjælpen, I er de bedste", "da"),
        ("Aitäh kiire tarne eest", "et"),
        ("Wo ist mein Paket?", "de"),
        ("Где мой заказ?", "ru"),
        ("", "und"),
        ("   \n", "und"),
        ("😍😍😍", "und"),
        ("12345 !!!", "und"),
        ("@user https://example.com", "und"),
        ("\u200b\u200b", "und"),
        ("\ud800\udfff", "und"),
    ],
)
def test_the_language_of_a_post(text: str, language: str) -> None:
    assert language_of(text) == language

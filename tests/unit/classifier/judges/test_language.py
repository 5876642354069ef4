"""The language of posts as short and mixed as people write them."""

import pytest

from classifier.judges.language import language_of
from classifier.training.annotations import read_own_texts


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
        ("eiiii tää kalenteri", "fi"),
        ("tackkkk snälla", "sv"),
        ("Seurantakoodi JJFI6590012788 ei", "fi"),
        ("Onnea 10-vuotiaalle", "fi"),
        ("Noudin paketin äsken.", "fi"),
        ("Hain paketin", "fi"),
        ("Man mår gott", "sv"),
        ("done & shared", "en"),
        ("Pakk ei ole kohale jõudnud", "et"),
        ("Olen oodanud kolm nädalat ja keegi ei vasta", "et"),
        ("Saatke mulle uus, see oli katki", "et"),
        ("Kjempefin genser, anbefales", "nb"),
        ("Skoene gikk i stykker etter to dager", "nb"),
        ("Hvornår kommer varerne på lager igen?", "da"),
        ("Kan ikke logge ind på jeres side", "da"),
        ("Schlechter Kundenservice", "de"),
        ("Ik wacht al drie weken en niemand reageert", "nl"),
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


@pytest.mark.parametrize(
    ("language", "whole", "three_words"), [("fi", 0.99, 0.98), ("sv", 0.98, 0.94), ("en", 0.98, 0.94)]
)
def test_posts_of_a_shop_are_told_apart_and_so_are_their_first_words(
    language: str, whole: float, three_words: float
) -> None:
    texts = [one.text for one in read_own_texts(language)]
    assert share(texts, language) >= whole
    assert share([" ".join(text.split()[:3]) for text in texts], language) >= three_words


def share(texts: list[str], language: str) -> float:
    """How many of the texts are read as that language."""
    return sum(language_of(text) == language for text in texts) / len(texts)

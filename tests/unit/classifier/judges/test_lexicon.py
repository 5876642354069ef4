"""The word-list judge: crude, but never on the wrong side of plain words."""

import pytest

from classifier.judges.lexicon import LexiconJudge
from classifier.verdict import Label


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Ihana mekko!", Label.POSITIVE),
        ("Olen todella pettynyt, surkeaa palvelua", Label.NEGATIVE),
        ("En ole tyytyväinen", Label.NEGATIVE),
        ("Missä tilaukseni on?", Label.NEUTRAL),
        ("Tack för bra service", Label.POSITIVE),
        ("Usel kundtjänst", Label.NEGATIVE),
        ("Inte bra", Label.NEGATIVE),
        ("Great shop, love it", Label.POSITIVE),
        ("not good", Label.NEGATIVE),
        ("NEVER AGAIN. WORST SHOP EVER!!!", Label.NEGATIVE),
        ("eiiii oo hyvä", Label.NEGATIVE),
        ("hyväääää!!", Label.POSITIVE),
        ("Sååå braaaa", Label.POSITIVE),
        ("Great service /s", Label.NEGATIVE),
        ("Terrible service /s", Label.NEGATIVE),
        ("Käytän puhelinta 24/7, kiva", Label.POSITIVE),
        ("🙃", Label.NEGATIVE),
        ("😍", Label.POSITIVE),
        ("😡", Label.NEGATIVE),
    ],
)
def test_plain_words(text: str, label: Label) -> None:
    assert LexiconJudge().judge([text])[0].label == label


def test_only_an_angry_text_is_aroused() -> None:
    calm, angry, glad = LexiconJudge().judge(["Huono palvelu", "HUONO PALVELU, SURKEA FIRMA!!!", "IHANA, UPEA!!!"])
    assert angry.arousal > 0.5 > calm.arousal
    assert glad.arousal < 0.2


def test_a_language_without_a_list_is_abstained_from() -> None:
    assert LexiconJudge().judge(["Где мой заказ?"])[0].abstained

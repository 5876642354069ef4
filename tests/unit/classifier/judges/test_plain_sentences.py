"""What customers of a web shop write every day: the shipped judge must stand on the right side of nine in ten.

`calm` and `angry` say which side of one half the arousal must be on. Written for this test; not in the training texts.
"""

import pytest

from classifier.judges import load_judge
from classifier.verdict import LIKELY, Verdict

NEEDED = 0.9
SENTENCES = [
    ("Koska tilaus 7731 toimitetaan?", "neutral", "calm"),
    ("Löytyykö näitä punaisena?", "neutral", "calm"),
    ("Hei, voitteko tarkistaa tilaukseni tilanteen?", "neutral", "calm"),
    ("Mitkä ovat aukioloajat pääsiäisenä?", "neutral", "calm"),
    ("Laitoin teille viestiä.", "neutral", "calm"),
    ("Kiitos paljon, paketti tuli perille!", "positive", "calm"),
    ("Tosi kiva palvelu, suosittelen muillekin", "positive", "calm"),
    ("Ihania, osallistun arvontaan! 😍", "positive", "calm"),
    ("Nämä sukat on parhaat ikinä ❤️", "positive", "calm"),
    ("Paketti on hukassa eikä asiakaspalvelu vastaa.", "negative", "calm"),
    ("Housut hajosivat viikossa, todella huono laatu.", "negative", "calm"),
    ("Olen pettynyt, tuote ei vastannut kuvausta.", "negative", "calm"),
    ("Palautusrahoja ei ole näkynyt vieläkään.", "negative", "calm"),
    ("IHAN PASKA KAUPPA, EI IKINÄ ENÄÄ!!!", "negative", "angry"),
    ("Huijarit!! Rahat meni eikä mitään tullut!!", "negative", "angry"),
    ("Kuukausi odotettu eikä kukaan vastaa mihinkään!!!", "negative", "angry"),
    ("När levereras order 7731?", "neutral", "calm"),
    ("Finns de här i rött?", "neutral", "calm"),
    ("Hej, kan ni kolla hur det går med min order?", "neutral", "calm"),
    ("Vilka öppettider har ni i påsk?", "neutral", "calm"),
    ("Tack så mycket, paketet kom fram!", "positive", "calm"),
    ("Jättetrevlig service, rekommenderar", "positive", "calm"),
    ("Så fina, är med i tävlingen! 😍", "positive", "calm"),
    ("Paketet är borta och kundtjänst svarar inte.", "negative", "calm"),
    ("Byxorna gick sönder på en vecka, riktigt dålig kvalitet.", "negative", "calm"),
    ("Besviken, produkten stämde inte med beskrivningen.", "negative", "calm"),
    ("SÄMSTA BUTIKEN, ALDRIG MER!!!", "negative", "angry"),
    ("Bedragare!! Pengarna är borta och inget kom!!", "negative", "angry"),
    ("When will order 7731 be delivered?", "neutral", "calm"),
    ("Do these come in red?", "neutral", "calm"),
    ("Hi, could you check my order?", "neutral", "calm"),
    ("What are your opening hours at Easter?", "neutral", "calm"),
    ("Thank you so much, the parcel arrived!", "positive", "calm"),
    ("Lovely service, would recommend", "positive", "calm"),
    ("So pretty, count me in for the giveaway! 😍", "positive", "calm"),
    ("My parcel is lost and customer service doesn't answer.", "negative", "calm"),
    ("The trousers ripped in a week, really bad quality.", "negative", "calm"),
    ("Disappointed, it was not as described.", "negative", "calm"),
    ("WORST SHOP EVER, NEVER AGAIN!!!", "negative", "angry"),
    ("Scammers!! They took my money and nothing came!!", "negative", "angry"),
]
GIVEAWAYS = [
    "osallistun arvontaan, ihana!",
    "Mukana arvonnassa!",
    "är med i tävlingen, så fin!",
    "count me in, so lovely!",
]
THANKS = [
    "Kiitos, tuli jo.",
    "Paketti tuli tänään, kiitti!",
    "Kiitoksia, sain rahat takaisin.",
    "Ok, kiitos tiedosta!",
    "Tack, paketet har kommit!",
    "Tackar, allt löste sig!",
    "Tack för snabbt svar!",
    "Kom fram idag, tack så mycket!",
    "Thanks, it arrived today!",
    "Got my refund, thank you.",
    "All sorted, thanks!",
    "Thanks for the quick reply!",
]
ASKED = [
    "Milloin tulee lisää?",
    "Onko myymälä auki lauantaina?",
    "Voiko tilauksen vielä perua?",
    "Mihin paketti tulee noudettavaksi?",
    "När får ni in fler?",
    "Har ni öppet på lördag?",
    "Går det att avboka?",
    "When will you have more?",
    "Are you open on Saturday?",
    "Can I still cancel my order?",
]
REPORTS = [
    "Noudin paketin äsken.",
    "Tilasin eilen illalla.",
    "Paketti on noudettu.",
    "Palautus lähti tänään postissa.",
    "Jag har hämtat paketet.",
    "Beställde igår kväll.",
    "Returen är skickad.",
    "I picked up the parcel this morning.",
    "Ordered last night.",
    "Return is in the post.",
]
CALLS = [
    "Boikottiin koko firma. Kaikki jakoon!",
    "Kaikki boikottiin, jakakaa eteenpäin!",
    "Tälle firmalle boikotti.",
    "Boikotoikaa, hyvät ihmiset!",
    "Ehdotan boikottia, kunnes hinnat laskevat.",
    "Älkää ostako täältä mitään!",
    "Bojkotta den här butiken!",
    "Dags för bojkott, sprid detta.",
    "Handla aldrig här, dela vidare",
    "Boycott this brand, share!",
    "Everyone, please boycott these people.",
    "Don't buy from them ever",
]
LIKE_CALLS = [
    "Botti vastasi chatissa, oikea ihminen olisi parempi.",
    "Pojken tyckte om bilen.",
    "Is the boys' coat in stock?",
    "Kiitos nopeasta toimituksesta!",
]
QUESTIONS = ["Missä tilaukseni on?", "Onko tätä koossa 42?", "Var är min beställning?", "Where is my order?"]


@pytest.fixture(scope="module")
def verdicts() -> list[Verdict]:
    return load_judge("onnx").judge([text for text, _, _ in SENTENCES])


def test_sides(verdicts: list[Verdict]) -> None:
    wrong = [
        (text, verdict.label.value)
        for (text, side, _), verdict in zip(SENTENCES, verdicts, strict=True)
        if verdict.label != side
    ]
    assert len(wrong) <= (1 - NEEDED) * len(SENTENCES), wrong


def test_arousal(verdicts: list[Verdict]) -> None:
    wrong = [
        (text, round(verdict.arousal, 2))
        for (text, _, mood), verdict in zip(SENTENCES, verdicts, strict=True)
        if (verdict.arousal >= 0.5) != (mood == "angry")
    ]
    assert len(wrong) <= (1 - NEEDED) * len(SENTENCES), wrong


def test_a_giveaway_comment_is_never_a_complaint() -> None:
    assert all(verdict.label != "negative" for verdict in load_judge("onnx").judge(GIVEAWAYS))


def test_a_plain_question_is_neutral() -> None:
    assert [verdict.label.value for verdict in load_judge("onnx").judge(QUESTIONS)] == ["neutral"] * len(QUESTIONS)


def test_waiting_in_anger_is_heard() -> None:
    (verdict,) = load_judge("onnx").judge(["Kolme viikkoa odotettu eikä mitään kuulu!!"])
    assert (verdict.label, verdict.language) == ("negative", "fi")
    assert verdict.arousal >= 0.5


def test_short_thanks_are_glad_and_calm() -> None:
    for text, verdict in zip(THANKS, load_judge("onnx").judge(THANKS), strict=True):
        assert (verdict.label, verdict.arousal < 0.5) == ("positive", True), text


def test_nine_in_ten_short_questions_are_neutral() -> None:
    assert share_neutral(ASKED) >= NEEDED


def test_most_short_reports_are_neutral() -> None:
    """Three of ten are heard as complaints ("Noudin paketin äsken."); `benchmarks/accuracy-results.md` tells of it."""
    assert share_neutral(REPORTS) >= 0.7
    assert all(verdict.arousal < 0.5 for verdict in load_judge("onnx").judge(REPORTS))


def test_most_calls_for_a_boycott_are_flagged_and_nothing_that_sounds_like_one() -> None:
    """Two of twelve are missed: "Boikotoikaa, hyvät ihmiset!" and "Ehdotan boikottia, kunnes hinnat laskevat."."""
    judge = load_judge("onnx")
    flagged = [verdict.flags["boycott"] >= LIKELY for verdict in judge.judge(CALLS)]
    assert sum(flagged) >= 0.8 * len(CALLS)
    assert not any(verdict.flags["boycott"] >= LIKELY for verdict in judge.judge(LIKE_CALLS))


def share_neutral(texts: list[str]) -> float:
    return sum(verdict.label == "neutral" for verdict in load_judge("onnx").judge(texts)) / len(texts)

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from responders.alerting import ContactPolicy, ContactView, decide_contact
from responders.customer_words import asks, is_giveaway, only_thanks

POLICY = ContactPolicy()


def decided(place, text="Tuli perille.", negative=0.1, **more):
    return decide_contact(ContactView(place, text, negative, **more), POLICY)


@pytest.mark.parametrize(
    ("wanted", "named"),
    [
        (True, {"place": "dm", "text": "Tilaus 4711 ei ole tullut"}),
        (True, {"place": "dm", "text": ""}),  # only a picture
        (True, {"place": "dm", "text": "😡"}),
        (True, {"place": "dm", "text": "Kiitos vaan ettei mitään kuulu"}),
        (False, {"place": "dm", "text": "Kiitos paljon! 🙏🏽"}),
        (False, {"place": "dm", "text": "👍"}),
        (True, {"place": "dm", "text": "Kiitos!", "negative": 0.9}),
        (True, {"place": "dm", "text": "Missä se on", "thread_alert": "outrage"}),
        (True, {"place": "mention", "negative": 0.6}),
        (True, {"place": "mention", "negative": 0.8, "abstained": True}),
        (False, {"place": "mention", "negative": 0.59}),
        (True, {"place": "visitor_post", "text": "Moi, onko Halti-takkia vielä koossa M"}),
        (True, {"place": "comment", "text": "Milloin tulee lisää"}),
        (False, {"place": "comment", "text": "Ihana teltta"}),
        (False, {"place": "comment", "negative": 0.95, "thread_alert": "warning"}),
        (False, {"place": "comment", "text": "Missä paketti?", "thread_alert": "outrage"}),
        (True, {"place": "comment", "negative": 0.95, "thread_alert": "watch"}),
        (False, {"place": "comment", "text": "Mukana! Voittaisinko?", "under_giveaway": True}),
        (False, {"place": "comment", "negative": 0.7, "under_giveaway": True}),
        (True, {"place": "comment", "negative": 0.95, "under_giveaway": True}),
        (False, {"place": "mention", "negative": 0.95, "is_share": True}),
        (False, {"place": "comment", "negative": 0.95, "from_us": True}),
        (False, {"place": "dm", "text": "Hei, tarkistan asian", "from_us": True}),
        (False, {"place": "own_post", "negative": 0.95}),
        (True, {"place": "search", "negative": 0.8}),
        (False, {"place": "search", "negative": 0.8, "abstained": True}),
        (False, {"place": "search", "negative": 0.7}),
        (False, {"place": "search", "text": "Onko kukaan tilannut Nuotiopuodilta?"}),
        # a risk, whatever the sentiment
        (True, {"place": "mention", "flagged": True}),
        (True, {"place": "visitor_post", "flagged": True}),
        (True, {"place": "comment", "flagged": True}),
        (True, {"place": "comment", "flagged": True, "abstained": True}),
        (True, {"place": "search", "flagged": True}),
        (False, {"place": "search", "flagged": True, "abstained": True}),
        (True, {"place": "dm", "text": "👍", "flagged": True}),
        (False, {"place": "comment", "flagged": True, "under_giveaway": True}),
        (False, {"place": "comment", "flagged": True, "thread_alert": "warning"}),
        (True, {"place": "comment", "flagged": True, "thread_alert": "watch"}),
        (False, {"place": "own_post", "flagged": True}),
        (False, {"place": "mention", "flagged": True, "from_us": True}),
        (False, {"place": "mention", "flagged": True, "is_share": True}),
    ],
)
def test_which_mentions_get_a_card_of_their_own(wanted, named):
    assert decided(**named) is wanted


@pytest.mark.parametrize(
    "text",
    [
        "Missä mun paketti", "@nuotiopuoti saako tän vielä palauttaa", "Hei! Voisitteko tarkistaa tilaukseni",
        "När kommer paketet", "Hej, finns det fler i lager", "Kan ni kolla min order", "How long does shipping take",
        "hi can you check my order", "Do you ship to Norway", "Tilasin eilen. Ehtiikö perjantaiksi?", "??",
    ],
)  # fmt: skip
def test_questions_are_heard_with_and_without_a_question_mark(text):
    assert asks(text)


@pytest.mark.parametrize(
    "text",
    ["", "Kiitos nopeasta toimituksesta", "Katso https://example.org/a?b=c", "Verkko on hieno ostos", "Bra service",
     "Great service", "Kan inte klaga"],
)  # fmt: skip
def test_statements_are_no_questions(text):
    assert not asks(text)


@pytest.mark.parametrize(
    "text",
    ["Osallistu arvontaan kommentoimalla!", "Arvomme kolme retkikeitintä", "Vi lottar ut ett tält", "GIVEAWAY time"],
)
def test_giveaways_are_recognised(text):
    assert is_giveaway(text)


@pytest.mark.parametrize(
    "text", ["", "Uudet teltat saapuivat", "Arvostamme palautetta", "Nya tält", "New tents are in"]
)
def test_other_posts_of_ours_are_no_giveaways(text):
    assert not is_giveaway(text)


@settings(deadline=None)
@given(st.text(max_size=200))
def test_any_text_gets_an_answer(text):
    assert isinstance(asks(text), bool)
    assert isinstance(is_giveaway(text), bool)
    if only_thanks(text):
        assert text.strip()


@given(st.sampled_from(["mention", "visitor_post", "comment", "search", "dm"]), st.floats(0, 1), st.booleans())
def test_a_risk_never_loses_a_mention_its_card(place, negative, abstained):
    assert decided(place, negative=negative, abstained=abstained) <= decided(
        place, negative=negative, abstained=abstained, flagged=True
    )


@settings(deadline=None)
@given(
    st.sampled_from(["mention", "visitor_post", "comment", "search", "dm"]),
    st.floats(0, 1),
    st.floats(0, 1),
    st.booleans(),
)
def test_a_more_negative_mention_never_loses_its_card(place, one, other, under_giveaway):
    low, high = sorted((one, other))
    assert decided(place, negative=low, under_giveaway=under_giveaway) <= decided(
        place, negative=high, under_giveaway=under_giveaway
    )

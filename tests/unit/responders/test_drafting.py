"""Suggested replies: the right playbook first, in the customer's language, saying only what is known."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from responders.drafting import MOST_DRAFTS, Draft, Matter, suggest
from responders.lengths import Limit
from responders.playbooks.loading import load_playbooks
from responders.profile import ShopProfile
from responders.publishers.x_length import LONGEST, length
from responders.tone import check
from tests.unit.responders.customers import CUSTOMERS, FINNISH, Said
from tests.unit.responders.matters import FULL, MINIMAL, NOW, ROOMY, a_matter

PLAYBOOKS = load_playbooks()
X_LIMIT = Limit(LONGEST, length)


def drafts_for(matter: Matter, profile: ShopProfile = FULL, limit: Limit = ROOMY) -> tuple[Draft, ...]:
    return suggest(matter, PLAYBOOKS, profile, limit, NOW)


def ids(drafts: tuple[Draft, ...]) -> list[str]:
    return [draft.playbook_id for draft in drafts]


@pytest.mark.parametrize("said", CUSTOMERS, ids=lambda said: said.text[:40])
def test_the_right_playbook_is_among_the_two_on_the_card(said: Said) -> None:
    drafts = drafts_for(a_matter(said.text, said.sentiment, said.language, said.place))
    assert said.playbook in ids(drafts[:2])
    assert all(draft.language == said.language for draft in drafts)


def test_the_table_of_customers_holds_enough_finnish() -> None:
    assert len(FINNISH) >= 45


def test_the_customers_own_words_are_the_evidence() -> None:
    best = drafts_for(a_matter("Moi! mis mun Paketti oikein on?", "neutral"))[0]
    assert best.why[0] == "words:mis mun Paketti"


@pytest.mark.parametrize("text", ["", "???", "👍👍", "qwertyuiop"])
def test_there_is_always_something_to_say(text: str) -> None:
    (only,) = drafts_for(a_matter(text))
    assert only.playbook_id == "details"
    assert only.why == ("always",)


def test_a_complaint_without_a_known_cause_gets_two_to_choose_from() -> None:
    drafts = drafts_for(a_matter("No just joo.", "negative"))
    assert ids(drafts) == ["anger", "details"]
    assert drafts[0].why == ("unhappy",)


def test_anger_without_a_known_cause_is_offered_a_call_first() -> None:
    drafts = drafts_for(a_matter("AIVAN JÄRJETÖNTÄ TOUHUA!!!", "negative", arousal=0.9))
    assert ids(drafts[:2]) == ["offer-call", "anger"]
    assert drafts[0].why == ("angry",)
    assert FULL.phone is not None
    assert FULL.phone in drafts[0].text


def test_what_is_missing_is_named_and_nothing_is_drafted_for_it() -> None:
    drafts = drafts_for(a_matter("Soittakaa mulle, haluan puhua ihmisen kanssa", "negative"), MINIMAL)
    call = next(draft for draft in drafts if draft.playbook_id == "offer-call")
    assert (call.missing, call.text) == (("phone",), "")
    assert drafts[-1] == call  # what can be sent comes first
    assert not drafts[0].missing


def test_a_blank_phone_is_a_missing_phone() -> None:
    drafts = drafts_for(a_matter("soittakaa mulle", "negative"), replace(FULL, phone="  "))
    assert [draft.missing for draft in drafts if draft.playbook_id == "offer-call"] == [("phone",)]


def test_a_hot_public_thread_gets_its_first_answer_first() -> None:
    text = "Missä mun paketti on?! Ei vastata mihinkään!"
    hot = drafts_for(a_matter(text, "negative", place="public", heated=True))
    assert hot[0].playbook_id == "heated-thread"
    assert hot[0].hand_over
    assert "heated-thread" not in ids(drafts_for(a_matter(text, "negative", place="public")))
    assert "heated-thread" not in ids(drafts_for(a_matter(text, "negative", heated=True)))  # a private message


def test_a_complaint_is_never_answered_with_delight() -> None:
    text = "Kiitos tosi paljon, paras kauppa ikinä, kolmas viikko ja paketti hukassa"
    assert "thanks" not in ids(drafts_for(a_matter(text, "negative")))
    assert ids(drafts_for(a_matter(text, "negative")))[0] == "not-arrived"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Kiitos, että otitte takin takaisin kun isä kuoli", "fi"),
        ("Tack, min man gick bort i våras och ni var så snälla", "sv"),
        ("Thank you for being kind when my mother passed away", "en"),
    ],
)
def test_grief_is_never_lovely_to_hear(text: str, language: str) -> None:
    drafts = drafts_for(a_matter(text, "positive", language))
    assert drafts[0].playbook_id == "condolence"
    assert "thanks" not in ids(drafts)


def test_an_injury_goes_before_whatever_else_is_said_even_politely() -> None:
    text = "Hei, tilasin viikko sitten lampun ja se tuli, mutta akku syttyi palamaan. Miten palautan sen?"
    for sentiment in ("negative", "neutral", "positive"):
        best = drafts_for(a_matter(text, sentiment))[0]
        assert best.playbook_id == "injury"
        assert best.hand_over


def test_an_order_number_in_a_private_message_is_thanked_for_not_asked_again() -> None:
    best = drafts_for(a_matter("Missä paketti? Tilausnumero on NP-104233.", "neutral"))[0]
    assert "Kiitos tilausnumerosta NP-104233!" in best.text
    assert "Kertoisitko tilausnumerosi" not in best.text


def test_an_order_number_told_earlier_counts_too() -> None:
    best = drafts_for(a_matter("haloo, missä se paketti on", earlier=("tilaus 104233",)))[0]
    assert "104233" in best.text


def test_an_order_number_is_never_said_in_public() -> None:
    for draft in drafts_for(a_matter("Missä tilaus NP-104233 viipyy?", "negative", place="public")):
        assert "104233" not in draft.text
        assert "yksityisviest" in draft.text


def test_what_was_said_before_tells_what_a_bare_haloo_is_about() -> None:
    drafts = drafts_for(a_matter("haloo??", "negative", earlier=("mis mun paketti on",)))
    assert drafts[0].playbook_id == "not-arrived"
    assert drafts[0].why == ("earlier:mis mun paketti",)


def test_the_latest_words_weigh_more_than_earlier_ones() -> None:
    earlier = ("mis mun paketti on",)
    assert ids(drafts_for(a_matter("kiitti, löyty. vetoketju vaan hajos heti", "negative", earlier=earlier)))[0] == (
        "faulty-product"
    )


@pytest.mark.parametrize("language", ["no", "et", "und", ""])
def test_a_language_we_do_not_write_is_answered_in_the_shops_first_and_says_so(language: str) -> None:
    profile = replace(FULL, languages=("sv", "fi"))
    best = drafts_for(a_matter("Hvor er pakken min? paket", language=language), profile)[0]
    assert best.playbook_id == "not-arrived"
    assert best.language == "sv"
    assert best.text.startswith("Hej!")
    assert best.why[-1] == f"language:{language}"


def test_what_the_judge_heard_strengthens_what_the_words_say() -> None:
    plain = drafts_for(a_matter("lasku ja palautus"))
    heard = drafts_for(a_matter("lasku ja palautus", reasons={"payment_invoice": 0.9}))
    assert heard[0].playbook_id == "payment-problem"
    assert "reason:payment_invoice" in heard[0].why
    assert heard[0].score > next(draft.score for draft in plain if draft.playbook_id == "payment-problem")


@pytest.mark.parametrize(
    ("text", "language", "reason", "playbook"),
    [
        ("Viikko mennyt ja yhä kädet tyhjinä", "fi", "delivery", "not-arrived"),
        ("Ei oo vieläkään näkyny mitään, viikko mennyt", "fi", "delivery", "not-arrived"),
        ("Saapas irvistää", "fi", "product_fault", "faulty-product"),
        ("Ettekö te ihmiset osaa mitään", "fi", "service_experience", "bad-service"),
        ("En vecka har gått och jag står här tomhänt", "sv", "delivery", "not-arrived"),
        ("A week on and my hands are empty", "en", "delivery", "not-arrived"),
    ],
)
def test_a_reason_the_judge_heard_is_enough_without_words(text: str, language: str, reason: str, playbook: str) -> None:
    for arousal in (0.3, 0.9):  # however angry: there is a cause, and the cause is answered first
        best = drafts_for(a_matter(text, "negative", language, reasons={reason: 0.9}, arousal=arousal))[0]
        assert best.playbook_id == playbook
        assert f"reason:{reason}" in best.why


def test_of_a_reasons_playbooks_the_broadest_speaks_when_there_are_no_words() -> None:
    drafts = drafts_for(a_matter("Viikko mennyt ja yhä kädet tyhjinä", "negative", reasons={"delivery": 0.9}))
    assert not {"marked-delivered", "damaged-in-transport"} & set(ids(drafts))


def test_a_reason_alone_says_less_than_one_word() -> None:
    drafts = drafts_for(a_matter("Jotain laskusta", reasons={"delivery": 0.99}))
    assert ids(drafts[:2]) == ["payment-problem", "not-arrived"]


def test_a_reason_that_is_unlikely_chooses_nothing() -> None:
    drafts = drafts_for(a_matter("Viikko mennyt ja yhä kädet tyhjinä", "negative", reasons={"delivery": 0.49}))
    assert ids(drafts) == ["anger", "details"]


def test_nobody_who_is_happy_is_consoled_for_the_reason_alone() -> None:
    drafts = drafts_for(a_matter("Jes, jo seuraavana päivänä!", "positive", reasons={"delivery": 0.9, "praise": 0.9}))
    assert ids(drafts) == ["thanks", "details"]


def test_praise_alone_is_thanked_for() -> None:
    shy = a_matter("Ootte ihan jees", "positive", positive=0.5, neutral=0.45, negative=0.05, reasons={"praise": 0.8})
    assert drafts_for(shy)[0].playbook_id == "thanks"


@pytest.mark.parametrize(
    ("negative", "neutral", "positive", "reasons"),
    [
        (0.6, 0.1, 0.3, {"praise": 0.95}),
        (0.6, 0.1, 0.3, {"praise": 0.95, "product_fault": 0.6}),
        (0.4, 0.15, 0.45, {"praise": 0.7, "product_fault": 0.95}),
    ],
)
def test_praise_never_overrules_a_complaint(
    negative: float, neutral: float, positive: float, reasons: dict[str, float]
) -> None:
    text = "Kiitos, ihana kauppa, mutta vetoketju hajosi heti"
    matter = a_matter(text, negative=negative, neutral=neutral, positive=positive, reasons=reasons)
    assert drafts_for(matter)[0].playbook_id == "faulty-product"
    assert "thanks" not in ids(drafts_for(matter))


def test_a_risk_the_judge_saw_is_enough_by_itself() -> None:
    best = drafts_for(a_matter("se vaan poksahti naamalle", "negative", flags={"safety": 0.8}))[0]
    assert "flag:safety" in best.why


def test_a_tight_channel_loses_the_question_before_anything_else() -> None:
    matter = a_matter("Onko tätä koossa 42?", place="public", author="Anna Korpela")
    roomy = drafts_for(matter)[0].text
    tight = drafts_for(matter, limit=Limit(len(roomy) - 1))[0].text
    assert "Millaiseen käyttöön" in roomy
    assert "Millaiseen käyttöön" not in tight
    assert tight.startswith("Hei Anna!")
    assert tight.endswith(FULL.signature["fi"])


def test_what_cannot_fit_is_not_offered() -> None:
    drafts = drafts_for(a_matter("Onko tätä koossa 42?", place="public"), limit=Limit(20))
    assert {draft.missing for draft in drafts} == {("length",)}
    assert {draft.text for draft in drafts} == {""}


def test_the_same_matter_gives_the_same_drafts_whatever_the_order_of_playbooks() -> None:
    matter = a_matter("Palautin kengät, missä rahat ja missä uusi paketti? Kukaan ei vastaa", "negative")
    backwards = suggest(matter, tuple(reversed(PLAYBOOKS)), FULL, ROOMY, NOW)
    assert drafts_for(matter) == backwards
    assert len([draft for draft in backwards if not draft.missing]) <= MOST_DRAFTS


def test_a_very_long_text_is_read_from_its_beginning() -> None:
    best = drafts_for(a_matter("missä paketti " + "höpö " * 50_000, "negative"))[0]
    assert best.playbook_id == "not-arrived"


ANYTHING = st.text(max_size=200) | st.sampled_from([said.text for said in CUSTOMERS])
NAME = st.none() | st.text(max_size=50) | st.sampled_from(["Anna", "{phone}", "Anna {greeting}", "ANNA", "A\u200bnna"])


@given(
    text=ANYTHING,
    name=NAME,
    earlier=st.lists(ANYTHING, max_size=2),
    language=st.sampled_from(["fi", "sv", "en", "und"]),
    sentiment=st.sampled_from(["negative", "neutral", "positive"]),
    place=st.sampled_from(["public", "dm"]),
    heated=st.booleans(),
    profile=st.sampled_from([FULL, MINIMAL]),
)
def test_odd_texts_and_names_never_leave_a_blank_or_break_a_promise(
    text: str, name: str | None, earlier: list[str], language: str, sentiment: str, place: str, heated: bool,
    profile: ShopProfile,
) -> None:  # fmt: skip
    matter = a_matter(text, sentiment, language, place, author=name, earlier=tuple(earlier), heated=heated)
    drafts = drafts_for(matter, profile, X_LIMIT if place == "public" else ROOMY)
    assert [draft for draft in drafts if not draft.missing]
    for draft in drafts:
        assert bool(draft.text) != bool(draft.missing)
        public = place == "public"
        faults = check(draft.text, language=draft.language, public=public, limit=ROOMY, profile=profile)
        assert faults == ()
        assert draft.why

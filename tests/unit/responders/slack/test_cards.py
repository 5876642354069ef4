"""A card shows its matter in three languages, offers only what can be done, and stays within Slack's limits."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from itertools import product
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from classifier.verdict import Abstention, ContactReason, RiskFlag
from models.states import CaseState, ReplyState
from responders.slack.cards import card_for
from responders.slack.catalogue import LANGUAGES
from responders.slack.views import (
    CardPost,
    CardSuggestion,
    CaseView,
    Counts,
    Heard,
    Kind,
    Level,
    Route,
    Subject,
    Unanswered,
    Way,
    Writer,
)
from tests.unit.responders.slack.builders import NOON, a_contact, a_reply, an_alert, buttons_of, shown, texts_of
from tests.unit.responders.slack.limits import assert_slack_takes
from tests.unit.responders.slack.test_escaping import ODD

OURS = re.compile(r"<!date\^\d+\^(?:\{\w+\})?[^{}<>|]+\{time\}\|[^<>|]+>|<https?://[^<>|\s]+\|[^<>|]+>")
BUTTONS: dict[tuple[ReplyState, Way], list[str]] = {
    (ReplyState.DRAFTED, Way.API): ["approve", "edit", "other", "reject"],
    (ReplyState.DRAFTED, Way.BY_HAND): ["open_post", "by_hand", "reject"],
    (ReplyState.DRAFTED, Way.NONE): ["open_post", "by_hand", "reject"],
    **{(ReplyState.REFUSED, way): ["edit", "open_post", "by_hand", "reject"] for way in Way},
    **{(ReplyState.UNCONFIRMED, way): ["open_post", "confirm_sent", "send_again"] for way in Way},
}
VIEWS = [
    *(an_alert(level=level) for level in Level),
    an_alert(subject=Subject.BRAND, channel="facebook", place="comment"),
    a_contact(),
    *(
        a_contact(channel=channel, place=place)
        for channel in ("x", "facebook", "replay")
        for place in ("mention", "search", "visitor_post", "comment", "dm")
    ),
]


def pressed(view: CaseView, language: str = "fi") -> list[str]:
    return [button["action_id"] for button in buttons_of(card_for(view, language).blocks)]


@pytest.mark.parametrize(("language", "state", "way"), list(product(LANGUAGES, ReplyState, Way)))
def test_every_state_draws_with_the_right_buttons_and_no_gap_in_its_words(
    language: str, state: ReplyState, way: Way
) -> None:
    for view in VIEWS:
        reply = a_reply(state=state, by="Mikael Öst", at=NOON, problem="duplicate", reason="Ei koske meitä")
        card = card_for(replace(view, reply=reply, route=Route(way, "not_summoned", NOON)), language)
        assert_slack_takes(card.blocks)
        assert [button["action_id"] for button in buttons_of(card.blocks)] == BUTTONS.get((state, way), [])
        for text in [*(text["text"] for text in texts_of(card.blocks)), card.fallback]:
            assert not re.search(r"[{}<>]", OURS.sub("", re.sub(r"^> ", "", text, flags=re.MULTILINE)))
            assert "None" not in text


def test_a_button_carries_the_reply_and_the_version_the_person_read() -> None:
    for button in buttons_of(card_for(an_alert(), "fi").blocks):
        assert json.loads(button["value"]) == {"case": 214, "reply": 7, "version": 3}


def test_approving_takes_one_click_and_what_cannot_be_undone_asks_first() -> None:
    for state in (ReplyState.DRAFTED, ReplyState.REFUSED, ReplyState.UNCONFIRMED):
        view = an_alert(reply=a_reply(state=state))
        asking = {button["action_id"] for button in buttons_of(card_for(view, "fi").blocks) if "confirm" in button}
        assert asking <= {"by_hand", "confirm_sent", "send_again"}
        assert "approve" not in asking
    asked = buttons_of(card_for(an_alert(reply=a_reply(state=ReplyState.UNCONFIRMED)), "fi").blocks)
    assert all("confirm" in button for button in asked if button["action_id"] != "open_post")


@pytest.mark.parametrize(
    ("language", "waited", "said"),
    [
        ("fi", Unanswered(7, 20), "⏱️ *Vastaamatta 7 min*, tavoite 20 min"),
        ("fi", Unanswered(47, 20), "⏱️ *Vastaamatta 47 min*, tavoite 20 min on ylitetty"),
        ("sv", Unanswered(47, 20), "⏱️ *Obesvarat i 47 min*, målet 20 min har passerats"),
        ("en", Unanswered(20, 20), "⏱️ *Unanswered for 20 min*, target 20 min"),
    ],
)
def test_an_alert_tells_how_long_a_thread_of_ours_has_waited(language: str, waited: Unanswered, said: str) -> None:
    card = card_for(an_alert(unanswered=waited), language)
    assert said in shown(card.blocks).splitlines()
    assert card.ages
    assert not card_for(an_alert(), language).ages
    assert not card_for(an_alert(unanswered=waited, state=CaseState.ANSWERED), language).ages


@pytest.mark.parametrize(
    ("language", "level", "said"),
    [
        ("fi", Level.WATCH, "▰▱▱ lämmin"),
        ("fi", Level.WARNING, "▰▰▱ kuuma"),
        ("sv", Level.OUTRAGE, "▰▰▰ glödhet"),
        ("en", Level.WARNING, "▰▰▱ hot"),
    ],
)
def test_heat_is_told_in_words_and_chances_by_the_forecast_alone(language: str, level: Level, said: str) -> None:
    assert said in shown(card_for(an_alert(level=level), language).blocks).splitlines()
    assert "/100" not in shown(card_for(an_alert(level=level), language).blocks)


def test_an_alert_says_what_where_since_when_how_hot_and_why() -> None:
    words = shown(card_for(an_alert(), "fi").blocks)
    for said in (
        "🔴 Someraivo: Nuotiopuoti",
        "Pikavaunun toimitukset myöhässä",
        "<https://x.com/i/status/1800000000000000001|Avaa keskustelu>",
        "ti 10.11. klo 11.42",
        "41 viestiä · 29 kielteistä · 23 kirjoittajaa",
        "▰▰▰ tulikuuma",
        "📈 Ennuste: someraivon todennäköisyys on 10 % tunnin, 30 % kolmen ja 40 % kuuden tunnin sisällä.",
        "• 29 kielteistä viestiä 23 ihmiseltä tunnissa",
        "*Viestit hälytyksen takana*",
        "> Kolmas viikko!",
        "… ja 28 muuta kielteistä viestiä",
        "> Missä pakettini viipyy?",
        "*Nuotiopuoti* (me)",
        "> Hei! Pahoittelemme viivettä.",
        "Miksi tämä: osui sanaan paketti",
        "Toinen ehdotus: Moi! Selvitämme asiaa heti.",
        "Vastaus näkyy kaikille.",
        "39 aiempaa viestiä",
        "Tapaus 1214 · avoin",
    ):
        assert said in words


@pytest.mark.parametrize("subject", Subject)
def test_the_newest_five_comments_behind_an_alert_are_linked_the_same_way_for_every_subject(subject: Subject) -> None:
    behind = tuple(
        CardPost(f"Nro {n}", f"Surkeaa {n}", NOON, permalink=f"https://x.com/i/status/{n}") for n in range(8)
    )
    view = an_alert(subject=subject, evidence=behind, posts=(), counts=Counts(9, 9, 9), reply=None, permalink=None)
    words = shown(card_for(view, "en").blocks)
    for post in behind[3:]:
        date = r"<!date\^[^>]+>"
        assert re.search(rf"\*{post.author}\* · {date} · <{post.permalink}\|Open the post>\n> {post.text}\n", words)
    assert "Surkeaa 2" not in words
    assert words.index("Surkeaa 6") < words.index("Surkeaa 7")  # newest last
    assert "… and 4 more negative posts" in words.splitlines()


def test_of_comments_that_are_all_shown_no_more_are_told() -> None:
    behind = (CardPost("", "Surkeaa", NOON), CardPost("Aino", "Taas!", NOON, permalink="javascript:alert(1)"))
    words = shown(card_for(an_alert(evidence=behind, counts=Counts(2, 2, 2)), "fi").blocks)
    assert "*tuntematon kirjoittaja* · <!date" in words
    assert "Avaa viesti" not in words
    assert "muuta kielteistä" not in words
    assert "hälytyksen takana" not in shown(card_for(an_alert(evidence=()), "fi").blocks)


def test_a_comment_behind_an_alert_is_one_line_of_its_first_words() -> None:
    post = CardPost("Elina", "Hei!\n\n" + "sana " * 200, NOON, permalink="https://x.com/i/status/9")
    lines = shown(card_for(an_alert(evidence=(post,)), "fi").blocks).splitlines()
    [quote] = [line for line in lines if "sana sana" in line]
    assert quote.startswith("> Hei! sana sana")
    assert quote.endswith("sana …")
    assert len(quote) <= 204


def test_a_card_with_too_much_to_say_keeps_the_answer_and_drops_the_comments_first() -> None:
    long = CardPost("Elina", "&<" * 400, NOON, permalink="https://x.fi/" + "a" * 1400)
    view = an_alert(evidence=(long,) * 8, posts=(long,) * 5, reply=a_reply(text="Hei! " * 1100))
    card = card_for(view, "fi")
    assert_slack_takes(card.blocks)
    assert pressed(view)[0] == "approve"


SAFETY, LEGAL = Heard("safety", calls=True), Heard("legal", calls=True)
ODD_NAME = Heard("astrology", calls=True)


@pytest.mark.parametrize(
    ("language", "topics", "risks", "aloud"),
    [
        (
            "fi",
            "toimitus · palautus tai hyvitys · asiakaspalvelu",
            "⚠️ *Riskit:* terveys tai turvallisuus · henkilötietoja kaikkien nähtävillä",
            " Riski: terveys tai turvallisuus. ",
        ),
        (
            "sv",
            "leverans · retur eller återbetalning · kundtjänst",
            "⚠️ *Risker:* hälsa eller säkerhet · personuppgifter synliga för alla",
            " Risk: hälsa eller säkerhet. ",
        ),
        (
            "en",
            "delivery · return or refund · customer service",
            "⚠️ *Risks:* health or safety · personal details in public view",
            " Risk: health or safety. ",
        ),
    ],
)
def test_a_card_says_what_it_is_about_and_which_risks_it_carries(
    language: str, topics: str, risks: str, aloud: str
) -> None:
    heard = [Heard(name) for name in ("delivery", "return_refund", "service_experience", "praise")]
    view = a_contact(topics=tuple(heard), risks=(SAFETY, Heard("personal_data")))
    card = card_for(view, language)
    lines = shown(card.blocks).splitlines()
    assert risks in lines
    assert any(line.startswith(f"{topics} · <https://") for line in lines)
    assert aloud in card.fallback
    assert shown(card.blocks).count("⚠️") == 1


def test_an_alerts_card_counts_them_and_opens_the_newest_risk() -> None:
    view = an_alert(
        topics=(Heard("delivery", 1400), Heard("praise", 2)),
        risks=(Heard("boycott", 6, calls=True),),
        risk_permalink="https://x.com/i/status/5",
    )
    words = [text["text"] for text in texts_of(card_for(view, "fi").blocks)]
    assert "*Aihe*\ntoimitus (1\N{NO-BREAK SPACE}400), kiitos tai kehu (2)" in words
    assert "⚠️ *Riski:* boikottikutsu (6) · <https://x.com/i/status/5|Avaa viimeisin>" in words


def test_without_reasons_or_risks_nothing_is_said_of_them() -> None:
    for view in (a_contact(), a_contact(topics=(ODD_NAME,), risks=(ODD_NAME,)), an_alert()):
        words = shown(card_for(view, "fi").blocks)
        assert not any(said in words for said in ("Aihe", "Risk", "⚠️", "astrology"))
        assert "Riski" not in card_for(view, "fi").fallback


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_risk_and_abstention_of_the_judge_has_words_of_its_own(language: str) -> None:
    plain = card_for(a_contact(), language)
    told = [
        *(card_for(a_contact(topics=(Heard(name),)), language) for name in ContactReason),
        *(card_for(a_contact(risks=(Heard(name, calls=True),)), language) for name in RiskFlag),
        *(card_for(a_contact(unsure=why, language="et"), language) for why in Abstention),
    ]
    said = {shown(card.blocks) for card in [plain, *told]}
    assert len(said) == 1 + len(ContactReason) + len(RiskFlag) + len(Abstention)
    for card in told:
        assert_slack_takes(card.blocks)


@pytest.mark.parametrize(
    ("language", "of_the_text", "line"),
    [
        ("fi", "et", "Kieli: luultavasti viro."),
        ("sv", "et", "Språk: troligen estniska."),
        ("en", "et", "Language: probably Estonian."),
        ("fi", "xx-odd", "Kieli: luultavasti jokin muu kuin suomi, ruotsi tai englanti."),
    ],
)
def test_another_language_is_named(language: str, of_the_text: str, line: str) -> None:
    assert line in shown(card_for(a_contact(unsure="other_language", language=of_the_text), language).blocks)


@pytest.mark.parametrize(
    ("view", "spoken"),
    [
        (
            an_alert(),
            "Someraivo: Pikavaunun toimitukset myöhässä. 41 viestiä, 29 kielteistä, 23 kirjoittajaa. "
            "Vastausehdotus odottaa hyväksyntää.",
        ),
        (
            a_contact(),
            "Elina Halonen lähetti yksityisviestin (Facebook): Missä pakettini viipyy? "
            "Vastausehdotus odottaa hyväksyntää.",
        ),
        (
            a_contact(place="comment", reply=a_reply(state=ReplyState.APPROVED, by="Mikael Öst", at=NOON)),
            "Elina Halonen odottaa vastausta (Facebook): Missä pakettini viipyy? Mikael Öst hyväksyi vastauksen.",
        ),
        (
            a_contact(risks=(SAFETY, LEGAL, ODD_NAME)),
            "Elina Halonen lähetti yksityisviestin (Facebook): Missä pakettini viipyy? "
            "Riskit: terveys tai turvallisuus, oikeustoimet tai huijaussyytös. Vastausehdotus odottaa hyväksyntää.",
        ),
        (
            a_contact(who=None, reply=None, about=""),
            "Tuntematon kirjoittaja lähetti yksityisviestin (Facebook): Nuotiopuoti.",
        ),
    ],
)
def test_the_notification_reads_aloud(view: CaseView, spoken: str) -> None:
    assert card_for(view, "fi").fallback == spoken


@pytest.mark.parametrize(
    ("reply", "line"),
    [
        (a_reply(state=ReplyState.APPROVED, by="Mikael Öst", at=NOON), "✅ Mikael Öst hyväksyi vastauksen <!date^"),
        (
            a_reply(state=ReplyState.SENT, by="Mikael Öst", at=NOON, permalink="https://x.com/i/status/2"),
            "klo 11.42>. Hyväksyjä: Mikael Öst. <https://x.com/i/status/2|Katso vastaus>",
        ),
        (a_reply(state=ReplyState.REFUSED, problem="parent_gone"), "on poistettu"),
        (a_reply(state=ReplyState.REFUSED, problem="graph_999"), "Alusta kieltäytyi (graph_999)."),
        (a_reply(state=ReplyState.REFUSED), "Alusta kieltäytyi (–)."),
        (a_reply(state=ReplyState.UNCONFIRMED), "Emme lähetä mitään uudelleen omin päin."),
        (a_reply(state=ReplyState.BY_HAND, by="Anna"), "✅ Anna vastasi asiakkaalle itse."),
        (a_reply(state=ReplyState.BY_HAND, by="A", permalink="https://x.fi/9"), "itse. <https://x.fi/9|Katso vastaus>"),
        (a_reply(state=ReplyState.REJECTED, by="Anna", at=NOON, reason="Roskapostia"), "Syy: Roskapostia"),
        (a_reply(state=ReplyState.APPROVED), "✅ Joku hyväksyi vastauksen. Se lähtee hetken kuluttua."),
    ],
)
def test_the_state_line_says_who_what_and_what_now(reply: Any, line: str) -> None:
    assert line in shown(card_for(an_alert(reply=reply), "fi").blocks)


def test_what_will_go_out_is_shown_in_the_editors_words() -> None:
    words = shown(
        card_for(an_alert(reply=a_reply(text="Hei Elina!\nSoitan sinulle.", edited_by="Sara Virta")), "fi").blocks
    )
    assert "*Vastaus, jonka Sara Virta on muokannut*" in words
    assert "> Hei Elina!\n> Soitan sinulle." in words
    assert "Pahoittelemme viivettä" not in words


def test_nothing_to_approve_offers_writing_instead() -> None:
    view = an_alert(suggestions=())
    assert pressed(view) == ["edit", "reject"]
    assert "Kirjoita vastaus itse." in shown(card_for(view, "fi").blocks)
    assert buttons_of(card_for(view, "fi").blocks)[0]["text"]["text"] == "Kirjoita vastaus"


def test_one_suggestion_has_no_other() -> None:
    assert pressed(an_alert(suggestions=(CardSuggestion(1, "Hei!"),))) == ["approve", "edit", "reject"]


def test_a_matter_without_an_address_has_no_link_to_open() -> None:
    assert pressed(an_alert(permalink=None, route=Route(Way.BY_HAND, "not_summoned"))) == ["by_hand", "reject"]
    assert pressed(an_alert(permalink="javascript:alert(1)", route=Route(Way.NONE, "recorded"))) == ["reject"]


def test_a_closed_case_and_a_case_without_reply_have_no_buttons() -> None:
    assert pressed(an_alert(state=CaseState.CLOSED)) == []
    assert pressed(an_alert(reply=None)) == []


def test_the_way_out_is_told_in_words_even_for_a_code_we_do_not_know() -> None:
    by_hand = shown(card_for(an_alert(route=Route(Way.BY_HAND, "not_summoned")), "fi").blocks)
    assert "Tähän vastataan itse." in by_hand
    assert "Kopioi vastaus ja julkaise se X:ssä." in by_hand
    unknown = shown(card_for(an_alert(route=Route(Way.NONE, "summary_none")), "fi").blocks)
    assert "Sovellus ei pääse vastaamaan tähän (summary_none)." in unknown
    until = shown(card_for(a_contact(route=Route(Way.API, "ok", NOON)), "fi").blocks)
    assert "Vastaus menee vain asiakkaalle. Voit vastata täältä viimeistään <!date^" in until


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_way_that_is_not_the_api_is_explained_in_its_own_words(language: str) -> None:
    """The codes are those of responders/reachability.py."""
    codes = (
        "not_summoned",
        "replies_limited",
        "no",
        "human_agent_missing",
        "window_closed",
        "customer_not_written",
        "recorded",
    )
    told = {code: shown(card_for(an_alert(route=Route(Way.NONE, code)), language).blocks) for code in codes}
    assert len(set(told.values())) == len(codes)
    assert [code for code, words in told.items() if f"({code})" in words] == []


def test_a_long_post_is_cut_at_a_word_and_says_how_much_is_left_where() -> None:
    post = CardPost("Elina", "sana " * 200, NOON, permalink="https://x.com/i/status/9")
    words = shown(card_for(an_alert(posts=(post,), evidence=()), "fi").blocks)
    [left] = re.findall(r"<https://x.com/i/status/9\|… (\d+) merkkiä lisää>", words)
    quoted = words.split("> ")[1].split("\n")[0]
    assert len(quoted) + int(left) == 1000
    assert quoted.endswith("sana")


def test_a_reply_too_long_to_read_on_the_card_cannot_be_approved_there() -> None:
    view = an_alert(reply=a_reply(text="Hei! " * 1600))
    card = card_for(view, "fi")
    assert_slack_takes(card.blocks)
    assert pressed(view) == ["edit", "other", "reject"]
    assert "Paina Muokkaa ja lyhennä sitä." in shown(card.blocks)


@pytest.mark.parametrize("forged", ["<!channel>", "<!here|here>", "<@U0ANNA>", "<https://paha.example|nuotiopuoti.fi>"])
def test_no_customer_text_pings_or_links(forged: str) -> None:
    view = an_alert(
        about=forged,
        brand=forged,
        who=Writer(forged, forged, 3),
        permalink=f"https://x.fi/{forged}",
        reasons=(forged,),
        forecast=forged,
        evidence=(CardPost(forged, forged, NOON, permalink=forged), CardPost(forged, f"*{forged}*", NOON)),
        warnings=(forged,),
        posts=(CardPost(forged, f"*{forged}*", NOON, permalink=forged),),
        suggestions=(CardSuggestion(1, forged, forged), CardSuggestion(2, forged)),
        reply=a_reply(edited_by=forged),
    )
    for state in ReplyState:
        reply = a_reply(state=state, by=forged, edited_by=forged, reason=forged, problem=forged, permalink=forged)
        card = card_for(replace(view, reply=reply, route=Route(Way.BY_HAND, forged)), "fi")
        for text in [*(text for text in texts_of(card.blocks) if text["type"] == "mrkdwn"), {"text": card.fallback}]:
            assert forged not in text["text"]
            assert "<!channel" not in text["text"]
            assert "<@" not in text["text"]


def test_slack_makes_no_links_or_mentions_of_its_own_out_of_the_words() -> None:
    for view in VIEWS:
        found = [text for text in texts_of(card_for(view, "fi").blocks) if text["type"] == "mrkdwn"]
        assert found
        assert all(text["verbatim"] is True for text in found)


@example(
    words=["00", "", "0", "\r\x80", "", '"\x80', "00", "0000"],
    size=129,
    state=ReplyState.REFUSED,
    way=Way.API,
    kind=Kind.ALERT,
    language="sv",
)
@settings(max_examples=60, deadline=None)
@given(
    words=st.lists(ODD, min_size=8, max_size=8),
    size=st.integers(min_value=1, max_value=400),
    state=st.sampled_from(ReplyState),
    way=st.sampled_from(Way),
    kind=st.sampled_from(Kind),
    language=st.sampled_from(LANGUAGES),
)
def test_whatever_people_write_the_card_fits_and_holds_no_raw_mark(
    words: list[str], size: int, state: ReplyState, way: Way, kind: Kind, language: str
) -> None:
    a, b, c, d, e, f, g, h = (word * size for word in words)
    view = an_alert(
        kind=kind,
        about=a,
        brand=b,
        channel=c,
        who=Writer(d, e, size),
        permalink=f"https://x.fi/{f}",
        counts=Counts(size, size, size),
        topics=tuple(Heard(name, size) for name in (*ContactReason, a)),
        risks=tuple(Heard(name, size, calls=True) for name in (*RiskFlag, b)),
        risk_permalink=f"https://x.fi/{d}",
        unsure="other_language",
        language=e,
        reasons=(g,) * 9,
        forecast=h,
        evidence=(CardPost(c, d, NOON, permalink=f"https://x.fi/{e}"), CardPost(b, f"{a}*{a}*", NOON)) * 4,
        warnings=(h,) * 9,
        posts=(CardPost(a, b, NOON, sentiment="negative", permalink=c),) * 9,
        suggestions=(CardSuggestion(1, d, e), CardSuggestion(2, f, g)),
        reply=a_reply(state=state, by=h, edited_by=a, reason=b, problem=c, permalink=d),
        route=Route(way, e, NOON),
    )
    card = card_for(view, language)
    assert_slack_takes(card.blocks)
    assert len(card.fallback) <= 3000
    for text in [*(text for text in texts_of(card.blocks) if text["type"] == "mrkdwn"), {"text": card.fallback}]:
        assert "<" not in OURS.sub("", text["text"])

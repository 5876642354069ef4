"""Every message and every window of the product about cases, with whatever words somebody put into them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import islice, product
from typing import Any
from zoneinfo import ZoneInfo

from classifier.verdict import ContactReason, RiskFlag
from models.growth import Counted, Growth
from models.states import AlarmKind, CaseState, Found, Grade, NoteKind, NudgeKind, ReplyState
from responders.slack.actions import DraftView
from responders.slack.alarm_cards import AlarmView, alarm_card
from responders.slack.call_cards import CallView, Over, call_card, past_call_card
from responders.slack.cards import card_for
from responders.slack.case_views import CaseFacts, Change, Edit, Ending, History, Notes
from responders.slack.casework import CaseBrief, NoteView, NudgeView
from responders.slack.catalogue import words_for
from responders.slack.deeds import MENU_ORDER
from responders.slack.digest_cards import Burned, DigestView, Fate, Oldest, OnDuty, Waiting, digest_card
from responders.slack.digest_cards import Closing as DigestClosing
from responders.slack.intake_views import TakenInView
from responders.slack.intake_windows import count_window, intake_window
from responders.slack.modals import Target, edit_window, fits_window, reject_window
from responders.slack.nudge_cards import nudge_card
from responders.slack.post_cards import post_card
from responders.slack.reading import Seen, bare_window, reading_window
from responders.slack.views import (
    CardPost,
    CardSuggestion,
    CaseView,
    Counts,
    GradeView,
    Heard,
    Kind,
    Level,
    Route,
    Subject,
    Unanswered,
    Way,
    Writer,
)
from responders.slack.weekly_cards import Proposal, WeeklyView, weekly_card
from responders.slack.working_forms import FORMS, About, Ground
from responders.slack.working_windows import bare_window as bare_work_window
from responders.slack.working_windows import more_window, window
from tests.unit.responders.slack.builders import NOON, a_contact, a_reply, an_alert
from tests.unit.responders.slack.test_reading import a_reading

HELSINKI = ZoneInfo("Europe/Helsinki")
HUGE = 2_000_000_000

HOSTILE = (
    "Hei, missä pakettini viipyy?",
    "",
    " \n\t ",
    "<!channel> <!here|here> <@U0ANNA> <#C0PALOVAHTI> <https://paha.example|nuotiopuoti.fi> & &lt;!everyone&gt;",
    "@channel @here @everyone #palovahti https://paha.example mailto:a@b.fi",
    "*lihava* _kursiivi_ ~yli~ `koodi` ```lohko``` > lainaus :fire: \\* *<!channel>*",
    "👩🏽‍🚒🏳️‍🌈🇫🇮" * 40,
    "\u202eohtavolaP\u202c \u2066x\u2069 שלום مرحبا \u200b\u200d\ufeff\x00\x1b\ud800",
    "å" * 12_000,
    "sana " * 2_400,
    "&<>" * 4_000,
    "\n" * 3_000,
    "*a* <b>\n" * 1_500,
    '{"a": "b"} {brand} {0} %s ${x}',
)


def messages(a: str, b: str, language: str, *, many: int = 300, every: int = 1) -> Iterator[tuple[str, Sequence[Any]]]:
    """Each message by a name, its words `a` and `b`, in one language, with `many` of what there can be many of.

    Of the cards only `every` nth is drawn.
    """
    for name, view in islice(cards(a, b, many), 0, None, every):
        yield f"card {name}", card_for(view, language).blocks
    yield from _beside(a[:80], b[:80], language)  # as long as Slack lets names be
    for kind, until in product(AlarmKind, (None, NOON)):
        yield f"alarm {kind}", alarm_card(AlarmView(a, kind, b, NOON, until), language, HELSINKI).blocks
    weekly = WeeklyView(a, date(2026, 11, 9), dict.fromkeys(Grade, HUGE), HUGE, HUGE, HUGE, -HUGE)
    for proposal in (None, Proposal("sensitive", -HUGE, HUGE, 8)):
        yield "weekly", weekly_card(replace(weekly, proposal=proposal), language).blocks
    for nudge in NudgeKind:
        told = NudgeView(HUGE, nudge, "U0ANNA", "U0SARA", a, NOON, HUGE, HUGE, HUGE, b, a)
        yield "post", post_card(CardPost(a, b, NOON, permalink=f"https://x.fi/{a}"), language, HELSINKI).blocks
        for url in (None, "https://nuotiopuoti.slack.com/archives/C0PALOVAHTI/p1794304800000100"):
            yield f"nudge {nudge}", nudge_card(told, language, HELSINKI, url).blocks


def _beside(a: str, b: str, language: str) -> Iterator[tuple[str, Sequence[Any]]]:
    """Calls of those on duty, the morning's digest, and a card of what was taken in by hand."""
    for level in ("warning", "outrage"):
        call = CallView(HUGE, level, NOON)
        yield f"call {level}", call_card(call, ("U0ANNA", "S0LEADS"), language).blocks
        for over in Over:
            yield f"call {level} {over}", past_call_card(call, over, language, HELSINKI).blocks
    url = "https://nuotiopuoti.slack.com/archives/C0PALOVAHTI/p1794304800000100"
    digest = DigestView(
        a, date(2026, 11, 10), 2, (Waiting(HUGE, a, HUGE, b, url),) * 5, HUGE, HUGE,
        (Burned(HUGE, "outrage", NOON, Fate.COOLED, url),) * 5, HUGE, HUGE, Oldest(HUGE, url),
        (DigestClosing(HUGE, NOON, url),) * 5, HUGE, ("x:mentions",), (OnDuty(a, b),) * 5,
    )  # fmt: skip
    for one in (digest, DigestView(a, date(2026, 11, 10), 2)):
        yield "digest", digest_card(one, language, HELSINKI).blocks
    for found in Found:
        counts = (Counted(NOON, HUGE, HUGE, HUGE),) * 3
        taken = TakenInView(found, a, NOON, counts=counts, growth=Growth(float(HUGE), float(HUGE), float(HUGE)))
        yield f"taken in {found}", card_for(a_contact(about=a, taken_in=taken), language).blocks


def windows(a: str, b: str, language: str, *, many: int = 300) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each window by a name, in the same way."""
    words, about = words_for(language), About(HUGE, "C0PALOVAHTI00", HUGE)
    target = Target(HUGE, HUGE, HUGE, "C0PALOVAHTI00")
    one, other = (text.encode("utf-8", "replace").decode() for text in (a, b))  # as the store and the settings hold it
    draft = DraftView(HUGE, HUGE, other, 280, len(b), True, (a,) * 9)
    if fits_window(draft):
        yield "edit", edit_window(draft, target, words)
    yield "reject", reject_window(target, words)
    seen = Seen(HUGE, HUGE, HUGE, "C0PALOVAHTI00")
    yield "reading", reading_window(a_reading(text=a, judge_version=b), (a, b) * 9, seen, words, HELSINKI, a)
    yield "reading, loading", bare_window("reading.loading", words)
    yield "intake", intake_window(words, {"ts": "1794304800.000100", "text": other}, "C0PALOVAHTI")
    yield "intake, empty", intake_window(words)
    yield "counts", count_window(words, HUGE)
    brief = brief_with(a, b, many)
    for teams in ((), (one[:60] or "x", other[:60] or "y"), tuple(f"{number} {one}"[:60] for number in range(many))):
        ground = Ground(brief, about, words, HELSINKI, NOON.astimezone(UTC), tuple(dict.fromkeys(teams)))
        for deed in FORMS:
            yield f"work {deed}", window(deed, ground)
        yield "work more", more_window([deed for deed in MENU_ORDER if deed in FORMS], ground)
    for deed in (*FORMS, "more"):
        for key in ("loading", "failed", "not_found"):
            yield f"work {deed}, {key}", bare_work_window(deed, key, words)


def brief_with(a: str, b: str, many: int) -> CaseBrief:
    """A case with notes of every kind."""
    notes = tuple(
        NoteView(HUGE - many + 1 + number, kind, b, NOON, "U0SARA", a, minutes=600)
        for number, kind in zip(range(many), list(NoteKind) * many, strict=False)
    )
    return CaseBrief(
        HUGE, HUGE, "contact", a, CaseState.OPEN, True, False, "U0SARA", a, b, NOON + timedelta(days=3), HUGE, notes
    )


def cards(a: str, b: str, many: int) -> Iterator[tuple[str, CaseView]]:
    """Every kind, level and state of a case's card."""
    full = {
        "about": a,
        "brand": b,
        "who": Writer(a, b, HUGE),
        "permalink": f"https://x.fi/{b}",
        "topics": tuple(Heard(name, HUGE) for name in (*ContactReason, a)),
        "risks": tuple(Heard(name, HUGE, calls=True) for name in (*RiskFlag, b)),
        "risk_permalink": f"https://x.fi/{a}",
        "reasons": (a,) * 9,
        "warnings": (b,) * 9,
        "posts": (CardPost(a, b, NOON, sentiment="negative", permalink=f"https://x.fi/{a}"),) * many,
        "suggestions": (CardSuggestion(1, b, a), CardSuggestion(2, a, b)),
        "facts": facts(a, b, None),
    }
    alert = an_alert(
        **full,
        counts=Counts(HUGE, HUGE, HUGE),
        forecast=b,
        unanswered=Unanswered(HUGE, 20),
        evidence=(CardPost(b, a, NOON, permalink=f"https://x.fi/{b}"),) * many,
        topic_words=(a, b),
    )
    contact = a_contact(**full, language="sv")
    bases = [
        *((f"{level} {about}", replace(alert, level=level, subject=about)) for level in Level for about in Subject),
        *((f"contact {place}", replace(contact, place=place, channel=a)) for place in ("dm", "comment", a)),
    ]
    for name, base in bases:
        for state in (None, *ReplyState):
            yield f"{name} {state}", replace(base, reply=a_reply_with(state, a, b))
    for kind, base in ((Kind.ALERT, alert), (Kind.CONTACT, contact)):
        for state, way in product(CaseState, Way):
            view = replace(base, state=state, route=Route(way, a, NOON, "window_closed"), reply=None)
            yield f"{kind} {state} {way}", view
            yield f"{kind} {state} graded", replace(view, grade=GradeView(Grade.RIGHT, NOON, a, HUGE))
        put_off = facts(a, b, NOON + timedelta(days=1))
        yield f"{kind} put off", replace(base, level=Level.WATCH, facts=put_off, reply=a_reply(text=b))
    yield "bare", a_contact(about="", posts=(), suggestions=(), reply=None, who=None, permalink=None)


def facts(a: str, b: str, until: datetime | None) -> CaseFacts:
    """Everything that can be known of a case."""
    return CaseFacts(
        owner=a,
        team=b,
        snoozed_until=until,
        same_as=HUGE,
        history=History(HUGE, HUGE, 30),
        notes=Notes(HUGE, a, b),
        ending=Ending(NOON, a, True, False, True, b),
        changes=tuple(Change(edit, a, b) for edit in Edit) * 9,
    )


def a_reply_with(state: ReplyState | None, a: str, b: str) -> Any:
    if state is None:
        return None
    return a_reply(state=state, by=a, at=NOON, text=b, edited_by=a, offered=True, reason=b, problem=a, permalink=a)

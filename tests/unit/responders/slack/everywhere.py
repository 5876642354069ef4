"""Home, the command's answers and the windows of taking in, with whatever words somebody put into them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

from models.states import AlarmKind, CaseState
from responders.queue_order import Filters, Scope
from responders.slack.catalogue import words_for
from responders.slack.command_answers import duty_blocks, help_blocks, hit_blocks, log_blocks, status_blocks
from responders.slack.command_views import DeafSource, Deed, Found, Hits, OnDuty, Status
from responders.slack.home import home_view
from responders.slack.home_views import DraftRow, HomeList, HomeRow, HomeView, Muted, Today
from responders.slack.intake_windows import count_window, done_window, intake_window
from responders.slack.rows import Rows
from tests.unit.responders.slack.builders import NOON
from tests.unit.responders.slack.everything import HELSINKI, HUGE

URL = "https://nuotiopuoti.slack.com/"


def answers(a: str, b: str, language: str, *, many: int = 300) -> Iterator[tuple[str, Sequence[Any]]]:
    """Each answer of the command by a name, its words `a` and `b`."""
    words = words_for(language)
    rows = Rows(words, HELSINKI, URL, NOON)
    row, muted = a_row(a, b), Muted(NOON, a, b)
    deaf = [DeafSource(a, kind, NOON) for kind in AlarmKind] * many
    duty = [OnDuty(a, b, None, a, None, NOON), OnDuty(b, None, None), OnDuty(a, b, "U0ANNA", b, "U0SARA", NOON)] * many
    status = Status(NOON, [row] * 8, HUGE, HUGE, HUGE, HUGE, NOON, HUGE, deaf, duty, HUGE, HUGE, muted)
    yield "status", status_blocks(status, rows, HUGE)
    found = [Found(row, state) for state in CaseState] * 3
    yield "hits", hit_blocks(Hits(found[:10], HUGE, NOON), a, rows)
    yield "no hit", hit_blocks(Hits([], 0, NOON), a, rows)
    yield "duty", duty_blocks(duty, words, HELSINKI)
    yield "log", log_blocks([Deed(NOON, a, b, HUGE), Deed(NOON, "U0ANNA", "reply.approved", None)] * 6, words, HELSINKI)
    yield "help", help_blocks(words, takes_duty=True)


def homes(a: str, b: str, language: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Home as full as it gets, in its overview and with one list."""
    words, row = words_for(language), a_row(a, b)
    full = HomeList([row] * 5, HUGE)
    draft = DraftRow(row, HUGE, HUGE, a, b)
    for scope, lists in (
        (Scope.OVERVIEW, [(name, full) for name in ("mine", "teams", "free")]),
        (Scope.ALL, [("all", HomeList([row] * 15, HUGE))]),
    ):
        view = HomeView(
            at=NOON, filters=Filters(scope, channel=a[:60], language="fi", page=1),
            today=Today(HUGE, HUGE, HUGE, HUGE, NOON),
            fires=full, due=full, drafts=[draft] * 8, drafts_total=HUGE, lists=lists,
            channels=tuple(sorted({one for one in (a[:60], b[:60], "x") if one})), languages=("fi", "xx", "zu"),
            pages=3, muted=Muted(NOON, a, b), may_take=True, may_take_in=True, may_approve_many=True,
        )  # fmt: skip
        yield f"home {scope}", home_view(view, words, HELSINKI, URL, approves=True, told=a)


def forms(a: str, b: str, language: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """The windows of taking in by hand."""
    words = words_for(language)
    yield "intake", intake_window(words)
    message = {"ts": "1794304800.000100", "text": f"{a} <https://forum.example/{'x' * 50}|b> {b}"}
    yield "intake of a message", intake_window(words, message, "C0ASIAKAS")
    yield "counts", count_window(words, HUGE)
    yield "done", done_window(words, a or "-")


def a_row(a: str, b: str) -> HomeRow:
    """A row with everything in it; `about` as the store cuts it."""
    return HomeRow(
        case_id=HUGE, number=HUGE, kind="alert", level="outrage", channel=a[:40], about=a[:82], since=NOON, who=b,
        flagged=True, owner_name=b, team=b, until=NOON + timedelta(days=400), late_minutes=HUGE,
        snoozed_until=NOON + timedelta(days=9), card=("C0PALOVAHTI", "1794304800.000100"),
    )  # fmt: skip

"""`palovahti alerts` and the weekly message on a real store: grades, misses, and what another setting had done."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot import alert_table, cli
from bot.alert_report import Shop
from bot.settings import read_settings
from bot.weekly import week_before, weekly_view
from classifier.grading import grade_alerts
from listener.posts import Author, Post
from migrations import upgrade
from models.base import Sessions, open_engine, open_sessions
from models.cases import Alert, Case
from models.mentions import Mention
from models.numbering import next_case_number
from models.states import Grade
from responders.grading import Grading
from responders.roles import Everybody
from tests.builders import ANNA, a_comment, a_verdict_row, minutes, store_posts
from tests.fakes import verdict_of

HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(weeks=1)
NOW = datetime(2026, 11, 18, 12, tzinfo=UTC)  # a Wednesday, week 47
FIRST = NOW - 4 * WEEK
FIRE = datetime(2026, 11, 10, 9, tzinfo=UTC)  # week 46
SETTINGS = """
[shop]
name = "Nuotiopuoti"
[slack]
alert_channel = "C1"
contact_channel = "C2"
[store]
url = "sqlite:///shop.db"
[replay]
path = "stream.jsonl"
"""


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sessions]:
    """A shop's folder with its settings and an empty store, on that Wednesday."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(alert_table, "wall", lambda: NOW)
    (tmp_path / "palovahti.toml").write_text(SETTINGS)
    engine = open_engine("sqlite:///shop.db")
    upgrade(engine)
    yield open_sessions(engine)
    engine.dispose()


def said(count: int, began: datetime, every: timedelta, what: str, thread: str | None = None) -> Iterable[Post]:
    for place in range(count):
        name = f"{what}-{place}"
        author = Author(name, "Somebody", None, 10)
        yield a_comment(name, author=author, thread_id=thread or name, created_at=began + place * every)


def heard(sessions: Sessions, posts: Iterable[Post], negative: float) -> None:
    store_posts(sessions, *posts)
    with sessions.begin() as session:
        for mention in session.scalars(select(Mention).where(Mention.judged_at.is_(None))):
            mention.judged_at = mention.heated_at = mention.created_at
            row = a_verdict_row(mention.id, verdict_of(mention.text), mention.created_at)
            row.negative, row.label = negative, "negative" if negative > 0.5 else "neutral"
            session.add(row)


def a_past(sessions: Sessions, *fires: datetime) -> None:
    """Four ordinary weeks, a fifth of them complaints; and threads that sixty angry people join."""
    hours = int((NOW - FIRST) / HOUR)
    heard(sessions, said(hours // 2, FIRST, 2 * HOUR, "calm"), 0.1)
    heard(sessions, said(hours // 8, FIRST, 8 * HOUR, "cross"), 0.9)
    for number, began in enumerate(fires):
        heard(sessions, said(60, began, minutes(3), f"angry{number}", f"fire{number}"), 0.9)


def an_alert(sessions: Sessions, at: datetime, number: int = 1, probability: float = 0.7) -> int:
    with sessions.begin() as session:
        case = Case(
            number=next_case_number(session), matter=f"alert:brand:Nuotiopuoti#{number}", kind="alert",
            brand="Nuotiopuoti", level="warning",
            opened_at=at, changed_at=at, reasons=[],
        )  # fmt: skip
        session.add(case)
        session.flush()
        session.add(Alert(case_id=case.id, level="warning", score=2.0, probability=probability, reasons=[], at=at))
        return case.id


def graded(sessions: Sessions, now: datetime = NOW) -> None:
    shop = the_shop()
    while grade_alerts(sessions=sessions, brand=shop.brand, rule=shop.rule, now=now, wall=now, again_s=3600):
        pass


def the_shop() -> Shop:
    return Shop.of(read_settings(Path("palovahti.toml")))


def run(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert cli.main(["alerts", *words]) == 0
    return " ".join(capsys.readouterr().out.split())


def answer(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    return dict(json.loads(run(capsys, "--json", *words)))


def test_each_week_has_its_line(shop: Sessions, capsys: pytest.CaptureFixture[str]) -> None:
    a_past(shop, FIRE, FIRE - WEEK)
    an_alert(shop, FIRE + minutes(30), 1)
    an_alert(shop, FIRE + 3 * DAY, 2)
    graded(shop)
    an_alert(shop, NOW - HOUR, 3)
    body = answer(capsys, "--weeks", "3")
    weeks = {week["week"]: week for week in body["weeks"]}
    assert list(weeks) == ["2026-W45", "2026-W46", "2026-W47"]
    week = weeks["2026-W46"]
    assert (week["alerts"], week["precision"], week["outrages"], week["missed"]) == (2, 0.5, 1, 0)
    assert week["grades"] == {"right": 1, "early": 0, "late": 0, "benign": 0, "false": 1}
    assert 30 <= week["median_lead_minutes"] <= 90
    assert (weeks["2026-W45"]["alerts"], weeks["2026-W45"]["outrages"], weeks["2026-W45"]["missed"]) == (0, 1, 1)
    assert (weeks["2026-W47"]["alerts"], weeks["2026-W47"]["not_yet_known"]) == (1, 1)
    text = run(capsys, "--weeks", "3")
    for words in (
        "week W45 W46 W47 all",
        "alerts 0 2 1 3",
        "right: before half 0 1 0 1",
        "false: nothing 0 1 0 1",
        "not yet known 0 0 1 1",
        "precision - 50% - 50%",
        "outrages 1 1 0 2",
        "missed 1 0 0 1",
        "too few to say (2 graded alerts",
    ):
        assert words in text, text


def test_a_persons_word_counts(shop: Sessions, capsys: pytest.CaptureFixture[str]) -> None:
    a_past(shop)
    case = an_alert(shop, FIRE, 1)
    assert (
        Grading(sessions=shop, clock=lambda: NOW, wall=lambda: NOW, roles=Everybody(), language="fi")
        .grade(case, True, ANNA)
        .ok
    )
    graded(shop)
    week = answer(capsys, "--weeks", "2")["weeks"][0]
    assert (week["grades"]["right"], week["by_a_person"], week["median_lead_minutes"]) == (1, 1, None)


def test_with_ten_alerts_the_chances_are_set_against_what_happened(
    shop: Sessions, capsys: pytest.CaptureFixture[str]
) -> None:
    a_past(shop, FIRE)
    for number in range(9):
        an_alert(shop, FIRE - (number + 2) * DAY, number + 2, probability=0.1)
    an_alert(shop, FIRE + minutes(30), 1, probability=0.9)
    graded(shop)
    found = answer(capsys)["reliability"]
    assert (found["alerts"], found["brier"], found["base_rate_brier"]) == (10, 0.01, 0.09)
    assert [(one["alerts"], one["happened"]) for one in found["bins"]] == [(9, 0.0), (1, 1.0)]
    text = run(capsys)
    assert "Brier score 0.010" in text
    assert "80% to 100% 1 90% 100%" in text


def test_every_setting_is_tried_on_the_same_past(shop: Sessions, capsys: pytest.CaptureFixture[str]) -> None:
    a_past(shop, FIRE)
    body = answer(capsys, "--weeks", "2")
    assert next(iter(body["effects"])) == "normal"
    assert set(body["effects"]) == {"normal", "quiet", "keen"}
    assert body["sensitivity"] == "normal"
    assert body["effects"]["quiet"]["alerts"] <= body["effects"]["keen"]["alerts"]
    text = run(capsys, "--weeks", "2")
    assert 'sensitivity = "normal" gives' in text
    assert 'sensitivity = "quiet" had given' in text
    assert "Proposal: " in text


def test_too_little_history_is_said(shop: Sessions, capsys: pytest.CaptureFixture[str]) -> None:
    heard(shop, said(50, NOW - 2 * DAY, HOUR, "calm"), 0.1)
    assert answer(capsys)["effects"] == {}
    assert "Settings: too little history" in run(capsys)


def test_an_empty_store_is_no_problem(shop: Sessions, capsys: pytest.CaptureFixture[str]) -> None:
    body = answer(capsys)
    assert (len(body["weeks"]), body["reliability"], body["proposal"]) == (8, None, None)


@pytest.mark.parametrize("weeks", ["1", "0", "many"])
def test_a_wrong_number_of_weeks_is_wrong_usage(shop: Sessions, weeks: str) -> None:
    with pytest.raises(SystemExit) as stopped:
        cli.main(["alerts", "--weeks", weeks])
    assert stopped.value.code == 2


def test_the_weekly_message_is_about_the_week_that_is_over(shop: Sessions) -> None:
    a_past(shop, FIRE)
    an_alert(shop, FIRE + minutes(30), 1)
    graded(shop)
    monday = week_before(NOW, the_shop())
    assert monday.isoformat() == "2026-11-09"
    view = weekly_view(shop, the_shop(), monday, NOW)
    assert (view.alerts, view.grades[Grade.RIGHT], view.fires, view.missed) == (1, 1, 1, 0)
    assert view.lead_minutes is not None

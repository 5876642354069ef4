"""A week's interruptions: the team's in the report, a person's own for themselves, and names only where allowed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from models.base import Sessions
from models.interruptions import record_interruption
from models.states import Means
from responders.interruptions import named, own_weeks, team_week
from responders.slack.catalogue import LANGUAGES, words_for
from responders.slack.interruption_words import own_lines
from responders.slack.weekly_cards import WeeklyView, weekly_card
from tests.unit.responders.slack.builders import shown
from tests.unit.responders.slack.limits import assert_slack_takes

HELSINKI = ZoneInfo("Europe/Helsinki")
WEEK = date(2026, 11, 9)
WEDNESDAY = datetime(2026, 11, 11, 10, tzinfo=UTC)
NAMES = {"U0ANNA": "Anna Laine", "U0SARA": "Sara <Virta>"}


def _record(store: Sessions, at: datetime, user: str, means: Means = Means.RING, *, quiet: bool = False) -> None:
    with store.begin() as session:
        record_interruption(session, at, user, means, "chain.step", zone=HELSINKI, in_quiet_hours=quiet)


@pytest.fixture
def week(store: Sessions) -> Sessions:
    _record(store, WEDNESDAY, "U0ANNA", Means.MENTION)
    _record(store, WEDNESDAY + timedelta(hours=12), "U0ANNA", quiet=True)
    _record(store, datetime(2026, 11, 8, 22, 30, tzinfo=UTC), "U0SARA")  # Monday's first hour in Helsinki
    _record(store, datetime(2026, 11, 8, 21, 30, tzinfo=UTC), "U0ANNA")  # Sunday's last
    return store


def test_the_report_counts_the_team_and_names_nobody(week: Sessions) -> None:
    with week() as session:
        found = named(team_week(session, WEEK, HELSINKI), None)
    text = shown(weekly_card(WeeklyView("Nuotiopuoti", WEEK, interrupted=found), "fi").blocks)
    assert "Palovahti keskeytti ihmisiä 3 kertaa" in text
    assert "niistä 2 yöllä, viikonloppuna tai hiljaisina aikoina" in text
    assert "1 maininta, 2 päivystyskutsua" in text
    assert "U0ANNA" not in text


def test_where_the_shop_allows_it_people_are_named(week: Sessions) -> None:
    with week() as session:
        found = named(team_week(session, WEEK, HELSINKI), NAMES.__getitem__)
    text = shown(weekly_card(WeeklyView("Nuotiopuoti", WEEK, interrupted=found), "sv").blocks)
    assert "• Anna Laine: 2\n• Sara &lt;Virta&gt;: 1" in text


def test_a_week_without_interruptions_says_nothing_of_them(store: Sessions) -> None:
    view = WeeklyView("Nuotiopuoti", WEEK)
    assert "🔔" not in shown(weekly_card(view, "fi").blocks)


def test_a_person_sees_their_own_weeks_and_nobody_elses(week: Sessions) -> None:
    with week() as session:
        this, last = own_weeks(session, "U0ANNA", WEDNESDAY + timedelta(days=1), HELSINKI)
        nobody, _ = own_weeks(session, "U0OMAR", WEDNESDAY, HELSINKI)
    assert (this.total, this.at_rest, last.total, nobody.total) == (2, 1, 1, 0)
    assert list(own_lines(this, last, words_for("fi"))) == [
        "🔔 Palovahti on keskeyttänyt sinut tällä viikolla 2 kertaa, niistä 1 yöllä, viikonloppuna tai hiljaisina "
        "aikoinasi.",
        "1 maininta, 1 päivystyskutsu",
        "Viime viikolla: 1 kerran. Tämän näet vain sinä.",
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_slack_takes_the_report_with_them(week: Sessions, language: str) -> None:
    with week() as session:
        found = named(team_week(session, WEEK, HELSINKI), NAMES.__getitem__)
    view = WeeklyView("Nuotiopuoti", WEEK, interrupted=replace(found, people=[("x" * 300, 1)] * 40))
    assert_slack_takes(list(weekly_card(view, language).blocks))

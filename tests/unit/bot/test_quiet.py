"""From the settings to who gets the digest, when, and in which language."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.clocks import wall
from bot.quiet import build_quiet, language_in, morning_of
from bot.settings import Settings, SettingsProblem, read_settings
from models.base import Sessions
from responders.morning_time import Morning
from responders.routes import Abilities
from responders.slack.notifier import SlackNotifier
from responders.slack.pacer import Pacer

FILE = """
[shop]
name = "Nuotiopuoti"
[slack]
alert_channel = "C1"
contact_channel = "C2"
{more}
[facebook]
page_id = "104500000000001"
page_name = "Nuotiopuoti"
"""


class Staff:
    """Sara leads with Omar, who has left."""

    def members(self, group_id: str) -> frozenset[str]:
        return frozenset({"U0SARA", "U0OMAR"} if group_id == "S0LEADS" else ())

    def has_left(self, user_id: str) -> bool:
        return user_id == "U0OMAR"


def _read(folder: Path, more: str) -> Settings:
    path = folder / "palovahti.toml"
    path.write_text(FILE.format(more=more), encoding="utf-8")
    return read_settings(path)


def _places(store: Sessions, settings: Settings) -> list[str]:
    notifier = SlackNotifier("xoxb-test", "http://127.0.0.1:9/api/")
    quiet = build_quiet(settings, store, "xoxb-test", notifier, Pacer(wall), Staff(), Abilities())
    assert quiet.digests is not None
    return list(quiet.digests.places())


def test_a_shop_that_says_nothing_gets_no_digest(tmp_path: Path) -> None:
    assert morning_of(_read(tmp_path, "")) is None


def test_the_digest_comes_on_its_days_in_the_shops_zone(tmp_path: Path) -> None:
    settings = _read(tmp_path, 'digest = "08:30"\ndigest_days = ["mon", "sat"]')
    assert morning_of(settings) == Morning(time(8, 30), ZoneInfo("Europe/Helsinki"), frozenset({0, 5}))


def test_it_goes_to_the_channel_for_contacts_or_to_everybody_named_who_is_still_there(
    store: Sessions, tmp_path: Path
) -> None:
    assert _places(store, _read(tmp_path, 'digest = "08:30"')) == ["C2"]
    named = _read(tmp_path, 'digest = "08:30"\ndigest_to = ["C9", "S0LEADS", "U0SARA", "U0OMAR", "U0ANNA"]')
    assert _places(store, named) == ["C9", "U0SARA", "U0ANNA"]


def test_a_channel_may_have_a_language_of_its_own(tmp_path: Path) -> None:
    slack = _read(tmp_path, 'channel_languages = { C2 = "sv" }').slack
    assert (language_in(slack, "C1"), language_in(slack, "C2")) == ("fi", "sv")


@pytest.mark.parametrize(
    ("line", "key"),
    [
        ('digest = "8.30"', "slack.digest"),
        ('digest = "24:00"', "slack.digest"),
        ("digest_days = []", "slack.digest_days"),
        ('digest_to = ["#yleinen"]', "slack.digest_to"),
        ('call = ["@anna"]', "slack.call"),
        ('channel_languages = { C2 = "de" }', "slack.channel_languages"),
    ],
)
def test_what_cannot_be_is_told_by_its_key(tmp_path: Path, line: str, key: str) -> None:
    with pytest.raises(SettingsProblem) as problem:
        _read(tmp_path, line)
    assert key in problem.value.problems[0]


def test_the_morning_of_a_restart_is_the_same(tmp_path: Path) -> None:
    morning = morning_of(_read(tmp_path, 'digest = "08:30"'))
    assert morning is not None
    assert morning.due_on(date(2026, 11, 11)) == datetime(2026, 11, 11, 6, 30, tzinfo=UTC)

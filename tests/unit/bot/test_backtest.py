"""`palovahti backtest` on a real store and on streams: figures, pictures, and a sentence for everything else."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot import cli
from bot.backtest_picture import TEXTS
from classifier.heat.posts import JudgedPost
from listener.posts import Author
from migrations import upgrade
from models.base import Sessions, open_engine, open_sessions
from tests.builders import a_comment, a_dm, a_verdict_row, mentions, store_posts
from tests.fakes import verdict_of
from tests.unit.classifier.heat.days import a_fire, ordinary_day

DAY = 1440
START = datetime(2026, 9, 1, 5, tzinfo=UTC)  # a Tuesday
SETTINGS = """
[shop]
name = "nuotiopuoti"
[slack]
alert_channel = "C1"
contact_channel = "C2"
card_language = "fi"
[store]
url = "sqlite:///shop.db"
[replay]
path = "stream.jsonl"
"""


def a_past(days: int = 24, fire_on: int = 20) -> list[JudgedPost]:
    """Ordinary days, and on one of them a thread of sixty angry people."""
    fire = a_fire(fire_on * DAY + 240, size=60, thread_id="fire", start=START)
    posts = [*ordinary_day(days, per_hour=3, start=START), *fire]
    last = START + timedelta(days=days)
    return sorted((post for post in posts if post.created_at < last), key=lambda post: post.created_at)


def write(path: Path, posts: list[JudgedPost]) -> None:
    with path.open("w") as lines:
        for post in posts:
            body = {
                "brand": post.brand, "channel": post.channel, "external_id": post.external_id,
                "thread_id": post.thread_id, "author_id": post.author_id, "author_followers": post.author_followers,
                "created_at": post.created_at.isoformat(), "text_key": post.text_key, "is_share": post.is_share,
                "sentiment": {"negative": post.negative}, "arousal": post.arousal,
                "in_own_channel": post.in_own_channel, "brand_replied": post.brand_replied,
            }  # fmt: skip
            lines.write(json.dumps(body) + "\n")


def keep(sessions: Sessions, posts: list[JudgedPost]) -> None:
    """Puts the posts into the store as if they had been heard and judged."""
    said = [
        a_comment(
            f"Viesti {post.text_key}", external_id=post.external_id, thread_id=post.thread_id, parent_id=None,
            author=Author(str(post.author_id), "Joku", "joku", post.author_followers), created_at=post.created_at,
        )
        for post in posts
    ]  # fmt: skip
    store_posts(sessions, *said)
    judged = {post.external_id: post for post in posts}
    with sessions.begin() as session:
        for mention in mentions(sessions):
            if mention.external_id in judged:
                post = judged[mention.external_id]
                verdict = replace(verdict_of(""), negative=post.negative, arousal=post.arousal)
                session.add(a_verdict_row(mention.id, verdict, mention.created_at))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, in which the command is run."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def shop(folder: Path) -> Iterator[Sessions]:
    """A shop's folder with its settings and its empty store."""
    (folder / "palovahti.toml").write_text(SETTINGS)
    engine = open_engine("sqlite:///shop.db")
    upgrade(engine)
    yield open_sessions(engine)
    engine.dispose()


def run(*words: object) -> int:
    try:
        return cli.main(["backtest", *(str(word) for word in words)])
    except SystemExit as left:
        return int(left.code or 0)


def answer(capsys: pytest.CaptureFixture[str], *words: object) -> dict[str, Any]:
    run(*words, "--json")
    return dict(json.loads(capsys.readouterr().out))


def said(capsys: pytest.CaptureFixture[str]) -> str:
    """What was printed, in one line; never a traceback."""
    told = capsys.readouterr()
    assert "Traceback" not in told.err
    return " ".join((told.out + told.err).split())


def test_two_settings_stand_side_by_side(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(folder / "past.jsonl", a_past())
    assert run("--events", "past.jsonl", "--sensitivity", "quiet", "keen") == 0
    told = said(capsys)
    assert "judged mentions of nuotiopuoti, 2026-09-01 to 2026-09-24. Alerts count from 2026-09-15 on" in told
    assert "setting quiet keen difference" in told
    assert "outrages caught, of 1 1 1 same" in told
    assert "outrages missed 0 0 same" in told
    assert "reading" not in told


def test_one_setting_needs_no_difference(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(folder / "past.jsonl", a_past())
    assert run("--events", "past.jsonl") == 0
    told = said(capsys)
    assert "setting normal ─" in told
    assert "difference" not in told


def test_a_program_reads_every_alert_and_every_outrage(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(folder / "past.jsonl", a_past())
    body = answer(capsys, "--events", "past.jsonl", "--sensitivity", "keen")
    (found,) = body["settings"]
    assert (body["sentence"], found["sensitivity"], found["caught"], found["missed"]) == (None, "keen", 1, 0)
    assert sum(found["grades"].values()) == len(found["alerts"])
    assert found["alerts_a_week"] == pytest.approx(len(found["alerts"]) / found["weeks"], abs=0.01)
    (outrage,) = found["outrages"]
    assert outrage["began"] <= outrage["called"] < outrage["half"] < outrage["ended"]
    called, half = (datetime.fromisoformat(outrage[name]) for name in ("called", "half"))
    assert found["lead_minutes"]["median"] == pytest.approx((half - called) / timedelta(minutes=1), abs=0.1)
    assert body["brands"]["nuotiopuoti"]["since"] == "2026-09-15T05:00:00Z"


def test_the_shops_own_past_says_what_the_same_stream_says(
    shop: Sessions, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    past = a_past()
    keep(shop, past)
    write(folder / "past.jsonl", past)
    store_posts(shop, a_dm("Hirveää!", created_at=START))  # neither private nor unjudged ones count
    own, stream = answer(capsys), answer(capsys, "--events", "past.jsonl")
    assert own["mentions"] == stream["mentions"] == len(past)
    for name in ("alerts_a_week", "grades", "caught", "missed", "lead_minutes", "weeks"):
        assert own["settings"][0][name] == stream["settings"][0][name]


def test_days_are_the_shops_own_and_counted_in(shop: Sessions, capsys: pytest.CaptureFixture[str]) -> None:
    keep(shop, a_past())
    body = answer(capsys, "--since", "2026-09-18", "--until", "2026-09-20")
    span = body["brands"]["nuotiopuoti"]
    assert (span["since"], span["until"]) == ("2026-09-17T21:00:00Z", "2026-09-20T21:00:00Z")
    assert (body["settings"][0]["outrages"], span["weeks"]) == ([], pytest.approx(3 / 7, abs=0.001))
    assert answer(capsys, "--since", "2026-09-21")["settings"][0]["caught"] == 1


def test_the_setting_in_use_is_tried_when_none_is_named(
    shop: Sessions, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    keep(shop, a_past())
    (folder / "palovahti.toml").write_text(SETTINGS + '[heat]\nsensitivity = "quiet"\n')
    assert [found["sensitivity"] for found in answer(capsys)["settings"]] == ["quiet"]


def test_what_the_shop_calls_an_outrage_is_asked_of_its_settings(
    shop: Sessions, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    keep(shop, a_past())
    (folder / "palovahti.toml").write_text(SETTINGS + "[heat.outrage]\nleast_people = 100\n")
    body = answer(capsys)
    assert (body["rule"]["least_people"], body["settings"][0]["outrages"]) == (100, [])


@pytest.mark.parametrize("kind", ["svg", "png", "SVG"])
def test_the_picture_is_drawn_in_the_language_of_the_cards(shop: Sessions, folder: Path, kind: str) -> None:
    keep(shop, a_past())
    picture = folder / f"kuva.{kind}"
    assert run("--sensitivity", "quiet", "keen", "--picture", picture) == 0
    drawn = picture.read_bytes()
    if kind == "png":
        assert drawn.startswith(b"\x89PNG")
    else:
        text = drawn.decode()
        assert "nuotiopuoti: milloin olisi hälytetty" in text
        assert "hiljainen (quiet)" in text
        assert "herkkä (keen)" in text
        assert "ma 21.9." in text
    assert [path.name for path in folder.glob("kuva*")] == [picture.name]


def test_a_stream_without_settings_is_drawn_in_english(folder: Path) -> None:
    write(folder / "past.jsonl", a_past())
    assert run("--events", "past.jsonl", "--picture", "p.svg") == 0
    assert "negative people an hour" in (folder / "p.svg").read_text()


def test_the_same_past_gives_the_same_picture(folder: Path) -> None:
    write(folder / "past.jsonl", a_past())
    for name in ("one.svg", "other.svg"):
        assert run("--events", "past.jsonl", "--picture", name) == 0
    assert (folder / "one.svg").read_bytes() == (folder / "other.svg").read_bytes()


def test_every_language_says_everything() -> None:
    assert TEXTS["fi"].keys() == TEXTS["sv"].keys() == TEXTS["en"].keys()


def test_nothing_heard_is_said(shop: Sessions, capsys: pytest.CaptureFixture[str]) -> None:
    assert run() == 1
    assert "No judged mentions, so there is nothing to try a setting on." in said(capsys)
    keep(shop, a_past(days=3))
    assert run("--since", "2026-10-01", "--until", "2026-10-31") == 1
    assert "No judged mentions since 2026-10-01 until 2026-10-31" in said(capsys)
    assert answer(capsys, "--since", "2026-10-01")["settings"] == []


def test_too_little_history_is_said(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(folder / "past.jsonl", a_past(days=10))
    assert run("--events", "past.jsonl", "--picture", "p.svg") == 1
    assert "Too little history: 9 days, and two weeks are needed before alerts count." in said(capsys)
    assert not (folder / "p.svg").exists()


def test_several_brands_are_counted_together_and_drawn_one_by_one(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = [replace(post, brand="toinen") for post in a_past()]
    late = START + timedelta(days=21)
    short = [replace(post, brand="uusi") for post in a_past() if post.created_at >= late]
    write(folder / "past.jsonl", sorted([*a_past(), *other, *short], key=lambda post: post.created_at))
    assert run("--events", "past.jsonl") == 0
    told = said(capsys)
    assert "judged mentions of 3 brands" in told
    assert "1 of 3 brands is left out: too little history." in told
    assert "outrages caught, of 2 2" in told
    assert run("--events", "past.jsonl", "--picture", "p.svg") == 1
    assert "past.jsonl: a picture shows one brand, and there are 3 (nuotiopuoti, toinen, uusi)." in said(capsys)
    assert run("--events", "past.jsonl", "--picture", "p.svg", "--brand", "toinen") == 0
    assert "toinen: when people would have been called" in (folder / "p.svg").read_text()
    assert run("--events", "past.jsonl", "--brand", "kolmas") == 1
    assert 'past.jsonl: there is no brand "kolmas". There is nuotiopuoti, toinen, uusi.' in said(capsys)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--since", "2026-10-32"], "2026-10-32 is not a day; write it as 2026-10-01"),
        (["--until", "yesterday"], "yesterday is not a day"),
        (["--since", "2026-10-02", "--until", "2026-10-01"], "--until 2026-10-01 comes before --since 2026-10-02"),
        (["--picture", "past.pdf"], "past.pdf is no kind of picture we draw; end its name in .svg or .png"),
        (["--sensitivity", "loud"], "choose from"),
        (["--sensitivity", "quiet", "normal", "keen"], "--sensitivity takes one setting, or two different ones"),
        (["--sensitivity", "keen", "keen"], "--sensitivity takes one setting, or two different ones"),
        (["--brand", "nuotiopuoti"], "--brand goes with --events"),
    ],
)
def test_wrong_usage_is_explained(words: list[str], sentence: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(*words) == 2
    assert sentence in said(capsys)


def test_a_place_where_nothing_can_be_written_is_told_before_the_work(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "taken.svg").mkdir()
    assert run("--events", "none.jsonl", "--picture", "taken.svg") == 1
    assert "taken.svg: this is a folder." in said(capsys)
    assert run("--events", "none.jsonl", "--picture", "nowhere/p.svg") == 1
    assert "nowhere/p.svg: there is no folder nowhere." in said(capsys)
    monkeypatch.setattr(os, "access", lambda *_: False)
    assert run("--events", "none.jsonl", "--picture", "p.svg") == 1
    assert "p.svg: nothing may be written to" in said(capsys)


def test_a_place_that_is_lost_meanwhile_is_told(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    write(folder / "past.jsonl", a_past())

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    assert run("--events", "past.jsonl", "--picture", "p.svg") == 1
    assert "p.svg: cannot be written (No space left on device)" in said(capsys)
    assert not list(folder.glob("p.svg*"))


def test_a_stream_that_is_missing_or_broken_is_named(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--events", "none.jsonl") == 1
    assert "none.jsonl: cannot be read (No such file or directory)" in said(capsys)
    (folder / "past.jsonl").write_text('{"brand": "b"}\n')
    assert run("--events", "past.jsonl") == 1
    assert "past.jsonl, line 1" in said(capsys)


def test_without_a_stream_the_settings_are_needed(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run() == 1
    assert "palovahti.toml: there is no such file." in said(capsys)
    write(folder / "past.jsonl", a_past())
    assert run("--events", "past.jsonl", "--settings", "other.toml") == 1
    assert "other.toml: there is no such file." in said(capsys)


def test_the_running_product_never_loads_the_library_that_draws() -> None:
    program = "import sys, bot.cli, bot.running, bot.backtesting; sys.exit('matplotlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0

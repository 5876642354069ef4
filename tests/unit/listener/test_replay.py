"""The replay source: every good line becomes a post once, every bad one a sentence."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from listener.posts import Author, Place, Post, Replyable
from listener.sources.replay import Replay
from models.errors import Refused


def a_line(**changes: Any) -> dict[str, Any]:
    line: dict[str, Any] = {
        "channel": "x",
        "account": "1480000000000000001",
        "external_id": "2120000000000000001",
        "thread_id": "2120000000000000001",
        "place": "mention",
        "text": "@nuotiopuoti mis mun paketti viipyy",
        "created_at": "2026-11-10T05:06:11Z",
    }
    return line | changes


def a_file(path: Path, *lines: object) -> Path:
    path = path / "recording.jsonl"
    path.write_text("".join((line if isinstance(line, str) else json.dumps(line)) + "\n" for line in lines))
    return path


def read_all(source: Replay) -> list[Post]:
    """Every post in the order read, page by page, as the poll step would."""
    posts, cursor, more = [], {}, True
    while more:
        page = source.fetch(cursor)
        posts += reversed(page.posts)
        cursor, more = json.loads(json.dumps(dict(page.cursor))), page.more
    return posts


def test_a_line_becomes_the_post_it_describes(tmp_path: Path) -> None:
    author = {"external_id": "77", "name": "Kaisa Lintula", "handle": "kaisal", "followers": 300}
    author["created_at"] = "2026-11-03T09:00:00+02:00"
    path = a_file(
        tmp_path, a_line(author=author, parent_id="5", permalink="https://x.com/kaisal/status/1", is_share=True)
    )
    assert read_all(Replay(path)) == [
        Post(
            channel="x",
            account="1480000000000000001",
            external_id="2120000000000000001",
            thread_id="2120000000000000001",
            place=Place.MENTION,
            text="@nuotiopuoti mis mun paketti viipyy",
            created_at=datetime(2026, 11, 10, 5, 6, 11, tzinfo=UTC),
            parent_id="5",
            author=Author("77", "Kaisa Lintula", "kaisal", 300, datetime(2026, 11, 3, 7, tzinfo=UTC)),
            permalink="https://x.com/kaisal/status/1",
            is_share=True,
            replyable=Replyable.RECORDED,
        )
    ]


def test_a_stated_reason_against_replying_is_kept(tmp_path: Path) -> None:
    [post] = read_all(Replay(a_file(tmp_path, a_line(replyable="not_summoned"))))
    assert post.replyable is Replyable.NOT_SUMMONED


def test_pages_are_bounded_newest_first_and_follow_each_other(tmp_path: Path) -> None:
    lines = [a_line(external_id=str(n), created_at=f"2026-11-10T05:{n:02}:00Z") for n in range(7)]
    source = Replay(a_file(tmp_path, *lines), page_size=3)
    first = source.fetch({})
    second = source.fetch(first.cursor)
    third = source.fetch(second.cursor)
    pages = [[post.external_id for post in page.posts] for page in (first, second, third)]
    assert pages == [["2", "1", "0"], ["5", "4", "3"], ["6"]]
    assert [page.more for page in (first, second, third)] == [True, True, False]


def test_nothing_new_is_an_empty_page_at_the_same_place(tmp_path: Path) -> None:
    source = Replay(a_file(tmp_path, a_line()))
    end = source.fetch({}).cursor
    again = source.fetch(end)
    assert (again.posts, again.more, dict(again.cursor)) == ((), False, dict(end))


def test_a_last_line_still_being_written_waits_for_its_newline(tmp_path: Path) -> None:
    path = a_file(tmp_path, a_line(external_id="1"))
    whole = json.dumps(a_line(external_id="2"))
    path.write_text(path.read_text() + whole[:40])
    source = Replay(path)
    first = source.fetch({})
    assert [post.external_id for post in first.posts] == ["1"]
    assert source.bad_lines == 0
    path.write_text(json.dumps(a_line(external_id="1")) + "\n" + whole + "\n")
    assert [post.external_id for post in source.fetch(first.cursor).posts] == ["2"]


def test_a_file_declared_complete_ends_without_a_newline(tmp_path: Path) -> None:
    path = tmp_path / "recording.jsonl"
    path.write_text(json.dumps(a_line()))
    assert read_all(Replay(path)) == []
    assert len(read_all(Replay(path, complete=True))) == 1


BAD: list[tuple[object, str]] = [
    ("{not json", "is not valid JSON (column 2)"),
    ("[]", "is not a JSON object"),
    ("[" * 200_000, "is not valid JSON"),
    (a_line(likes=3), "has an unknown key `likes`"),
    ({key: value for key, value in a_line().items() if key != "text"}, "has no `text`"),
    (a_line(text=None), "has a `text` that is not a string"),
    (a_line(created_at="eilen"), "has a `created_at` that is no time with a zone"),
    (a_line(created_at="2026-11-10T05:06:11"), "has a `created_at` that is no time with a zone"),
    (a_line(created_at="0001-01-01T00:00:00+14:00"), "has a `created_at` that is no time with a zone"),
    (a_line(created_at=5), "has a `created_at` that is no time with a zone"),
    (a_line(place="toilet"), "has an unknown `place`"),
    (a_line(place=[]), "has an unknown `place`"),
    (a_line(external_id=""), "has a `external_id` that is no id"),
    (a_line(external_id="\ud800"), "has a `external_id` that is no id"),
    (a_line(external_id=17), "has a `external_id` that is no id"),
    (a_line(is_share="yes"), "has a `is_share` that is neither true nor false"),
    (a_line(author="Kaisa"), "has an `author` that is not an object"),
    (a_line(author={"name": "Kaisa"}), "has no `author.external_id`"),
    (a_line(author={"external_id": "1", "name": "K", "followers": -1}), "has an `author.followers` that is no count"),
    (
        a_line(author={"external_id": "1", "name": "K", "created_at": "eilen"}),
        "has a `author.created_at` that is no time",
    ),
    (a_line(author={"external_id": "1", "name": "K", "age": 3}), "has an unknown key `author.age`"),
    (a_line(permalink="javascript:alert(1)"), "has a `permalink` that is no web address"),
]


@pytest.mark.parametrize(("bad", "told"), BAD)
def test_a_bad_line_is_told_with_file_line_and_field_and_the_page_goes_on(
    tmp_path: Path, bad: object, told: str
) -> None:
    path = a_file(tmp_path, a_line(external_id="1"), bad, a_line(external_id="3"))
    source = Replay(path)
    assert [post.external_id for post in read_all(source)] == ["1", "3"]
    assert source.bad_lines == 1
    assert source.problems[0].startswith(f"{path}, line 2 {told}")


def test_a_line_that_is_not_utf_8_is_told(tmp_path: Path) -> None:
    path = tmp_path / "recording.jsonl"
    path.write_bytes(b"\xff\xfe{}\n" + json.dumps(a_line()).encode() + b"\r\n")
    source = Replay(path)
    assert len(read_all(source)) == 1
    assert "line 1 is not UTF-8" in source.problems[0]


def test_strict_stops_at_the_bad_line_after_what_was_good_before_it(tmp_path: Path) -> None:
    path = a_file(tmp_path, a_line(external_id="1"), "{", a_line(external_id="3"))
    source = Replay(path, strict=True)
    page = source.fetch({})
    assert [post.external_id for post in page.posts] == ["1"]
    assert page.more
    for _attempt in range(2):
        with pytest.raises(Refused, match="line 2 is not valid JSON") as refused:
            source.fetch(page.cursor)
        assert refused.value.code == "replay_bad_line"
    assert source.bad_lines == 1


def test_a_page_read_again_tells_its_problems_once(tmp_path: Path) -> None:
    source = Replay(a_file(tmp_path, "{", a_line()))
    source.fetch({})
    source.fetch({})
    assert source.bad_lines == 1


def test_the_log_names_lines_and_fields_but_never_words(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    secret = "olen Kaisa ja asun Kotikatu 3"
    path = a_file(tmp_path, a_line(created_at=secret), a_line(**{secret: 1}), '"' + secret)
    with caplog.at_level(logging.DEBUG):
        read_all(Replay(path))
    assert "line=1 field=created_at" in caplog.text
    assert "Kaisa" not in caplog.text


def test_blank_lines_and_a_byte_order_mark_are_no_problem(tmp_path: Path) -> None:
    path = tmp_path / "recording.jsonl"
    path.write_bytes(b"\xef\xbb\xbf" + json.dumps(a_line()).encode() + b"\n\n  \n")
    source = Replay(path)
    assert len(read_all(source)) == 1
    assert source.problems == []


@pytest.mark.parametrize(
    "text",
    ["", "a" * 100_000, "\ud83d yksin", "nolla\u200bleveys\u200d", "مرحبا أين طلبي؟", "🤬", "a\x00b", "rivi\nrivi"],
)
def test_any_text_is_accepted_whole(tmp_path: Path, text: str) -> None:
    [post] = read_all(Replay(a_file(tmp_path, a_line(text=text))))
    assert post.text == text


def test_a_withheld_author_and_a_parent_that_is_gone_are_accepted(tmp_path: Path) -> None:
    [post] = read_all(Replay(a_file(tmp_path, a_line(author=None, parent_id="999"))))
    assert (post.author, post.parent_id) == (None, "999")


def test_the_account_given_stands_in_where_a_line_names_none(tmp_path: Path) -> None:
    line = a_line()
    del line["account"]
    path = a_file(tmp_path, line, a_line(account="2"))
    assert [post.account for post in read_all(Replay(path, account="9"))] == ["9", "2"]


def test_a_missing_file_is_refused_with_a_way_out(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="Correct the path") as refused:
        Replay(tmp_path / "none.jsonl").fetch({})
    assert refused.value.code == "replay_unreadable"


def test_a_file_that_became_shorter_is_refused(tmp_path: Path) -> None:
    path = a_file(tmp_path, a_line(), a_line())
    source = Replay(path)
    cursor = source.fetch({}).cursor
    a_file(tmp_path, a_line())
    with pytest.raises(Refused, match="shorter than where reading stopped"):
        source.fetch(cursor)

"""Whatever stands in the file, good posts come through unharmed and in order."""

from __future__ import annotations

import json
import tempfile
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from listener.posts import Author, Place, Post, Replyable
from listener.sources.recorded_lines import BadLine, post_from
from listener.sources.replay import Replay

ANY_TEXT = st.text(st.characters())  # lone surrogates, zero width, right-to-left and all
IDS = st.text(st.characters(codec="utf-8"), min_size=1, max_size=40).filter(str.isprintable)
POSTS = st.builds(
    Post,
    channel=IDS,
    account=IDS,
    external_id=IDS,
    thread_id=IDS,
    place=st.sampled_from(Place),
    text=ANY_TEXT,
    created_at=st.datetimes(datetime(1970, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    parent_id=st.none() | IDS,
    author=st.none() | st.builds(Author, IDS, ANY_TEXT, st.none() | ANY_TEXT, st.none() | st.integers(0, 10**9)),
    permalink=st.none() | IDS.map(lambda path: f"https://x.com/{path}"),
    is_share=st.booleans(),
    from_us=st.booleans(),
    private=st.booleans(),
    replyable=st.sampled_from([kind for kind in Replyable if kind is not Replyable.YES]),
)


def line_from(post: Post) -> bytes:
    return json.dumps(asdict(post) | {"created_at": post.created_at.isoformat()}).encode() + b"\n"


def is_garbage(line: bytes) -> bool:
    try:
        post_from(line)
    except BadLine:
        return True
    return False


GARBAGE = st.binary(max_size=60).map(lambda junk: junk.replace(b"\n", b"") + b"\n").filter(is_garbage)


@given(POSTS)
def test_every_post_survives_being_written_and_read(post: Post) -> None:
    assert post_from(line_from(post)) == post


@settings(max_examples=60)
@given(st.lists(POSTS | GARBAGE, max_size=25), st.integers(1, 7))
def test_garbage_between_them_loses_no_good_line(lines: list[Post | bytes], page_size: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "recording.jsonl"
        path.write_bytes(b"".join(line_from(line) if isinstance(line, Post) else line for line in lines))
        source = Replay(path, page_size)
        read: list[Post] = []
        cursor, more = {}, True
        while more:
            page = source.fetch(cursor)
            assert len(page.posts) <= page_size
            read += page.posts
            cursor, more = dict(page.cursor), page.more
    good = [line for line in lines if isinstance(line, Post)]
    assert sorted(read, key=repr) == sorted(good, key=repr)
    assert source.bad_lines == sum(1 for line in lines if isinstance(line, bytes) and line.strip())

import gzip
import json

import pytest

from classifier.heat.files import BadInput, score_events
from classifier.heat.posts import JudgedPost
from tests.unit.classifier.heat.days import a_fire, ordinary_day


def as_line(post: JudgedPost) -> str:
    body = {name: getattr(post, name) for name in JudgedPost.__slots__}
    body["created_at"] = post.created_at.isoformat()
    body["sentiment"] = {"negative": body.pop("negative"), "neutral": 0.0, "positive": 0.0}
    return json.dumps(body)


@pytest.fixture
def lines():
    posts = sorted(ordinary_day(3) + a_fire(2 * 1440 + 300), key=lambda post: post.created_at)
    return [as_line(post) for post in posts]


def alerts_of(tmp_path, lines):
    source, target = tmp_path / "events.jsonl", tmp_path / "alerts.jsonl"
    source.write_text("\n".join(lines), encoding="utf-8")
    score_events(source, target)
    return [json.loads(line) for line in target.read_text(encoding="utf-8").splitlines()]


def test_alerts_say_brand_time_level_and_why(tmp_path, lines):
    alert = next(alert for alert in alerts_of(tmp_path, lines) if alert["level"] == "warning")
    assert alert["brand"] == "nuotiopuoti"
    assert alert["thread_id"] == "fire"
    assert alert["at"].endswith("Z")
    assert alert["score"] >= 1.25
    assert 0 < alert["probability"] < 1
    assert any("negative posts from" in reason["words"] for reason in alert["reasons"])
    assert all({"code", "numbers", "words"} <= reason.keys() for reason in alert["reasons"])


@pytest.mark.parametrize("part", [0.5, 0.75, 0.97])
def test_the_first_alerts_do_not_depend_on_what_comes_later(tmp_path, lines, part):
    first = lines[: int(part * len(lines))]
    whole, prefix = alerts_of(tmp_path, lines), alerts_of(tmp_path, first)
    assert prefix == whole[: len(prefix)]
    last_at = json.loads(first[-1])["created_at"][:16]
    assert len(prefix) == sum(alert["at"][:16] <= last_at for alert in whole)


def test_gzip_in_and_out_gives_the_same(tmp_path, lines):
    plain = alerts_of(tmp_path, lines)
    packed, target = tmp_path / "events.jsonl.gz", tmp_path / "alerts.jsonl.gz"
    packed.write_bytes(gzip.compress("\n".join(lines).encode()))
    report = score_events(packed, target)
    assert [json.loads(line) for line in gzip.decompress(target.read_bytes()).splitlines()] == plain
    assert (report.lines_in, report.lines_out) == (len(lines), len(plain))


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"brand": None}, "field 'brand': None"),
        ({"brand": ""}, "field 'brand'"),
        ({"created_at": "yesterday"}, "field 'created_at': 'yesterday'"),
        ({"created_at": "2026-01-20T14:05:00"}, "is not a time with a zone"),
        ({"sentiment": {"negative": 1.4}}, "field 'negative': 1.4"),
        ({"sentiment": {}}, "the field 'negative' is missing"),
        ({"sentiment": "bad"}, "field 'sentiment'"),
        ({"arousal": float("nan")}, "field 'arousal': nan"),
        ({"arousal": True}, "field 'arousal': True"),
        ({"author_id": 7}, "field 'author_id': 7"),
        ({"author_followers": -1}, "field 'author_followers': -1"),
        ({"author_followers": 2**62}, "field 'author_followers': 4611686018427387904"),
        ({"created_at": "0001-01-01T00:00:00Z"}, "field 'created_at': '0001-01-01T00:00:00Z'"),
        ({"created_at": "9999-12-31T23:59:59-14:00"}, "from 1970 to 2199"),
        ({"author_created_at": "9999-12-31T23:59:59Z"}, "field 'author_created_at'"),
        ({"is_share": "no"}, "field 'is_share': 'no'"),
    ],
)
def test_a_bad_field_is_named_with_its_file_line_and_way_out(tmp_path, lines, change, named):
    lines[4] = json.dumps(json.loads(lines[4]) | change)
    with pytest.raises(BadInput) as told:
        alerts_of(tmp_path, lines[:10])
    assert named in str(told.value)
    assert "events.jsonl, line 5" in str(told.value)
    assert any(word in str(told.value) for word in ("Give", "Write"))


@pytest.mark.parametrize("line", ["{", "[1]", "nonsense", '"text"', "[" * 100_000])
def test_a_line_that_is_no_post_is_named(tmp_path, lines, line):
    with pytest.raises(BadInput, match=r"events\.jsonl, line 3"):
        alerts_of(tmp_path, [*lines[:2], line])


def test_half_a_character_is_named_and_not_only_when_it_is_written_out(tmp_path, lines):
    half = lines[2].replace('"author_id": "', '"author_id": "\\ud800')
    assert half != lines[2]
    with pytest.raises(BadInput, match=r"events\.jsonl, line 3: .*half of a character.*Mend or remove"):
        alerts_of(tmp_path, [*lines[:2], half])


def test_authors_with_the_most_followers_there_may_be_are_counted(tmp_path, lines):
    rich = [json.dumps(json.loads(line) | {"author_followers": 10**10}) for line in lines]
    assert alerts_of(tmp_path, rich)


def test_unknown_authors_and_followers_are_welcome(tmp_path, lines):
    lines[0] = json.dumps(json.loads(lines[0]) | {"author_id": None, "author_followers": None})
    assert alerts_of(tmp_path, ["", *lines, " "])


@pytest.mark.parametrize(
    ("content", "named"),
    [
        (b"\xff\xfe\x00", "not UTF-8"),
        (gzip.compress(b"x" * 10_000)[:-9], "breaks off or is damaged"),
        (b"\x1f\x8bgarbage", "breaks off or is damaged"),
    ],
)
def test_a_damaged_file_is_told(tmp_path, content, named):
    source = tmp_path / "events.jsonl"
    source.write_bytes(content)
    with pytest.raises(BadInput, match=named):
        score_events(source, tmp_path / "alerts.jsonl")


def test_the_input_is_never_overwritten(tmp_path, lines):
    source = tmp_path / "events.jsonl"
    source.write_text(lines[0], encoding="utf-8")
    with pytest.raises(BadInput, match="would overwrite the input"):
        score_events(source, source)
    assert source.read_text(encoding="utf-8") == lines[0]


def test_a_missing_file_and_an_unwritable_place_are_told(tmp_path):
    with pytest.raises(BadInput, match="cannot be read"):
        score_events(tmp_path / "none.jsonl", tmp_path / "alerts.jsonl")
    (tmp_path / "some.jsonl").touch()
    with pytest.raises(BadInput, match="cannot be written"):
        score_events(tmp_path / "some.jsonl", tmp_path / "no" / "alerts.jsonl")

"""`palovahti heat --events`: heat over a file of judged posts, streaming from plain or gzipped input."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson

from classifier.heat.carried import MOST_FOLLOWERS
from classifier.heat.changes import HeatChange, Turn
from classifier.heat.engine import HeatEngine
from classifier.heat.policy import HeatPolicy
from classifier.heat.posts import JudgedPost
from classifier.heat.reading import FileReport, opened, short, time_of
from classifier.outputs import BadInput, written_whole
from models.reasons import say


def score_events(input: Path, alerts: Path, policy: HeatPolicy | None = None) -> FileReport:
    """Reads judged posts (JSONL) and writes one JSON line for each rise of heat: brand, at, level, reasons, ..."""
    engine = HeatEngine(policy)
    read = written = 0
    with opened(input) as lines, written_whole(alerts, input) as output:
        for post in _posts(lines, input):
            read += 1
            for change in engine.observe(post):
                if change.turn is not Turn.COOLED:
                    output.write(orjson.dumps(_alert(change)).decode() + "\n")
                    written += 1
    return FileReport(read, written, dict(engine.oddities))


def read_posts(path: Path) -> Iterator[JudgedPost]:
    """The judged posts of a JSONL file, plain or gzip, in its order; raises BadInput naming the line and the field."""
    with opened(path) as lines:
        yield from _posts(lines, path)


def _alert(change: HeatChange) -> dict[str, Any]:
    said: dict[str, Any] = {
        "brand": change.brand,
        "at": change.at.isoformat().replace("+00:00", "Z"),
        "level": change.level.word,
        "probability": round(change.probability, 4),
        "thread_id": change.thread_id,
        "score": round(change.score, 3),
        "subject": change.subject.value,
        "reasons": [{**reason.to_json(), "words": say(reason, "en")} for reason in change.reasons],
        "evidence": change.evidence,
    }
    if change.topic is not None:
        said["topic"] = change.topic
    if change.forecast is not None:
        said["forecast"] = change.forecast.to_json()
    return said


def _posts(lines: Iterator[str], path: Path) -> Iterator[JudgedPost]:
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            body = _json(line)
        except UnicodeEncodeError:
            raise BadInput(
                f"{path}, line {number}: a text in it has half of a character (a lone surrogate). Mend or remove it."
            ) from None
        except (ValueError, RecursionError):
            raise BadInput(
                f"{path}, line {number}: this is not JSON. Each line must hold one judged post: mend or remove it."
            ) from None
        if not isinstance(body, dict):
            raise BadInput(f"{path}, line {number}: a JSON object was expected. Each line must hold one judged post.")
        yield _post(body, f"{path}, line {number}")


def _json(line: str) -> Any:
    try:
        return orjson.loads(line)
    except ValueError:
        body = json.loads(line)  # which lets NaN through, so that its field can be named
        json.dumps(body, ensure_ascii=False).encode()  # and lone surrogates, which nobody could write out again
        return body


def _post(body: dict[str, Any], where: str) -> JudgedPost:
    sentiment = _field(body, "sentiment", where, "an object with 'negative'", lambda value: isinstance(value, dict))
    text: Callable[[object], bool] = lambda value: isinstance(value, str) and value != ""  # noqa: E731
    flag: Callable[[object], bool] = lambda value: isinstance(value, bool)  # noqa: E731
    author, topic, calls = body.get("author_id"), body.get("topic"), body.get("calls_to_act", False)
    if author is not None and not isinstance(author, str):
        raise BadInput(f"{where}, field 'author_id': {short(author)} is not a text. Give the id in quotes, or null.")
    if topic is not None and not isinstance(topic, str):
        raise BadInput(f"{where}, field 'topic': {short(topic)} is not a text. Give its name in quotes, or null.")
    if not isinstance(calls, bool):
        raise BadInput(f"{where}, field 'calls_to_act': {short(calls)} does not fit. Give true or false.")
    followers = body.get("author_followers") or 0
    if isinstance(followers, bool) or not isinstance(followers, int) or not 0 <= followers <= MOST_FOLLOWERS:
        raise BadInput(
            f"{where}, field 'author_followers': {short(followers)} is not a count. "
            f"Give 0 to {MOST_FOLLOWERS}, or null."
        )
    created = _field(body, "created_at", where, "a time such as 2026-01-20T14:05:00Z", text)
    opened_at = body.get("author_created_at")
    return JudgedPost(
        brand=_field(body, "brand", where, "a text", text),
        channel=_field(body, "channel", where, "a text", text),
        external_id=_field(body, "external_id", where, "a text", text),
        thread_id=_field(body, "thread_id", where, "a text", text),
        author_id=author,
        author_followers=followers,
        created_at=_moment(created, "created_at", where),
        text_key=_field(body, "text_key", where, "a text", text),
        is_share=_field(body, "is_share", where, "true or false", flag),
        negative=_field(sentiment, "negative", where, "a number from 0 to 1", _is_part),
        arousal=_field(body, "arousal", where, "a number from 0 to 1", _is_part),
        in_own_channel=_field(body, "in_own_channel", where, "true or false", flag),
        brand_replied=_field(body, "brand_replied", where, "true or false", flag),
        topic=topic,
        author_created_at=None if opened_at is None else _moment(opened_at, "author_created_at", where),
        calls_to_act=calls,
    )


def _moment(text: object, name: str, where: str) -> datetime:
    try:
        return time_of(text if isinstance(text, str) else "", zone_needed=True)
    except ValueError:
        raise BadInput(
            f"{where}, field '{name}': {short(text)} is not a time with a zone, from 1970 to 2199. Write it as "
            "2026-01-20T14:05:00Z."
        ) from None


def _is_part(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value <= 1


def _field(body: dict[str, Any], name: str, where: str, wanted: str, fits: Callable[[object], bool]) -> Any:
    if name not in body:
        raise BadInput(f"{where}: the field '{name}' is missing. Give {wanted}.")
    if not fits(body[name]):
        raise BadInput(f"{where}, field '{name}': {short(body[name])} does not fit. Give {wanted}.")
    return body[name]

"""The window that shows how a mention was read, with the form that puts it right; and what was filled in there."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale
from babel.numbers import format_percent

from responders.likely import likely
from responders.playbooks.playbook import FLAGS, REASONS, SENTIMENTS
from responders.slack import blocks as kit
from responders.slack.actions import Reading, Said
from responders.slack.blocks import Block
from responders.slack.catalogue import Words
from responders.slack.escaping import Mrkdwn, escaped, one_line
from responders.slack.modals import field, form, option

ASK = "how_read"  # the card's button; its value holds the case
READING = "read_mention"
SIDE, TEMPER, WHY, RISKS = "side", "temper", "why", "risks"  # block ids, and the action ids in them
HEATED, CALM = "heated", "calm"
SHOWN_TEXT = 1500
MOST_WORDS = 5
HEATED_FROM = 0.5  # where the judge favours that side

_VERY_SURE, _FAIRLY_SURE = 0.9, 0.7


@dataclass(frozen=True)
class Seen:
    """Which reading a window shows, up to which correction, and the channel in which to answer the person."""

    case: int
    mention: int
    correction: int
    channel: str


def bare_window(key: str, words: Words) -> Block:
    """A window with one sentence of the catalogue: while the reading is looked up, or in its place."""
    return {
        "type": "modal",
        "callback_id": READING,
        "title": kit.plain(words.plain("reading.title"), 24),
        "close": kit.plain(words.plain("reading.close"), 24),
        "blocks": [kit.section(words.mrkdwn(key))],
    }


def reading_window(
    reading: Reading,
    behind: Sequence[str] | None,
    seen: Seen,
    words: Words,
    zone: ZoneInfo,
    corrected_by: str | None = None,
) -> Block:
    """The judge's own reading on top, and below it the form, filled with what counts now.

    `behind` is None when the judge at work cannot say which words decided; `corrected_by` names who corrected last.
    """
    blocks = [
        *_text(reading, words),
        *_judged(reading, words),
        *_behind(behind, words),
        *_beside(reading, words, zone, corrected_by),
        kit.divider(),
        *_fields(reading, words),
    ]
    return form(READING, "reading", blocks, asdict(seen), words)


def seen_in(view: Mapping[str, Any]) -> Seen:
    """Which reading a submitted window showed."""
    return Seen(**json.loads(view["private_metadata"]))


def said_in(view: Mapping[str, Any]) -> Said:
    """What the person says of the text; what Slack did not offer is left out."""
    values = view["state"]["values"]
    return Said(
        label=_chosen(values, SIDE),
        high_arousal=_chosen(values, TEMPER) == HEATED,
        reasons=_ticked(values, WHY) & frozenset(REASONS),
        flags=_ticked(values, RISKS) & frozenset(FLAGS),
    )


def _text(reading: Reading, words: Words) -> Iterable[Block]:
    yield kit.section(words.mrkdwn("reading.text"))
    shown = reading.text[:SHOWN_TEXT]
    yield from kit.quotes(shown)
    left = len(reading.text) - len(shown)
    if left:
        yield kit.context(escaped(words.counted("count.more", left)))


def _judged(reading: Reading, words: Words) -> Iterable[Block]:
    yield kit.divider()
    yield kit.section(words.mrkdwn("reading.judge"))
    if reading.abstained:
        why = f"reading.abstained_{reading.abstention}"
        yield kit.section(words.mrkdwn(why if words.has(why) else "reading.abstained"))
    share = reading.shares[reading.label]
    heated = reading.arousal >= HEATED_FROM
    yield kit.fields(
        [
            words.mrkdwn(
                "reading.side",
                side=words.plain(f"sentiment.{reading.label}"),
                sure=_sure(share, words),
                percent=_percent(share, words),
            ),
            words.mrkdwn(
                "reading.temper",
                temper=words.plain("reading.heated" if heated else "reading.calm"),
                sure=_sure(reading.arousal if heated else 1 - reading.arousal, words),
                percent=_percent(reading.arousal if heated else 1 - reading.arousal, words),
            ),
            *(_found(reading.reasons, "reason", words) if reading.reasons else ()),
            *(_found(reading.flags, "flag", words) if reading.flags else ()),
        ]
    )
    others = [
        words.plain("reading.other", side=words.plain(f"sentiment.{side}"), percent=_percent(share, words))
        for side, share in reading.shares.items()
        if side != reading.label
    ]
    yield kit.context(words.mrkdwn("reading.others", others=", ".join(others)))
    if not reading.reasons:
        yield kit.context(words.mrkdwn("reading.not_read"))


def _found(said: Mapping[str, float], kind: str, words: Words) -> Iterable[Mrkdwn]:
    """One field with the reasons, or the risks, that the judge found, the surest first."""
    lines = [
        words.mrkdwn("reading.found", name=_name(kind, code, words), percent=_percent(said[code], words))
        for code in likely(said)
    ]
    yield Mrkdwn("\n".join([words.mrkdwn(f"reading.{kind}s"), *(lines or [words.mrkdwn("reading.none")])]))


def _name(kind: str, code: str, words: Words) -> str:
    key = f"reading.{kind}.{code}"
    return words.plain(key) if words.has(key) else one_line(code)[:60]


def _behind(behind: Sequence[str] | None, words: Words) -> Iterable[Block]:
    if behind is None:
        yield kit.context(words.mrkdwn("reading.words_unknown"))
        return
    named = [
        words.mrkdwn("reading.word", word=escaped(one_line(one), 60)) for one in behind[:MOST_WORDS] if one_line(one)
    ]
    if named:
        yield kit.section(words.mrkdwn("reading.words", words=Mrkdwn(", ".join(named))))
    else:
        yield kit.context(words.mrkdwn("reading.no_words"))


def _beside(reading: Reading, words: Words, zone: ZoneInfo, corrected_by: str | None) -> Iterable[Block]:
    if reading.truncated:
        yield kit.context(words.mrkdwn("reading.cut"))
    parts = [words.mrkdwn("reading.version", version=escaped(one_line(reading.judge_version), 80))]
    language = Locale(words.language).languages.get(reading.language)
    if language and reading.language != "und":
        parts.append(words.mrkdwn("reading.language", language=language))
    yield kit.context(Mrkdwn(" · ".join(parts)))
    if reading.corrected_at is not None:
        by = escaped(one_line(corrected_by or ""), 100) or words.mrkdwn("state.someone")
        yield kit.context(words.mrkdwn("reading.corrected", by=by, at=words.date_token(reading.corrected_at, zone)))


def _fields(reading: Reading, words: Words) -> Iterable[Block]:
    now = reading.now
    yield kit.section(words.mrkdwn("reading.fix"))
    yield kit.context(words.mrkdwn("reading.effect_x" if reading.channel == "x" else "reading.effect"))
    sides = [option(words.plain(f"sentiment.{side}"), side) for side in SENTIMENTS]
    yield field(SIDE, words.plain("reading.fix_side"), _radio(SIDE, sides, now.label))
    tempers = [option(words.plain(f"reading.fix_{temper}"), temper) for temper in (HEATED, CALM)]
    yield field(
        TEMPER, words.plain("reading.fix_temper"), _radio(TEMPER, tempers, HEATED if now.high_arousal else CALM)
    )
    reasons = [option(_name("reason", code, words), code) for code in REASONS]
    yield field(WHY, words.plain("reading.fix_reasons"), _boxes(WHY, reasons, now.reasons), optional=True)
    flags = [option(_name("flag", code, words), code) for code in FLAGS]
    yield field(RISKS, words.plain("reading.fix_flags"), _boxes(RISKS, flags, now.flags), optional=True)


def _radio(action_id: str, options: list[Block], chosen: str) -> Block:
    before = next(one for one in options if one["value"] == chosen)
    return {"type": "radio_buttons", "action_id": action_id, "options": options, "initial_option": before}


def _boxes(action_id: str, options: list[Block], ticked: Collection[str]) -> Block:
    """Boxes to tick: one press each, where a menu of several would take three. Slack draws at most ten."""
    made: Block = {"type": "checkboxes", "action_id": action_id, "options": options}
    before = [one for one in options if one["value"] in ticked]
    return made | ({"initial_options": before} if before else {})


def _chosen(values: Mapping[str, Any], block: str) -> str:
    return str((values[block][block].get("selected_option") or {}).get("value") or "")


def _ticked(values: Mapping[str, Any], block: str) -> frozenset[str]:
    return frozenset(str(one["value"]) for one in values[block][block].get("selected_options") or [])


def _sure(share: float, words: Words) -> str:
    if share >= _VERY_SURE:
        return words.plain("reading.very_sure")
    return words.plain("reading.fairly_sure" if share >= _FAIRLY_SURE else "reading.unsure")


def _percent(share: float, words: Words) -> str:
    """Whole per cent from 1 to 99: no judge is certain."""
    return str(format_percent(min(0.99, max(0.01, share)), locale=words.language))

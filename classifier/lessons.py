"""What the judge may learn from: the shop's corrections of texts from its own channels, and never a text from X.

The terms of X forbid to train or tune any model on what came from it. So a list names the channels that may teach, and
everything else is left out: by its channel before its text is even read, by its address, and where the same words were
heard elsewhere too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session

from classifier.judges.reading import has_something_to_read, prepare, same_text_key
from classifier.training.annotations import Labels
from classifier.verdict import ContactReason, Label, RiskFlag
from models.corrections import Correction, latest_corrections
from models.mentions import Mention

OWN_CHANNELS = frozenset({"facebook", "messenger"})
"""Where the shop is at home: its own page with its comments, and its inbox. A recording is what it says it is."""

X_CHANNELS = frozenset({"x", "twitter"})
_X_HOSTS = ("x.com", "twitter.com", "t.co")


class LeftOut(StrEnum):
    """Why a correction teaches nothing."""

    FROM_X = "from_x"
    OTHER_CHANNEL = "other_channel"
    HEARD_ELSEWHERE = "heard_elsewhere"
    NOTHING_TO_READ = "nothing_to_read"
    UNKNOWN_NAME = "unknown_name"
    COPY = "copy"


@dataclass(frozen=True)
class Lesson:
    """A text of the shop's own channels with what a person said of it; copies of the text share its key."""

    text: str
    key: str
    labels: Labels


@dataclass(frozen=True)
class Lessons:
    """What may be learnt from, and how many corrections were left out for which reason."""

    usable: tuple[Lesson, ...]
    left_out: Mapping[LeftOut, int]


def lessons_of(session: Session) -> Lessons:
    """Return what the shop's corrections teach; of several corrections of the same words the last one counts."""
    corrections = latest_corrections(session)
    elsewhere = _words_heard_elsewhere(session)
    left_out: Counter[LeftOut] = Counter()
    lessons: dict[str, Lesson] = {}
    for correction in corrections:
        lesson = _place(session, correction, elsewhere) or _lesson(session, correction)
        if isinstance(lesson, LeftOut):
            left_out[lesson] += 1
            continue
        left_out[LeftOut.COPY] += lesson.key in lessons
        lessons[lesson.key] = lesson
    return Lessons(tuple(lessons.values()), {why: left_out[why] for why in LeftOut if left_out[why]})


def _words_heard_elsewhere(session: Session) -> set[str]:
    """The keys of corrected texts that also came from a channel that may not teach."""
    corrected = select(Mention.text_key).join(Correction, Correction.mention_id == Mention.id)
    elsewhere = Mention.channel.not_in(OWN_CHANNELS) & Mention.text_key.in_(corrected)
    return set(session.scalars(select(Mention.text_key).where(elsewhere)))


def _place(session: Session, correction: Correction, elsewhere: set[str]) -> LeftOut | None:
    """Why the place a text came from forbids it, told without reading the text."""
    seen = session.execute(
        select(Mention.channel, Mention.permalink, Mention.text_key).where(Mention.id == correction.mention_id)
    ).one()
    channels = {correction.channel.casefold(), seen.channel.casefold()}
    if channels & X_CHANNELS or _on_x(seen.permalink):
        return LeftOut.FROM_X
    if not channels <= OWN_CHANNELS:
        return LeftOut.OTHER_CHANNEL
    return LeftOut.HEARD_ELSEWHERE if seen.text_key in elsewhere else None


def _on_x(permalink: str | None) -> bool:
    host = (urlsplit(permalink or "").hostname or "").casefold()
    return any(host == one or host.endswith(f".{one}") for one in _X_HOSTS)


def _lesson(session: Session, correction: Correction) -> Lesson | LeftOut:
    text = session.scalars(
        select(Mention.text).where(Mention.id == correction.mention_id, Mention.channel.in_(OWN_CHANNELS))
    ).one()
    if not has_something_to_read(prepare(text)[0]):
        return LeftOut.NOTHING_TO_READ
    try:
        labels = Labels(
            Label(correction.label),
            correction.high_arousal,
            frozenset(map(ContactReason, correction.reasons)),
            frozenset(map(RiskFlag, correction.flags)),
        )
    except ValueError:
        return LeftOut.UNKNOWN_NAME
    return Lesson(text, same_text_key(text), labels)

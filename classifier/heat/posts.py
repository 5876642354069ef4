"""What heat needs to know of one post: who, where, when, and what the judge said. Never the text."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class JudgedPost:
    """A post after the judge, as heat reads it.

    `text_key` is equal for copies of one text, and unique for a post without words (a picture). `author_id` is None
    where the platform withholds it: such posts count as one person each, because nothing better is known.
    `brand_replied` says that the brand had already answered in the thread when this was posted. `created_at` carries a
    zone. `topic` names the complaint that this is one of, the same for posts that have nothing else in common.
    """

    brand: str
    channel: str
    external_id: str
    thread_id: str
    author_id: str | None
    author_followers: int
    created_at: datetime
    text_key: str
    is_share: bool
    negative: float  # probability, 0..1
    arousal: float  # 0..1
    in_own_channel: bool
    brand_replied: bool
    topic: str | None = None
    author_created_at: datetime | None = None  # when the author's account was opened, where the platform tells
    calls_to_act: bool = False  # the judge reads that it tells others to stay away, or to spread the word
    short: bool = False  # too few words for its copies to mean anything

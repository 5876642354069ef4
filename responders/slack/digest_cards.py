"""Draws the morning's digest: what waits, what burned, what closes today, what is not heard, who is on duty."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from babel.dates import format_date

from responders.ports import Card
from responders.slack import blocks as kit
from responders.slack.alarm_cards import source_name
from responders.slack.blocks import Block
from responders.slack.catalogue import Words, words_for
from responders.slack.escaping import Mrkdwn, escaped, link, one_line, safe_url

_DAYS = {"fi": "ccc d.M.", "sv": "ccc d/M", "en": "ccc d MMM"}


class Fate(StrEnum):
    """How a fire of the night stands now."""

    BURNING = "burning"
    COOLED = "cooled"
    CLOSED = "closed"


@dataclass(frozen=True)
class Waiting:
    """A customer who waits: for so many working days, on which channel, with whom. `url` is the card's."""

    number: int
    channel: str
    days: int
    owner: str | None = None
    url: str | None = None


@dataclass(frozen=True)
class Burned:
    """An alert since the last digest, with the highest level that people were told."""

    number: int
    level: str
    at: datetime
    fate: Fate
    url: str | None = None


@dataclass(frozen=True)
class Closing:
    """A conversation that takes our reply until `until`, today."""

    number: int
    until: datetime
    url: str | None = None


@dataclass(frozen=True)
class Oldest:
    """The case whose reply has waited longest for a decision."""

    number: int
    url: str | None = None


@dataclass(frozen=True)
class OnDuty:
    """Who has a schedule this morning."""

    schedule: str
    person: str


@dataclass(frozen=True)
class DigestView:
    """The morning of one day. The lists hold the first few, the counts say how many there are in all.

    `waiting` is oldest first; of them `over` have waited for `limit_days` working days or longer. `undecided` counts
    the replies that wait for a person, the oldest in the case `oldest_undecided`.
    """

    brand: str
    day: date
    limit_days: int
    waiting: Sequence[Waiting] = ()
    waiting_count: int = 0
    over: int = 0
    burned: Sequence[Burned] = ()
    burned_count: int = 0
    undecided: int = 0
    oldest_undecided: Oldest | None = None
    closing: Sequence[Closing] = ()
    closing_count: int = 0
    deaf: Sequence[str] = ()
    on_duty: Sequence[OnDuty] = ()

    @property
    def calm(self) -> bool:
        """Whether nothing waits for anybody and nothing happened."""
        return not (self.waiting_count or self.burned_count or self.undecided or self.closing_count or self.deaf)


def digest_card(view: DigestView, language: str, zone: ZoneInfo) -> Card:
    """The message in `language` (fi, sv, en); it mentions nobody."""
    words = words_for(language)
    day = format_date(view.day, _DAYS[language], locale=language)
    title = words.plain("digest.header", day=day, brand=one_line(view.brand))
    if view.calm:
        line = Mrkdwn(" ".join([words.mrkdwn("digest.calm"), *_on_duty(view, words)]))
        return Card([kit.section(Mrkdwn(f"*{escaped(title)}*\n{line}"))], Mrkdwn(f"{escaped(title)}. {line}"))
    parts = [_waiting(view, words), _burned(view, words, zone), list(_short(view, words, zone))]
    drawn: list[Block] = [kit.header(title), *(kit.section(Mrkdwn("\n".join(lines))) for lines in parts if lines)]
    return Card(drawn, Mrkdwn(f"{escaped(title)}. {words.counted('digest.waiting', view.waiting_count)}."))


def _waiting(view: DigestView, words: Words) -> list[Mrkdwn]:
    if not view.waiting_count:
        return []
    total = Mrkdwn(f"*{words.counted('digest.waiting', view.waiting_count)}*")
    if view.over:
        over = words.plain("digest.over", count=words.number(view.over), limit=words.number(view.limit_days))
        total = Mrkdwn(f"{total} {over}")
    return [
        total,
        *(_one_waiting(one, view, words) for one in view.waiting),
        *_more(view.waiting_count, view.waiting, words),
    ]


def _one_waiting(one: Waiting, view: DigestView, words: Words) -> Mrkdwn:
    channel = f"channel.{one.channel}"
    parts = [
        _case(one.number, one.url, words),
        words.mrkdwn(channel) if words.has(channel) else escaped(one_line(one.channel), 60),
        Mrkdwn(words.counted("digest.days", one.days)) if one.days else words.mrkdwn("digest.fresh"),
        escaped(one_line(one.owner), 60) if one.owner else words.mrkdwn("digest.nobodys"),
    ]
    mark = "🔴" if one.days >= view.limit_days else "•"
    return Mrkdwn(f"{mark} {' · '.join(parts)}")


def _burned(view: DigestView, words: Words, zone: ZoneInfo) -> list[Mrkdwn]:
    if not view.burned_count:
        return []
    lines = [Mrkdwn(f"*{words.counted('digest.burned', view.burned_count)}*")]
    for one in view.burned:
        slots = {
            "case": _case(one.number, one.url, words),
            "level": words.mrkdwn(f"digest.level_{one.level}"),
            "at": words.date_token(one.at, zone),
            "fate": words.mrkdwn(f"digest.{one.fate}"),
        }
        lines.append(words.mrkdwn("digest.fire", **slots))
    return [*lines, *_more(view.burned_count, view.burned, words)]


def _short(view: DigestView, words: Words, zone: ZoneInfo) -> Iterable[Mrkdwn]:
    if view.undecided and view.oldest_undecided is not None:
        oldest = _case(view.oldest_undecided.number, view.oldest_undecided.url, words)
        count = words.counted("digest.undecided", view.undecided)
        yield words.mrkdwn("digest.undecided_line", count=count, case=oldest)
    if view.closing_count:
        each = [f"{_case(one.number, one.url, words)} {words.clock(one.until, zone)}" for one in view.closing]
        more = view.closing_count - len(view.closing)
        listed = Mrkdwn(", ".join(each) + (f" {words.counted('digest.more', more)}" if more else ""))
        yield words.mrkdwn("digest.closing", cases=listed)
    if view.deaf:
        names = Mrkdwn("; ".join(escaped(source_name(one, words), 60) for one in view.deaf))
        yield words.mrkdwn("digest.deaf", sources=names)
    yield from _on_duty(view, words)


def _on_duty(view: DigestView, words: Words) -> Iterable[Mrkdwn]:
    if view.on_duty:
        people = [
            Mrkdwn(f"{escaped(one_line(one.person), 60)} ({escaped(one_line(one.schedule), 60)})")
            for one in view.on_duty
        ]
        yield words.mrkdwn("digest.on_duty", people=Mrkdwn(", ".join(people)))


def _more(count: int, shown: Sequence[object], words: Words) -> list[Mrkdwn]:
    more = count - len(shown)
    return [Mrkdwn(words.counted("digest.more", more))] if more > 0 else []


def _case(number: int, url: str | None, words: Words) -> Mrkdwn:
    label, safe = words.mrkdwn("digest.case", number=number), safe_url(url)
    return link(safe, label) if safe else label

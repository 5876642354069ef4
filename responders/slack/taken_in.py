"""The lines of a card about what was taken in by hand: where it was found, its counts and how they grow. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from zoneinfo import ZoneInfo

from models.growth import Counted, Growth
from responders.slack import blocks as kit
from responders.slack.blocks import Block
from responders.slack.catalogue import Words
from responders.slack.escaping import Mrkdwn, escaped, one_line
from responders.slack.intake_views import TakenInView

UPDATE = "intake_update"


def taken_in_blocks(taken: TakenInView | None, case_id: int, words: Words, zone: ZoneInfo) -> Iterable[Block]:
    """Nothing for what came by itself; the button that takes new counts is there where others can see the post."""
    if taken is None:
        return
    found, by = words.plain(f"intake.found.{taken.found_on}"), escaped(one_line(taken.by), 60)
    lines = [words.mrkdwn("intake.card.line", found=found, by=by, at=words.date_token(taken.at, zone))]
    if taken.counts:
        newest = taken.counts[-1]
        at = words.date_token(newest.at, zone)
        lines.append(words.mrkdwn("intake.card.counts", numbers=_counted(newest, words), at=at))
    grown = _grown(taken.growth, words)
    if grown:
        lines.append(words.mrkdwn("intake.card.growth", numbers=grown))
    drawn = kit.section(Mrkdwn("\n".join(lines)))
    if not taken.private:
        drawn["accessory"] = kit.button(words.plain("intake.card.update"), UPDATE, {"case": case_id})
    yield drawn


def _counted(count: Counted, words: Words) -> str:
    numbers = {"comments": count.comments, "reactions": count.reactions, "shares": count.shares}
    return ", ".join(words.counted(f"intake.card.{name}", n) for name, n in numbers.items() if n is not None)


def _grown(growth: Growth | None, words: Words) -> str:
    """The growth in whole numbers; empty where nothing grew by one within a quarter of an hour."""
    if growth is None:
        return ""
    numbers = {"comments": growth.comments, "reactions": growth.reactions, "shares": growth.shares}
    shown = {name: round(number) for name, number in numbers.items() if round(number) >= 1}
    return ", ".join(f"+{words.counted(f'intake.card.{name}', number)}" for name, number in shown.items())

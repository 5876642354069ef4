"""What every message about a fire says alike: how large it is, and in which channel its card stands."""

from __future__ import annotations

from responders.slack.catalogue import Words
from responders.slack.escaping import Mrkdwn, escaped


def how_large(negatives: int, people: int, words: Words) -> str:
    """How many negative posts there are, and from how many people."""
    numbers = (("negatives", negatives), ("people", people))
    return ", ".join(words.counted(f"count.{name}", number) for name, number in numbers)


def card_channel(channel: str) -> Mrkdwn:
    """The channel as a link where `channel` is its id; else as the name that it is."""
    return Mrkdwn(f"<#{channel}>") if channel[:1] in ("C", "G") else escaped(channel)

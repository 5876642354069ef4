"""Keeps one message standing in a channel: posts it once, redraws it afterwards, also over crashes and lost answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from responders.ports import Card, CardRef, Notifier


@dataclass(frozen=True)
class Standing:
    """What the store knows of a message: its key, its channel, where it stands, and when its post was first wished."""

    key: str
    channel: str
    ts: str | None
    wished_at: datetime | None


def stand(standing: Standing, card: Card, notifier: Notifier, wish: Callable[[], None]) -> CardRef | None:
    """Redraws the message, or posts it and returns where it now stands, for the caller to remember.

    The wish to post is written, by `wish`, before the post. Who finds the wish without a message looks in the channel
    first, so that a crash or a lost answer never leaves two. Raises what the notifier raises.
    """
    if standing.ts is not None:
        notifier.update(CardRef(standing.channel, standing.ts), card)
        return None
    if standing.wished_at is None:
        wish()
        return notifier.post(standing.channel, card, standing.key)
    found = notifier.find(standing.channel, standing.key, standing.wished_at - timedelta(minutes=2))
    if found is None:
        return notifier.post(standing.channel, card, standing.key)
    notifier.update(found, card)
    return found

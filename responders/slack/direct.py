"""Messages to one of the staff alone."""

from __future__ import annotations

from datetime import datetime

from responders.ports import Card, CardRef, Notifier


class DirectMessages:
    """responders.ports.Notifier to a person by their Slack id, and the Directory that names it.

    No scope of ours reads people's direct messages, so that after a lost answer none is found and the message is
    posted again: whoever was asked something twice is better off than whoever never was.
    """

    def __init__(self, notifier: Notifier) -> None:
        self._notifier = notifier

    def direct_channel(self, user_id: str) -> str:
        return user_id

    def post(self, channel: str, card: Card, key: str) -> CardRef:
        return self._notifier.post(channel, card, key)

    def update(self, ref: CardRef, card: Card) -> None:
        self._notifier.update(ref, card)

    def find(self, channel: str, key: str, not_before: datetime) -> CardRef | None:  # noqa: ARG002 - the port's signature
        return None

"""How much of other people's words a card has room for: tried from the most to the least until Slack takes it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Room:
    """How much of the changeable parts a card shows: how many of each, and how many characters of each one.

    The reply to approve is the last to be cut.
    """

    comments: int
    comment: int
    posts: int
    post: int
    alternative: int
    reply: int
    note: int = 250  # a reason, a warning


ROOMS = (
    Room(comments=5, comment=200, posts=5, post=500, alternative=160, reply=6000),
    Room(comments=5, comment=120, posts=4, post=300, alternative=160, reply=6000),
    Room(comments=5, comment=80, posts=2, post=200, alternative=0, reply=6000),
    Room(comments=3, comment=60, posts=0, post=0, alternative=0, reply=6000),
    Room(comments=0, comment=0, posts=0, post=0, alternative=0, reply=6000),
    Room(comments=0, comment=0, posts=0, post=0, alternative=0, reply=2000),
    Room(comments=0, comment=0, posts=0, post=0, alternative=0, reply=300),
    Room(comments=0, comment=0, posts=0, post=0, alternative=0, reply=300, note=60),
)

"""Keeps what a person brought by hand as a mention like any other: once, judged next, never answered by an API."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from listener.posts import Author, Place, Post, Replyable
from listener.steps import keep_posts
from models.folding import folded
from models.intake import MANUAL
from models.mentions import Mention


def keep_by_hand(
    session: Session,
    *,
    account: str,
    key: str,
    text: str,
    link: str | None,
    who: str,
    private: bool,
    now: datetime,
    wall: datetime,
) -> Mention:
    """The mention of that key, new or kept before, in the caller's transaction; asks for it to be judged.

    `who` is the writer as the person who brought it names them; the same name twice is the same writer.
    """
    name = who.strip().lstrip("@").strip()
    author = None
    if name:
        author = Author(f"{MANUAL}:{folded(name)}", name, name if who.strip().startswith("@") else None)
    post = Post(
        channel=MANUAL,
        account=account,
        external_id=key,
        thread_id=key,
        place=Place.TAKEN_IN,
        text=text,
        created_at=now,
        author=author,
        permalink=link,
        replyable=Replyable.TAKEN_IN,
        private=private,
    )
    keep_posts(session, [post], now, wall)
    return session.scalars(
        select(Mention).where(Mention.channel == MANUAL, Mention.account == account, Mention.external_id == key)
    ).one()

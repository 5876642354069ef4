"""Puts the customer's new messages into their card's thread, once each and without mentioning anybody."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models.base import Sessions, insert_new
from models.cases import Case
from models.mentions import Mention, Thread
from models.notices import ThreadPost
from responders.ports import Card, CardRef, Notifier
from responders.slack.views import CardPost
from responders.standing import Standing, stand

logger = logging.getLogger(__name__)

BATCH = 20


def post_new(
    case_id: int,
    *,
    sessions: Sessions,
    under: Callable[[CardRef], Notifier],
    draw: Callable[[str, CardPost], Card],
    now: datetime,
) -> bool:
    """True when more are left than one turn takes. `under` posts in a card's thread, `draw` takes the case's kind.

    Only what came after the card first stood is new: what was said before stands on the card. Raises what the notifier
    raises.
    """
    with sessions() as session:
        case = session.get(Case, case_id)
        if case is None or case.card_channel is None or case.card_ts is None:
            return False
        waiting = _waiting(session, case)
    for mention in waiting[:BATCH]:
        _post(case, mention, under(CardRef(case.card_channel, case.card_ts)), sessions, draw, now)
    return len(waiting) > BATCH


def _post(
    case: Case,
    mention: Mention,
    notifier: Notifier,
    sessions: Sessions,
    draw: Callable[[str, CardPost], Card],
    now: datetime,
) -> None:
    ours = (ThreadPost.case_id == case.id, ThreadPost.mention_id == mention.id)
    with sessions() as session:
        row = session.scalars(select(ThreadPost).where(*ours)).first()
    standing = Standing(f"post-{case.id}-{mention.id}", case.card_channel or "", None, row.posting_at if row else None)
    post = CardPost(mention.author_name or "", mention.text, mention.created_at, permalink=mention.permalink)

    def wish() -> None:
        with sessions.begin() as session:
            values = {"case_id": case.id, "mention_id": mention.id, "posting_at": now}
            insert_new(session, ThreadPost, [values], ["case_id", "mention_id"])

    posted = stand(standing, draw(case.kind, post), notifier, wish)
    assert posted is not None  # it did not stand before
    with sessions.begin() as session:
        session.execute(update(ThreadPost).where(*ours).values(ts=posted.ts))
    logger.info("thread post case=%d mention=%d", case.id, mention.id)


def _waiting(session: Session, case: Case) -> list[Mention]:
    """The customer's messages that came after the first card, and stand in its thread not yet; the oldest first."""
    mention = session.get(Mention, case.mention_id) if case.mention_id is not None else None
    if case.kind != "contact" or case.thread_id is None or mention is None or case.carded_at is None:
        return []
    thread = session.get_one(Thread, case.thread_id)
    posted = select(ThreadPost.mention_id).where(ThreadPost.case_id == case.id, ThreadPost.ts.is_not(None))
    wanted = [
        Mention.thread_id == case.thread_id,
        Mention.from_us.is_(False),
        Mention.received_at > case.carded_at,
        Mention.id.not_in(posted),
    ]
    if not thread.is_private:
        wanted.append(Mention.author_id == mention.author_id)
    new = select(Mention).where(*wanted).order_by(Mention.created_at, Mention.id).limit(BATCH + 1)
    return list(session.scalars(new))

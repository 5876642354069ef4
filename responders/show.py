"""Keeps one live card a case: posts it once, redraws it afterwards."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session

from models.audit import record
from models.base import Sessions
from models.cases import Case
from models.jobs import JobKind, put
from models.mutes import still_until
from responders.ports import Card, CardRef, Notifier
from responders.standing import Standing, stand

logger = logging.getLogger(__name__)

AGES_AFTER = timedelta(minutes=1)
LOOKS_AGAIN_AFTER = timedelta(minutes=1)
"""How often a muted alert looks whether it may speak; a level that has risen to outrage asks for its card itself."""

DrawCard = Callable[[Session, Case, datetime], Card]


def show_card(
    case_id: int,
    *,
    sessions: Sessions,
    notifier: Notifier,
    draw: DrawCard,
    channels: Mapping[str, str],
    now: datetime,
    wall: datetime,
) -> None:
    """Posts the case's card, or redraws it. `channels` maps the case's kind to a Slack channel.

    A card that ages is asked for again in a minute of the machine's own time (`wall`). Raises what the notifier raises.
    """
    with sessions() as session:
        case = session.get(Case, case_id)
        if case is None:
            return
        held_until = still_until(session, case.kind, case.level, now) if case.card_ts is None else None
        card = draw(session, case, now)
        standing = Standing(
            f"case-{case_id}", case.card_channel or channels[case.kind], case.card_ts, case.card_posting_at
        )
    if held_until is not None and standing.wished_at is None:  # muted: the card comes when alerts speak again
        with sessions.begin() as session:
            put(session, JobKind.SHOW_CARD, str(case_id), wall + min(held_until - now, LOOKS_AGAIN_AFTER))
        return
    posted = stand(standing, card, notifier, lambda: _wish(sessions, case_id, now))
    if posted is not None:
        _remember(sessions, case_id, posted, now)
    if card.ages:
        with sessions.begin() as session:
            put(session, JobKind.SHOW_CARD, str(case_id), wall + AGES_AFTER)


def _wish(sessions: Sessions, case_id: int, now: datetime) -> None:
    with sessions.begin() as session:
        session.execute(update(Case).where(Case.id == case_id).values(card_posting_at=now))


def _remember(sessions: Sessions, case_id: int, ref: CardRef, now: datetime) -> None:
    with sessions.begin() as session:
        session.execute(
            update(Case).where(Case.id == case_id).values(card_channel=ref.channel, card_ts=ref.ts, carded_at=now)
        )
        record(session, now, "card.posted", case_id=case_id)
    logger.info("card posted case=%d", case_id)

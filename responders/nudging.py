"""Tells one of the staff of a case in a message of their own: posted once, also over crashes and lost answers."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from sqlalchemy import update
from sqlalchemy.orm import Session

from models.audit import record
from models.base import Sessions
from models.cases import Case, CaseNote, Nudge
from models.mentions import Mention
from models.states import Means, NudgeKind
from responders.interruptions import note_interruption
from responders.oncall import Duty
from responders.ports import Card, CardRef, Notifier
from responders.slack.casework import NudgeView
from responders.standing import Standing, stand

logger = logging.getLogger(__name__)

DrawNudge = Callable[[NudgeView], Card]


class Directory(Protocol):
    """Where one person alone is written to. Raises what a notifier raises."""

    def direct_channel(self, user_id: str) -> str: ...


def deliver_nudge(
    nudge_id: int,
    *,
    sessions: Sessions,
    notifier: Notifier,
    directory: Directory,
    draw: DrawNudge,
    duty: Duty,
    zone: ZoneInfo,
    now: datetime,
) -> None:
    """Posts the message where it does not stand yet, and writes down that it interrupted somebody.

    `duty` tells their quiet hours, `zone` is the shop's. Raises what the notifier raises.
    """
    with sessions() as session:
        nudge = session.get(Nudge, nudge_id)
        if nudge is None or nudge.ts is not None:
            return
        view = _view(session, nudge)
    channel = nudge.channel or directory.direct_channel(nudge.to_id)
    standing = Standing(f"nudge-{nudge_id}", channel, None, nudge.posting_at)
    posted = stand(standing, draw(view), notifier, lambda: _wish(sessions, nudge_id, channel, now))
    if posted is not None:
        _remember(sessions, nudge, posted, duty, zone, now)


def _view(session: Session, nudge: Nudge) -> NudgeView:
    case = session.get_one(Case, nudge.case_id)
    note = session.get(CaseNote, nudge.note_id) if nudge.note_id is not None else None
    mention = session.get(Mention, case.mention_id) if case.mention_id is not None else None
    return NudgeView(
        id=nudge.id,
        kind=nudge.kind,
        to_id=nudge.to_id,
        by_id=nudge.by_id,
        by_name=nudge.by_name,
        at=nudge.at,
        case_id=case.id,
        number=case.number,
        note_id=nudge.note_id,
        text=note.text if note is not None else "",
        customer=mention.text if mention is not None else "",
        card_channel=case.card_channel,
        card_ts=case.card_ts,
    )


def _wish(sessions: Sessions, nudge_id: int, channel: str, now: datetime) -> None:
    with sessions.begin() as session:
        session.execute(update(Nudge).where(Nudge.id == nudge_id).values(channel=channel, posting_at=now))


def _remember(sessions: Sessions, nudge: Nudge, ref: CardRef, duty: Duty, zone: ZoneInfo, now: datetime) -> None:
    means = Means.QUESTION if nudge.kind is NudgeKind.QUESTION else Means.DIRECT
    with sessions.begin() as session:
        session.execute(update(Nudge).where(Nudge.id == nudge.id).values(channel=ref.channel, ts=ref.ts))
        note_interruption(
            session, now, nudge.to_id, means, f"nudge.{nudge.kind}", duty=duty, zone=zone, case_id=nudge.case_id
        )
        record(session, now, "nudge.posted", case_id=nudge.case_id, nudge=nudge.id, kind=str(nudge.kind))
    logger.info("nudge posted nudge=%d kind=%s", nudge.id, nudge.kind)

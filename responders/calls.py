"""Calls those on duty when an alert reaches a level: one reply under its card, once a case and level.

The card itself is redrawn silently, for Slack tells nobody of an edit. When the level falls, the case is closed or the
matter becomes worse, the reply stays and says so, without a mention: a message that vanished would leave whoever was
called with a notification of nothing.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models.audit import record
from models.base import Sessions
from models.cases import Case
from models.errors import TryLater
from models.jobs import JobKind, put
from models.notices import CallNotice
from models.states import CaseState, Means
from responders.alerting import LEVELS
from responders.calling import CALLING, Whom, whom_to_call
from responders.interruptions import note_interruption
from responders.oncall import Duty
from responders.ports import CardRef, Notifier
from responders.roles import Staff, is_group
from responders.slack.call_cards import CallView, Over, call_card, past_call_card

logger = logging.getLogger(__name__)

LOOK_BACK = timedelta(minutes=2)

Still = Callable[[Session, str, str | None, datetime], datetime | None]
"""Until when a case of this kind and level calls nobody, because somebody asked for stillness; None when it may."""


def never_still(session: Session, kind: str, level: str | None, now: datetime) -> datetime | None:  # noqa: ARG001
    """Nobody can ask for stillness."""
    return None


@dataclass(frozen=True)
class Calling:
    """`duty` gives the people on duty as they stand, `otherwise` whom a shop without chains calls, `under` what posts
    in a card's thread, `language` a channel's language.
    """

    sessions: Sessions
    duty: Callable[[Session, datetime], Duty]
    otherwise: Sequence[str]
    staff: Staff
    under: Callable[[CardRef], Notifier]
    language: Callable[[str], str]
    zone: ZoneInfo
    still: Still = never_still

    def ask(self, case_id: int, wall: datetime) -> None:
        """Asks for a look where the card shows another level than the one that people were called about."""
        with self.sessions() as session:
            case = session.get(Case, case_id)
            if case is None or not (_due(case, _notices(session, case_id)) or _past(case, _notices(session, case_id))):
                return
        with self.sessions.begin() as session:
            put(session, JobKind.CALL_DUTY, str(case_id), wall, urgent=True)

    def look(self, case_id: int, now: datetime, wall: datetime) -> None:
        """Calls those on duty where that is due, and ends what no longer holds. Raises what the notifier raises."""
        with self.sessions() as session:
            case, notices = session.get(Case, case_id), _notices(session, case_id)
        if case is None:
            return
        for notice in _past(case, notices):
            self._end(case, notice, now)
        if _due(case, notices):
            self._call(case, next((one for one in notices if one.level == case.level), None), now, wall)

    def _call(self, case: Case, notice: CallNotice | None, now: datetime, wall: datetime) -> None:
        with self.sessions() as session:
            still = self.still(session, case.kind, case.level, now)
            duty = self.duty(session, now)
        if still is not None and still > now:
            with self.sessions.begin() as session:
                put(session, JobKind.CALL_DUTY, str(case.id), wall + (still - now))
            return
        notifier, key = self.under(_card_of(case)), f"call-{case.id}-{case.level}"
        channel, level = str(case.card_channel), str(case.level)
        if notice is not None and notice.posting_at is not None:
            found = notifier.find(channel, key, notice.posting_at - LOOK_BACK)
            if found is not None:
                self._remember(case, notice.called, found, duty, now)
                return
        whom = whom_to_call(duty, level, now, self.otherwise)
        self._wish(case, whom, now)
        if whom.called:
            card = call_card(CallView(case.number, level, now), whom.called, self.language(channel))
            self._remember(case, whom.called, notifier.post(channel, card, key), duty, now)

    def _wish(self, case: Case, whom: Whom, now: datetime) -> None:
        """Written before the post. Where nobody is to be called that is settled with it."""
        with self.sessions.begin() as session:
            notice = _notice(session, case)
            if notice is None:
                notice = CallNotice(case_id=case.id, level=str(case.level))
                session.add(notice)
            notice.at, notice.called = now, list(whom.called)
            notice.posting_at = now if whom.called else None
            if not whom.called:
                notice.ended_at = now
                record(session, now, "duty.not_called", case_id=case.id, level=case.level, resting=len(whom.resting))
        if not whom.called:
            logger.info("duty not called case=%d level=%s resting=%d", case.id, case.level, len(whom.resting))

    def _remember(self, case: Case, called: Sequence[str], ref: CardRef, duty: Duty, now: datetime) -> None:
        people = self._people(called)  # asked before the transaction
        with self.sessions.begin() as session:
            notice = _notice(session, case)
            if notice is None or notice.ts is not None:
                return
            notice.channel, notice.ts = ref.channel, ref.ts
            for one in people:
                note_interruption(
                    session,
                    now,
                    one,
                    Means.MENTION,
                    "level.changed",
                    duty=duty,
                    zone=self.zone,
                    level=case.level,
                    case_id=case.id,
                )
            record(session, now, "duty.called", case_id=case.id, level=case.level, called=len(called))
        logger.info("duty called case=%d level=%s called=%d", case.id, case.level, len(called))

    def _people(self, called: Sequence[str]) -> list[str]:
        """Everybody behind the ids; a group that cannot be looked into stands for itself."""
        found: dict[str, None] = {}
        for one in called:
            try:
                behind = sorted(self.staff.members(one)) if is_group(one) else [one]
            except TryLater:
                behind = [one]
            found |= dict.fromkeys(behind or [one])
        return list(found)

    def _end(self, case: Case, notice: CallNotice, now: datetime) -> None:
        notifier = self.under(_card_of(case))
        ref = CardRef(str(notice.channel), notice.ts) if notice.ts is not None else None
        if ref is None and notice.posting_at is not None:
            key = f"call-{case.id}-{notice.level}"
            ref = notifier.find(str(case.card_channel), key, notice.posting_at - LOOK_BACK)
        if ref is not None:
            view = CallView(case.number, notice.level, notice.at)
            notifier.update(ref, past_call_card(view, _why(case, notice), self.language(ref.channel), self.zone))
        with self.sessions.begin() as session:
            session.execute(update(CallNotice).where(CallNotice.id == notice.id).values(ended_at=now))
            record(session, now, "duty.call_over", case_id=case.id, level=notice.level)


def _notices(session: Session, case_id: int) -> Sequence[CallNotice]:
    return session.scalars(select(CallNotice).where(CallNotice.case_id == case_id).order_by(CallNotice.id)).all()


def _notice(session: Session, case: Case) -> CallNotice | None:
    return session.scalars(
        select(CallNotice).where(CallNotice.case_id == case.id, CallNotice.level == case.level)
    ).first()


def _due(case: Case, notices: Sequence[CallNotice]) -> bool:
    """Whether the case stands at a level that calls, with a card to call under, and nobody was called for it."""
    if case.kind != "alert" or case.state is CaseState.CLOSED or case.card_ts is None or case.level not in CALLING:
        return False
    notice = next((one for one in notices if one.level == case.level), None)
    return notice is None or (notice.ts is None and notice.ended_at is None)


def _past(case: Case, notices: Sequence[CallNotice]) -> list[CallNotice]:
    """The calls that stand and no longer hold."""
    closed = case.state is CaseState.CLOSED
    return [one for one in notices if one.ended_at is None and (closed or one.level != case.level)]


def _why(case: Case, notice: CallNotice) -> Over:
    if case.state is CaseState.CLOSED:
        return Over.CLOSED
    return Over.WORSE if LEVELS.index(str(case.level)) > LEVELS.index(notice.level) else Over.COOLED


def _card_of(case: Case) -> CardRef:
    return CardRef(str(case.card_channel), str(case.card_ts))

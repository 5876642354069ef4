"""Sends an approved reply once: written before the call, settled after it, read back when the outcome is unknown."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models.base import Sessions
from models.cases import Case, Reply
from models.errors import OutcomeUnknown, Refused, SignInAgain, TryLater
from models.jobs import JobKind, put
from models.mentions import Mention, Thread
from models.replies import move_case, move_reply
from models.states import CaseState, ReplyState
from responders.casework_resting import stir
from responders.ports import Outgoing, Published, Publisher, Window
from responders.reachability import RouteKind
from responders.routes import Abilities, route_for

logger = logging.getLogger(__name__)

READ_BACK_AFTER_S: Sequence[float] = (5.0, 20.0, 60.0)
"""Waits before each look at the thread; platforms show a new reply late. After the last, a person decides."""

CLOCK_SKEW = timedelta(minutes=2)


@dataclass(frozen=True)
class Loaded:
    """A reply with what its sending needs."""

    reply: Reply
    mention: Mention
    thread: Thread


@dataclass(frozen=True)
class Times:
    """One moment on both clocks: the world's and the machine's."""

    now: datetime
    wall: datetime


@dataclass(frozen=True)
class Publishing:
    """Sends replies through the publishers of their channels."""

    sessions: Sessions
    publishers: Mapping[str, Publisher]
    abilities: Abilities
    read_back_after_s: Sequence[float] = READ_BACK_AFTER_S

    def publish_reply(self, reply_id: int, *, now: datetime, wall: datetime) -> None:
        """Takes the reply one step further: sends it when approved, reads it back when it may be out there.

        A reply in any other state is left alone, so running this twice is harmless. Raises TryLater or SignInAgain,
        with the reply back at approved, when nothing happened over there.
        """
        loaded = self._load(reply_id)
        if loaded is None:
            return
        times = Times(now, wall)
        if loaded.reply.state is ReplyState.APPROVED:
            self._send(loaded, times)
        elif loaded.reply.state is ReplyState.SENDING:
            # Whoever wrote "sending" is gone: the call may or may not have been made.
            self._settle(loaded, times, ReplyState.SENDING, ReplyState.UNCONFIRMED, problem="interrupted")
        elif loaded.reply.state is ReplyState.UNCONFIRMED:
            self._read_back(loaded, times)

    def _send(self, loaded: Loaded, times: Times) -> None:
        with self.sessions() as session:
            route = route_for(session, loaded.mention, self.abilities, times.now)
        publisher = self.publishers.get(loaded.mention.channel)
        if route.kind is not RouteKind.API or publisher is None:
            why = "not_connected" if route.kind is RouteKind.API else route.why
            self._settle(loaded, times, ReplyState.APPROVED, ReplyState.REFUSED, problem=why)
            return
        with self.sessions.begin() as session:
            values: dict[str, Any] = {"sending_at": times.now, "problem": None}
            ours = move_reply(session, loaded.reply.id, ReplyState.APPROVED, ReplyState.SENDING, at=times.now, **values)
        if not ours:
            return
        try:
            published = publisher.publish(_outgoing(loaded, times.now, route.window))
        except (TryLater, SignInAgain) as error:
            self._settle(loaded, times, ReplyState.SENDING, ReplyState.APPROVED, problem=error.code)
            raise
        except Refused as error:
            self._settle(loaded, times, ReplyState.SENDING, ReplyState.REFUSED, problem=error.code)
        except OutcomeUnknown as error:
            self._settle(loaded, times, ReplyState.SENDING, ReplyState.UNCONFIRMED, problem=error.code)
        except Exception:
            # A fault of ours or of a library, at a moment when the request may have left.
            self._settle(loaded, times, ReplyState.SENDING, ReplyState.UNCONFIRMED, problem="internal_error")
            raise
        else:
            self._settle_sent(loaded, times, ReplyState.SENDING, published)

    def _read_back(self, loaded: Loaded, times: Times) -> None:
        reply, looks = loaded.reply, loaded.reply.read_backs
        if looks >= len(self.read_back_after_s):
            return  # a person has been asked
        publisher = self.publishers.get(loaded.mention.channel)  # None: the settings no longer name the channel
        found = publisher.find(_outgoing(loaded, reply.sending_at or times.now)) if publisher is not None else None
        if found is not None and not self._is_anothers(found, reply.id):
            self._settle_sent(loaded, times, ReplyState.UNCONFIRMED, found)
            return
        with self.sessions.begin() as session:
            session.execute(
                update(Reply)
                .where(Reply.id == reply.id, Reply.state == ReplyState.UNCONFIRMED, Reply.read_backs == looks)
                .values(read_backs=looks + 1)
            )
            if looks + 1 < len(self.read_back_after_s):
                pause = timedelta(seconds=self.read_back_after_s[looks + 1])
                put(session, JobKind.PUBLISH, str(reply.id), times.wall + pause)
            put(session, JobKind.SHOW_CARD, str(reply.case_id), times.wall)
        logger.info("reply not seen yet reply=%d looks=%d", reply.id, looks + 1)

    def _is_anothers(self, found: Published, reply_id: int) -> bool:
        """True when what was found is another reply of ours: the same playbook answered twice in one thread."""
        with self.sessions() as session:
            wanted = (Reply.external_id == found.external_id, Reply.id != reply_id)
            return session.scalar(select(Reply.id).where(*wanted).limit(1)) is not None

    def _settle_sent(self, loaded: Loaded, times: Times, old: ReplyState, published: Published) -> None:
        values: dict[str, Any] = {
            "external_id": published.external_id,
            "permalink": published.permalink,
            "sent_at": times.now,
            "problem": None,
        }
        moved = self._settle(loaded, times, old, ReplyState.SENT, **values)
        if not moved and old is ReplyState.SENDING:
            # Our lease ran out while the call hung and somebody marked it unconfirmed; now we know better.
            self._settle(loaded, times, ReplyState.UNCONFIRMED, ReplyState.SENT, **values)

    def _settle(self, loaded: Loaded, times: Times, old: ReplyState, new: ReplyState, **values: Any) -> bool:
        reply = loaded.reply
        with self.sessions.begin() as session:
            moved = move_reply(session, reply.id, old, new, at=times.now, **values)
            if moved:
                if new is ReplyState.SENT:
                    mark_answered(session, reply.case_id, times.now, loaded.thread.id)
                if new is ReplyState.UNCONFIRMED:
                    look_at = times.wall + timedelta(seconds=self.read_back_after_s[0])
                    put(session, JobKind.PUBLISH, str(reply.id), look_at)
                put(session, JobKind.SHOW_CARD, str(reply.case_id), times.wall, urgent=True)
        if moved:
            logger.info("reply settled reply=%d was=%s is=%s code=%s", reply.id, old, new, values.get("problem"))
        return moved

    def _load(self, reply_id: int) -> Loaded | None:
        with self.sessions() as session:
            reply = session.get(Reply, reply_id)
            if reply is None:
                return None
            mention = session.get_one(Mention, reply.mention_id)
            return Loaded(reply, mention, session.get_one(Thread, mention.thread_id))


def mark_answered(session: Session, case_id: int, now: datetime, thread_id: int | None = None) -> None:
    """A human reply went out in this case: the case, and the thread where it stands, are answered.

    `thread_id` where the reply stands in another thread than the case began in.
    """
    case = session.get_one(Case, case_id, with_for_update=True)
    stir(session, case, "answered", now)
    move_case(session, case, CaseState.ANSWERED, at=now)
    case.answered_at = now
    where = thread_id if thread_id is not None else case.thread_id
    thread = session.get(Thread, where) if where is not None else None
    if thread is not None:
        thread.answered_at = max(thread.answered_at, now) if thread.answered_at else now


def _outgoing(loaded: Loaded, since: datetime, window: Window = Window.NONE) -> Outgoing:
    mention = loaded.mention
    private = loaded.thread.is_private
    return Outgoing(
        reply_id=loaded.reply.id,
        channel=mention.channel,
        account=mention.account,
        place=mention.place,
        thread_id=loaded.thread.external_id,
        target_id=loaded.thread.external_id if private else mention.external_id,
        recipient_id=mention.author_id if private else None,
        text=loaded.reply.text,
        not_before=since - CLOCK_SKEW,
        window=window,
    )

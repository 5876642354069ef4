"""Sends an approved reply once: written before the call, settled after it, read back when the outcome is unknown."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from models.base import Sessions
from models.cases import Case, Reply
from models.errors import OutcomeUnknown, Refused, SignInAgain, TryLater
from models.jobs import JobKind, put
from models.mentions import Mention, Thread
from models.replies import move_case, move_reply
from models.states import CaseState, ReplyState
from responders.ports import Outgoing, Published, Publisher, Window
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


def publish_reply(
    reply_id: int,
    *,
    sessions: Sessions,
    publishers: Mapping[str, Publisher],
    abilities: Abilities,
    now: datetime,
    wall: datetime,
) -> None:
    """Takes the reply one step further: sends it when approved, reads it back when it may be out there.

    A reply in any other state is left alone, so running this twice is harmless. Raises TryLater or SignInAgain, with
    the reply back at approved, when nothing happened over there.
    """
    loaded = _load(sessions, reply_id)
    if loaded is None:
        return
    if loaded.reply.state is ReplyState.APPROVED:
        _send(loaded, sessions, publishers, abilities, now, wall)
    elif loaded.reply.state is ReplyState.SENDING:
        # Whoever wrote "sending" is gone: the call may or may not have been made.
        _settle(sessions, loaded, ReplyState.SENDING, ReplyState.UNCONFIRMED, now, wall, problem="interrupted")
    elif loaded.reply.state is ReplyState.UNCONFIRMED:
        _read_back(loaded, sessions, publishers, now, wall)


def _send(
    loaded: Loaded,
    sessions: Sessions,
    publishers: Mapping[str, Publisher],
    abilities: Abilities,
    now: datetime,
    wall: datetime,
) -> None:
    with sessions() as session:
        route = route_for(session, loaded.mention, abilities, now)
    publisher = publishers.get(loaded.mention.channel)
    if route.kind != "api" or publisher is None:
        _settle(sessions, loaded, ReplyState.APPROVED, ReplyState.REFUSED, now, wall, problem=str(route.why))
        return
    with sessions.begin() as session:
        ours = move_reply(
            session, loaded.reply.id, ReplyState.APPROVED, ReplyState.SENDING, at=now, sending_at=now, problem=None
        )
    if not ours:
        return
    outgoing = _outgoing(loaded, now, route.window)
    try:
        published = publisher.publish(outgoing)
    except (TryLater, SignInAgain) as error:
        _settle(sessions, loaded, ReplyState.SENDING, ReplyState.APPROVED, now, wall, problem=error.code)
        raise
    except Refused as error:
        _settle(sessions, loaded, ReplyState.SENDING, ReplyState.REFUSED, now, wall, problem=error.code)
    except OutcomeUnknown as error:
        _settle(sessions, loaded, ReplyState.SENDING, ReplyState.UNCONFIRMED, now, wall, problem=error.code)
    except Exception:
        # A fault of ours or of a library, at a moment when the request may have left.
        _settle(sessions, loaded, ReplyState.SENDING, ReplyState.UNCONFIRMED, now, wall, problem="internal_error")
        raise
    else:
        _settle_sent(sessions, loaded, ReplyState.SENDING, published, now, wall)


def _read_back(
    loaded: Loaded, sessions: Sessions, publishers: Mapping[str, Publisher], now: datetime, wall: datetime
) -> None:
    reply = loaded.reply
    if reply.read_backs >= len(READ_BACK_AFTER_S):
        return  # a person has been asked
    found = publishers[loaded.mention.channel].find(_outgoing(loaded, reply.sending_at or now))
    if found is not None:
        _settle_sent(sessions, loaded, ReplyState.UNCONFIRMED, found, now, wall)
        return
    with sessions.begin() as session:
        session.execute(
            update(Reply)
            .where(Reply.id == reply.id, Reply.state == ReplyState.UNCONFIRMED, Reply.read_backs == reply.read_backs)
            .values(read_backs=reply.read_backs + 1)
        )
        if reply.read_backs + 1 < len(READ_BACK_AFTER_S):
            put(
                session,
                JobKind.PUBLISH,
                str(reply.id),
                wall + timedelta(seconds=READ_BACK_AFTER_S[reply.read_backs + 1]),
            )
        put(session, JobKind.SHOW_CARD, str(reply.case_id), wall)
    logger.info("reply not seen yet reply=%d looks=%d", reply.id, reply.read_backs + 1)


def _settle_sent(
    sessions: Sessions, loaded: Loaded, old: ReplyState, published: Published, now: datetime, wall: datetime
) -> None:
    values: dict[str, Any] = {
        "external_id": published.external_id,
        "permalink": published.permalink,
        "sent_at": now,
        "problem": None,
    }
    moved = _settle(sessions, loaded, old, ReplyState.SENT, now, wall, **values)
    if not moved and old is ReplyState.SENDING:
        # Our lease ran out while the call hung and somebody marked it unconfirmed; now we know better.
        _settle(sessions, loaded, ReplyState.UNCONFIRMED, ReplyState.SENT, now, wall, **values)


def _settle(
    sessions: Sessions,
    loaded: Loaded,
    old: ReplyState,
    new: ReplyState,
    now: datetime,
    wall: datetime,
    **values: Any,
) -> bool:
    reply = loaded.reply
    with sessions.begin() as session:
        moved = move_reply(session, reply.id, old, new, at=now, **values)
        if moved:
            if new is ReplyState.SENT:
                mark_answered(session, reply.case_id, now)
            if new is ReplyState.UNCONFIRMED:
                put(session, JobKind.PUBLISH, str(reply.id), wall + timedelta(seconds=READ_BACK_AFTER_S[0]))
            put(session, JobKind.SHOW_CARD, str(reply.case_id), wall)
    if moved:
        logger.info("reply settled reply=%d was=%s is=%s code=%s", reply.id, old, new, values.get("problem"))
    return moved


def mark_answered(session: Session, case_id: int, now: datetime) -> None:
    """A human reply went out in this case: the case and its thread are answered."""
    case = session.get_one(Case, case_id)
    move_case(session, case, CaseState.ANSWERED, at=now)
    thread = session.get(Thread, case.thread_id) if case.thread_id is not None else None
    if thread is not None:
        thread.answered_at = max(thread.answered_at, now) if thread.answered_at else now


def _load(sessions: Sessions, reply_id: int) -> Loaded | None:
    with sessions() as session:
        reply = session.get(Reply, reply_id)
        if reply is None:
            return None
        mention = session.get_one(Mention, reply.mention_id)
        return Loaded(reply, mention, session.get_one(Thread, mention.thread_id))


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

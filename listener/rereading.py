"""Reads a hot thread again at once and each minute while it is hot, between the regular reads of its source."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from listener.posts import ThreadReader
from listener.steps import keep_posts
from models.base import Sessions
from models.errors import Refused
from models.jobs import JobKind, put
from models.mentions import Thread
from models.verdicts import Heat

logger = logging.getLogger(__name__)

NOT_HOT = "none"


def reread_thread(
    thread_id: int,
    *,
    readers: Mapping[str, ThreadReader],
    sessions: Sessions,
    now: datetime,
    wall: datetime,
    every_s: float,
) -> int:
    """Reads the thread again while it is hot, asks to be called again, and returns how many posts were new.

    `readers` has one for each channel that can read a thread; what they are refused (a thread deleted meanwhile, a plan
    without the call) ends it quietly, for the regular reads tell of whatever people have to know. Raises what else they
    raise.
    """
    with sessions() as session:
        thread = session.get(Thread, thread_id)
        reader = readers.get(thread.channel) if thread is not None else None
        if thread is None or reader is None or not _is_hot(session, thread_id):
            return 0
    try:
        page = reader.fetch_thread(thread.external_id, thread.last_at)
    except Refused as error:
        logger.info("hot thread not read channel=%s thread=%d code=%s", thread.channel, thread_id, error.code)
        return 0
    with sessions.begin() as session:
        added = keep_posts(session, page.posts, now, wall)
        put(session, JobKind.REREAD, str(thread_id), wall + timedelta(seconds=max(every_s, page.wait_s or 0.0)))
    if added:
        logger.info("hot thread read channel=%s thread=%d new=%d", thread.channel, thread_id, added)
    return added


def _is_hot(session: Session, thread_id: int) -> bool:
    level = session.scalar(select(Heat.level).where(Heat.subject == f"thread:{thread_id}"))
    return level is not None and level != NOT_HOT

"""Reads a source one page at a time and keeps page, cursor and the next jobs in one transaction."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from listener.normalise import mention_values
from listener.posts import Page, Place, Post, Replyable, Source
from listener.silence import quarter_of
from models.alarms import HeardQuarter
from models.base import Sessions, insert_new
from models.errors import PlatformError, SignInAgain
from models.jobs import JobKind, put
from models.mentions import Mention, SourceCursor, Thread

logger = logging.getLogger(__name__)

FAULT = "fault"
"""The code of a failure that is not the platform's: something in the program."""


def poll_source(*, source: Source, sessions: Sessions, now: datetime, wall: datetime, interval_s: float) -> int:
    """Reads the next page of `source` and returns how many posts were new.

    `now` is the world's time, `wall` the machine's: they differ only when a recorded day is played faster than life.
    Raises what `source.fetch` raises, after noting on the cursor since when it fails; so also for a page that cannot
    be kept, for whatever the reason, the source does not hear.
    """
    with sessions() as session:
        row = session.get(SourceCursor, source.name)
        position = row.position if row else {}
    try:
        page = source.fetch(position)
        added = _keep(sessions, source.name, page, now=now, wall=wall, interval_s=interval_s)
    except Exception as error:
        _note_failure(sessions, source.name, error, now)
        raise
    if added:
        logger.info("page stored source=%s posts=%d new=%d more=%s", source.name, len(page.posts), added, page.more)
    return added


def _keep(sessions: Sessions, source: str, page: Page, *, now: datetime, wall: datetime, interval_s: float) -> int:
    with sessions.begin() as session:
        added = store_page(session, source, page, now)
        pause_s = 0.0 if page.more else max(interval_s, page.wait_s or 0.0)
        put(session, JobKind.POLL, source, wall + timedelta(seconds=pause_s))
        _ask_to_read(session, page.posts, added, wall)
    return added


def keep_posts(session: Session, posts: Sequence[Post], now: datetime, wall: datetime) -> int:
    """Writes what is new of one conversation and asks for it to be judged, in the caller's transaction."""
    added = _store_posts(session, posts, now)
    _ask_to_read(session, posts, added, wall)
    return added


def _ask_to_read(session: Session, posts: Sequence[Post], added: int, wall: datetime) -> None:
    if added:
        put(session, JobKind.CLASSIFY, "", wall)
    if added and any(post.from_us for post in posts):
        put(session, JobKind.CONSIDER, "", wall)  # nobody judges our own words, but they may answer somebody


def store_page(session: Session, source: str, page: Page, now: datetime) -> int:
    """Writes the posts that are new and the cursor, in the caller's transaction; returns how many were new."""
    added = _store_posts(session, page.posts, now)
    _note_heard(session, source, page.posts)
    row = session.get(SourceCursor, source)
    if row is None:
        row = SourceCursor(source=source, position={}, read_at=now)
        session.add(row)
    if row.failing_since is not None:
        logger.info("source reads again source=%s", source)
    row.position, row.read_at = dict(page.cursor), now
    row.failing_since, row.failed_at, row.problem, row.sign_in_again = None, None, None, False
    if added:
        row.heard_at = now
    return added


def _note_heard(session: Session, source: str, posts: Iterable[Post]) -> None:
    """Remembers when people wrote what this source brought, new or not: another source may have brought it first."""
    quarters = {quarter_of(post.created_at) for post in posts if not post.from_us}
    if not quarters:
        return
    known = select(HeardQuarter.quarter).where(HeardQuarter.source == source, HeardQuarter.quarter >= min(quarters))
    rows = [{"source": source, "quarter": quarter} for quarter in sorted(quarters - set(session.scalars(known)))]
    insert_new(session, HeardQuarter, rows, ("source", "quarter"))


def _store_posts(session: Session, posts: Sequence[Post], now: datetime) -> int:
    """Keeps the new ones. Overlaps bring most posts again and again, so the known are passed over before any write."""
    places = _known_places(session, posts)
    by_thread: dict[tuple[str, str, str], list[Post]] = {}
    for post in posts:
        place = places.get((post.channel, post.account, post.external_id))
        if place is None:
            by_thread.setdefault((post.channel, post.account, post.thread_id), []).append(post)
        elif place == Place.SEARCH and post.place is Place.MENTION:
            _promote_search_hit(session, post)
    added = 0
    for key, thread_posts in by_thread.items():
        thread_id = _thread_for(session, key, thread_posts)
        rows = [mention_values(post, thread_id, now) for post in thread_posts]
        added += len(insert_new(session, Mention, rows, ("channel", "account", "external_id")))
    return added


def _known_places(session: Session, posts: Sequence[Post]) -> dict[tuple[str, str, str], str]:
    """Where the posts that are kept already were heard, by channel, account and external id."""
    rows = session.execute(
        select(Mention.channel, Mention.account, Mention.external_id, Mention.place).where(
            Mention.channel.in_({post.channel for post in posts}),
            Mention.account.in_({post.account for post in posts}),
            Mention.external_id.in_({post.external_id for post in posts}),
        )
    ).all()
    return {(row.channel, row.account, row.external_id): row.place for row in rows}


def _thread_for(session: Session, key: tuple[str, str, str], posts: list[Post]) -> int:
    channel, account, external_id = key
    first, last = min(post.created_at for post in posts), max(post.created_at for post in posts)
    ours = [post.created_at for post in posts if post.from_us and post.place is not Place.OWN_POST]
    insert_new(
        session,
        Thread,
        [
            {
                "channel": channel,
                "account": account,
                "external_id": external_id,
                "in_own_channel": posts[0].in_own_channel,
                "is_private": posts[0].is_private,
                "first_at": first,
                "last_at": last,
            }
        ],
        ("channel", "account", "external_id"),
    )
    thread = session.scalars(
        select(Thread).where(Thread.channel == channel, Thread.account == account, Thread.external_id == external_id)
    ).one()
    thread.first_at, thread.last_at = min(thread.first_at, first), max(thread.last_at, last)
    if ours:
        thread.answered_at = max([*ours, *([thread.answered_at] if thread.answered_at else [])])
    return thread.id


def _promote_search_hit(session: Session, post: Post) -> None:
    """A post first found by a brand word turns out to name us: the same row, in a better place."""
    session.execute(
        update(Mention)
        .where(
            Mention.channel == post.channel,
            Mention.account == post.account,
            Mention.external_id == post.external_id,
            Mention.place == Place.SEARCH,
        )
        .values(place=str(Place.MENTION), replyable=str(Replyable(post.replyable)))
    )


def _note_failure(sessions: Sessions, source: str, error: Exception, now: datetime) -> None:
    code = error.code if isinstance(error, PlatformError) else FAULT
    with sessions.begin() as session:
        row = session.get(SourceCursor, source)
        if row is None:
            row = SourceCursor(source=source, position={}, read_at=now)
            session.add(row)
        if row.failing_since is None:
            row.failing_since = now
            logger.warning("source fails source=%s code=%s", source, code)
        row.failed_at, row.problem = now, code
        row.sign_in_again = isinstance(error, SignInAgain)

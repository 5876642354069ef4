"""Reads what waits from the store: every open case in a few columns, and the rows that are shown in full.

One light pass over the open cases gives every list its order and its length; only what a page shows is read whole. So
what it costs hangs on how many cases are open, never on how many there ever were.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from statistics import median

from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from models.cases import Case, Reply
from models.mentions import Mention, Thread
from models.states import CaseState, ReplyState
from models.verdicts import VerdictRow
from responders.likely import must_be_seen
from responders.queue_order import OpenCase, Viewer
from responders.reachability import reach
from responders.routes import Abilities
from responders.slack.home_views import DraftRow, HomeRow, Today
from responders.unanswered import burns, minutes_waited
from responders.waiting_threads import waiting_in

MOST_OPEN = 20_000
MOST_ANSWERS = 5_000  # of a day, for the median
ABOUT = 80
BURNING_LOOKED_AT = 25
"""Only the newest alerts on threads are asked how long they have waited: each takes a look at its whole thread."""


def open_cases(session: Session, abilities: Abilities, late: frozenset[int], now: datetime) -> list[OpenCase]:
    """Every open case, in the columns its place in a list depends on; the longest open ones where there are too many.

    `late` are the cases of burning threads that have waited past the target.
    """
    last = aliased(Mention)
    wrote = (
        select(func.max(last.created_at))
        .where(last.thread_id == Case.thread_id, last.from_us.is_(False))
        .correlate(Case)
        .scalar_subquery()
    )
    rows = session.execute(
        select(
            Case.id, Case.kind, Case.level, Case.opened_at, Case.alerted_at, Case.owner_id, Case.team,
            Case.snoozed_until, Mention.channel, Mention.place, Mention.replyable, Mention.created_at,
            Thread.channel.label("thread_channel"), VerdictRow.language, VerdictRow.label, VerdictRow.flags,
        )
        .select_from(Case)
        .join(Mention, Mention.id == Case.mention_id, isouter=True)
        .join(Thread, Thread.id == Case.thread_id, isouter=True)
        .join(VerdictRow, VerdictRow.mention_id == Mention.id, isouter=True)
        .where(Case.state == CaseState.OPEN)
        .order_by(Case.opened_at)
        .limit(MOST_OPEN)
    ).all()  # fmt: skip
    written = {
        row.id: row.at
        for row in session.execute(
            select(Case.id, wrote.label("at"))
            .join(Mention, Mention.id == Case.mention_id)
            .where(Case.state == CaseState.OPEN, Mention.place == "dm", Mention.channel == "facebook")
            .limit(MOST_OPEN)
        )
    }
    found = []
    for row in rows:
        until = None
        if row.id in written:
            until = reach(
                channel=row.channel, place=row.place, replyable=row.replyable, last_from_customer=written[row.id],
                now=now, human_agent_granted=abilities.human_agent,
            ).until  # fmt: skip
        flagged = bool(row.flags) and bool(must_be_seen(row.flags))
        alert = row.kind == "alert"
        found.append(
            OpenCase(
                case_id=row.id,
                kind=row.kind,
                level=row.level,
                since=(row.alerted_at or row.opened_at) if alert else (row.created_at or row.opened_at),
                channel=row.channel or row.thread_channel or "",
                language=row.language or "",
                owner_id=row.owner_id,
                team=row.team,
                snoozed_until=row.snoozed_until,
                until=until,
                complaint=alert or flagged or row.label == "negative",
                flagged=flagged,
                late=row.id in late,
            )
        )
    return found


def late_cases(session: Session, target: timedelta, now: datetime) -> dict[int, int]:
    """How many minutes each burning thread with an open alert has waited for us, where that is past the target."""
    alerts = session.execute(
        select(Case.id, Thread)
        .join(Thread, Thread.id == Case.thread_id)
        .where(
            Case.state == CaseState.OPEN,
            Case.kind == "alert",
            Case.level.in_(("warning", "outrage")),
            Case.matter.startswith("alert:thread:"),
            Thread.in_own_channel.is_(True),
        )
        .order_by(Case.alerted_at.desc())
        .limit(BURNING_LOOKED_AT)
    ).all()
    late = {}
    for case_id, thread in alerts:
        waiting = waiting_in(session, thread)
        if waiting is not None and burns(waiting, now) and now - waiting.since > target:
            late[case_id] = minutes_waited(waiting, now)
    return late


def rows_of(
    session: Session, ids: Sequence[int], known: dict[int, OpenCase], late: dict[int, int], viewer: Viewer
) -> dict[int, HomeRow]:
    """The rows of the cases named, whole, by id."""
    if not ids:
        return {}
    rows = session.execute(
        select(Case, Mention.text, Mention.author_name, Mention.channel, Thread.channel, Thread.is_private)
        .join(Mention, Mention.id == Case.mention_id, isouter=True)
        .join(Thread, Thread.id == Case.thread_id, isouter=True)
        .where(Case.id.in_(set(ids)))
    ).all()
    found = {}
    for case, text, author, channel, thread_channel, private in rows:
        seen = known.get(case.id)
        found[case.id] = HomeRow(
            case_id=case.id,
            number=case.number,
            kind=case.kind,
            level=case.level,
            channel=channel or thread_channel or "",
            about=first_words(text or ""),
            since=seen.since if seen else (case.alerted_at or case.opened_at),
            who=author or "",
            private=bool(private),
            flagged=bool(seen and seen.flagged),
            owner_id=case.owner_id,
            owner_name=case.owner_name,
            team=case.team,
            mine=case.owner_id == viewer.id,
            until=seen.until if seen else None,
            late_minutes=late.get(case.id),
            snoozed_until=case.snoozed_until,
            card=(case.card_channel, case.card_ts) if case.card_channel and case.card_ts else None,
        )
    return found


def first_words(text: str) -> str:
    """The beginning of a text, cut between words."""
    words = " ".join(text[: 4 * ABOUT].split())
    return words if len(words) <= ABOUT else (words[:ABOUT].rsplit(" ", 1)[0] or words[:ABOUT]) + " …"


def drafts_waiting(session: Session, viewer: Viewer, most: int) -> tuple[list[DraftRow], int]:
    """The replies that people wrote and that wait for a yes, the oldest first, and how many there are."""
    waits = (Reply.state == ReplyState.DRAFTED, Reply.edited_by.is_not(None))
    drafts = session.scalars(select(Reply).where(*waits).order_by(Reply.drafted_at, Reply.id).limit(most)).all()
    total = session.scalar(select(func.count()).select_from(Reply).where(*waits)) or 0
    rows = rows_of(session, [draft.case_id for draft in drafts], {}, {}, viewer)
    return [
        DraftRow(rows[draft.case_id], draft.id, draft.version, draft.edited_by or "", first_words(draft.text))
        for draft in drafts
    ], total


def today(session: Session, cases: Sequence[OpenCase], midnight: datetime, now: datetime) -> Today:
    """The day's numbers since the shop's midnight."""
    came = session.scalar(
        select(func.count()).select_from(Case).where(Case.opened_at >= midnight, Case.opened_at <= now)
    )
    answers = [*_answers(session, Reply.sent_at, ReplyState.SENT, midnight)]
    answers += _answers(session, Reply.decided_at, ReplyState.BY_HAND, midnight)
    waits = [max(0.0, (at - written).total_seconds() / 60) for written, at in answers]
    return Today(
        came_in=came or 0,
        answered=len(answers),
        median_minutes=round(median(waits)) if waits else None,
        open=len(cases),
        oldest=min((case.since for case in cases), default=None),
    )


def _answers(
    session: Session, at: InstrumentedAttribute[datetime | None], state: ReplyState, midnight: datetime
) -> list[tuple[datetime, datetime]]:
    """When the customer wrote, and when our answer went out."""
    rows = session.execute(
        select(Mention.created_at, at)
        .join(Mention, Mention.id == Reply.mention_id)
        .where(at >= midnight, Reply.state == state)
        .limit(MOST_ANSWERS)
    )
    return [(written, when) for written, when in rows if when is not None]

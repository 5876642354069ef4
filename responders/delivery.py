"""What waits for Slack: which of it goes next, by the rules of responders/pacing.py, and how much it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Integer, and_, case, cast, func, or_, select
from sqlalchemy.orm import Session

from models.cases import Case
from models.jobs import Job, JobKind, ready
from models.slack_line import LineHealth, line_health
from models.states import CaseState, JobState
from responders.pacing import HISTORY, POST, UPDATE, Call, Rank, Waiting

KINDS = frozenset({JobKind.SHOW_CARD, JobKind.SHOW_ALARM})

NextOf = Callable[[Sequence[Waiting]], Waiting | None]


def choose_job(session: Session, now: datetime, next_of: NextOf, channels: Mapping[str, str]) -> int | None:
    """The id of the job that goes next; None when none may go now. `channels` maps a case's kind to its channel."""
    chosen = next_of(waiting_cards(session, now, channels))
    return chosen.id if chosen else None


def waiting_cards(session: Session, now: datetime, channels: Mapping[str, str]) -> list[Waiting]:
    """Everything that waits for Slack and is due, ranked by how its case stands now."""
    case_id = case((Job.kind == JobKind.SHOW_CARD, cast(Job.key, Integer)))
    rows = session.execute(
        select(
            Job.id,
            Job.kind,
            Job.urgent,
            Job.run_at,
            Case.kind.label("about"),
            Case.state,
            Case.card_channel,
            Case.card_ts,
            Case.card_posting_at,
        )
        .outerjoin(Case, and_(Job.kind == JobKind.SHOW_CARD, Case.id == case_id))
        .where(Job.kind.in_(KINDS), ready(now))
    ).all()
    found = []
    for row in rows:
        if row.kind is not JobKind.SHOW_CARD:
            found.append(Waiting(row.id, Rank.FIRE, row.run_at, (Call(UPDATE), Call(POST, channels["alert"]))))
            continue
        where = row.card_channel or channels.get(row.about or "contact", "")
        rank = _rank(row.about == "alert" and row.state is CaseState.OPEN, row.card_ts is None, row.urgent)
        found.append(Waiting(row.id, rank, row.run_at, _calls(where, row.card_ts, row.card_posting_at)))
    return found


def _rank(fire: bool, new: bool, urgent: bool) -> Rank:
    if fire:
        return Rank.NEW_FIRE if new else Rank.FIRE
    if urgent:
        return Rank.ASKED
    return Rank.NEW if new else Rank.REDRAW


def _calls(channel: str, ts: str | None, wished_at: datetime | None) -> tuple[Call, ...]:
    """As `standing.stand` makes them; the last is the one whose turn it is."""
    if ts is not None:
        return (Call(UPDATE),)
    if wished_at is None:
        return (Call(POST, channel),)
    return (Call(HISTORY), Call(POST, channel))


@dataclass(frozen=True)
class SlackHealth:
    """What people may want to know of Slack: whether presses reach us, and what waits to be shown there.

    `waiting` counts the cards and alarms that are due or were put off; of them `unposted` cases have no card at all,
    the oldest since `unposted_since`.
    """

    line: LineHealth
    waiting: int
    unposted: int
    unposted_since: datetime | None


def slack_health(session: Session, now: datetime) -> SlackHealth:
    """As the store has it; a job that waits for its own later time is not counted."""
    late = or_(Job.run_at <= now, Job.last_error.is_not(None))
    waits = Job.state.in_((JobState.WAITING, JobState.RUNNING))
    waiting = session.scalar(select(func.count()).where(Job.kind.in_(KINDS), waits, late)) or 0
    unposted, since = session.execute(
        select(func.count(), func.min(Case.opened_at)).where(Case.card_ts.is_(None), Case.state == CaseState.OPEN)
    ).one()
    return SlackHealth(line_health(session), waiting, unposted, since)

"""What the judge heard in a matter's posts, gathered for its card: of one customer, or counted over many people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy import case as sql_case
from sqlalchemy.orm import InstrumentedAttribute, Session

from models.cases import Case, Reply
from models.mentions import Mention
from models.verdicts import VerdictRow
from responders.likely import LIKELY, MUST_BE_SEEN, PERSONAL_DATA, likely
from responders.playbooks.playbook import FLAGS, REASONS
from responders.slack.views import Heard

LATEST = 5


@dataclass(frozen=True)
class AllHeard:
    """Contact reasons and risks, the clearest first, and where the newest post with a risk stands."""

    topics: tuple[Heard, ...] = ()
    risks: tuple[Heard, ...] = ()
    risk_permalink: str | None = None


def heard_from_customer(session: Session, case: Case, mention: Mention, *, in_private: bool) -> AllHeard:
    """What the customer said since the case was last settled, up to the post that is to be answered.

    In private nobody else sees an order number, and there it is no risk.
    """
    settled = session.scalar(
        select(func.max(Reply.decided_at)).where(Reply.case_id == case.id, Reply.decided_at < mention.created_at)
    )
    wanted: list[ColumnElement[bool]] = [Mention.id == mention.id]
    if mention.author_id is not None:
        wanted = [
            Mention.thread_id == mention.thread_id,
            Mention.author_id == mention.author_id,
            Mention.created_at <= mention.created_at,
        ]
        wanted += [Mention.created_at > settled] if settled is not None else []
    rows = session.execute(
        select(VerdictRow.reasons, VerdictRow.flags)
        .join(Mention, Mention.id == VerdictRow.mention_id)
        .where(*wanted)
        .order_by(Mention.created_at.desc(), Mention.id.desc())
        .limit(LATEST)
    ).all()
    reasons, flags = _loudest([row.reasons for row in rows]), _loudest([row.flags for row in rows])
    if in_private:
        flags.pop(PERSONAL_DATA, None)
    return AllHeard(tuple(map(Heard, likely(reasons))), _calling_first([_risk(name) for name in likely(flags)]))


def heard_from_many(session: Session, wanted: Sequence[ColumnElement[bool]]) -> AllHeard:
    """In how many of the public mentions that meet `wanted` each reason and risk was heard; shares say nothing new."""
    wanted = (*wanted, Mention.place != "dm", Mention.is_share.is_(False))
    columns = [_posts(VerdictRow.reasons, name) for name in REASONS] + [
        _posts(VerdictRow.flags, name) for name in FLAGS
    ]
    counts = session.execute(
        select(*columns).select_from(Mention).join(VerdictRow, VerdictRow.mention_id == Mention.id).where(*wanted)
    ).one()
    topics = _most([Heard(name, posts) for name, posts in zip(REASONS, counts, strict=False)])
    risks = _calling_first(
        _most([_risk(name, posts) for name, posts in zip(FLAGS, counts[len(REASONS) :], strict=True)])
    )
    newest = _newest_risk(session, wanted) if any(risk.calls for risk in risks) else None
    return AllHeard(tuple(topics), risks, newest)


def _newest_risk(session: Session, wanted: Sequence[ColumnElement[bool]]) -> str | None:
    return session.scalar(
        select(Mention.permalink)
        .join(VerdictRow, VerdictRow.mention_id == Mention.id)
        .where(*wanted, or_(*(VerdictRow.flags[name].as_float() >= LIKELY for name in MUST_BE_SEEN)))
        .order_by(Mention.created_at.desc(), Mention.id.desc())
        .limit(1)
    )


def _posts(said: InstrumentedAttribute[dict[str, float]], name: str) -> ColumnElement[int]:
    return func.coalesce(func.sum(sql_case((said[name].as_float() >= LIKELY, 1), else_=0)), 0)


def _loudest(all_said: Sequence[Mapping[str, float]]) -> dict[str, float]:
    loudest: dict[str, float] = {}
    for said in all_said:
        for name, probability in said.items():
            loudest[name] = max(probability, loudest.get(name, 0.0))
    return loudest


def _risk(name: str, posts: int | None = None) -> Heard:
    return Heard(name, posts, calls=name in MUST_BE_SEEN)


def _most(counted: Sequence[Heard]) -> list[Heard]:
    return sorted((one for one in counted if one.posts), key=lambda one: -(one.posts or 0))


def _calling_first(risks: Sequence[Heard]) -> tuple[Heard, ...]:
    return tuple(sorted(risks, key=lambda risk: not risk.calls))

"""Drafts the answers of a case and keeps the best as its reply, until a person has touched it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from models.audit import record
from models.cases import Case, Reply, Suggestion
from models.mentions import Mention, Thread
from models.states import LIVE_REPLY_STATES, ReplyState
from models.verdicts import VerdictRow
from responders.drafting import Draft, Matter, suggest
from responders.lengths import Limit
from responders.playbooks.playbook import Playbook
from responders.profile import ShopProfile
from responders.reply_texts import keep_text
from responders.routes import limit_for

EARLIER_TEXTS = 3
KEPT_DRAFTS = 4


@dataclass(frozen=True)
class Suggester:
    """Drafts for one shop."""

    playbooks: Sequence[Playbook]
    profile: ShopProfile
    limits: Mapping[tuple[str, bool], Limit]

    def draft(
        self,
        session: Session,
        case: Case,
        mention: Mention,
        verdict: VerdictRow,
        thread: Thread,
        *,
        heated: bool,
        now: datetime,
    ) -> None:
        """Writes the case's suggestions, and its reply where nobody has begun to work on one."""
        limit = limit_for(self.limits, mention.channel, thread.is_private)
        matter = _matter(session, mention, verdict, heated)
        drafts = suggest(matter, self.playbooks, self.profile, limit, now)
        ready = [draft for draft in drafts if not draft.missing][:KEPT_DRAFTS]
        best = ready[0] if ready else Draft("", self.profile.languages[0], "", (), 0.0)
        # What would have fitted better, had the shop given the fact it needs, is said on the card.
        lacking = [draft for draft in drafts if draft.missing and draft.score > best.score][:1]
        session.execute(delete(Suggestion).where(Suggestion.case_id == case.id))
        for rank, draft in enumerate([*ready, *lacking]):
            session.add(
                Suggestion(
                    case_id=case.id,
                    rank=rank,
                    playbook_id=draft.playbook_id,
                    language=draft.language,
                    text=draft.text,
                    why=list(draft.why),
                    hand_over=draft.hand_over,
                    missing=list(draft.missing),
                )
            )
        _keep(session, case, mention, best, now)


def _keep(session: Session, case: Case, mention: Mention, best: Draft, now: datetime) -> None:
    reply = session.scalars(select(Reply).where(Reply.case_id == case.id, Reply.state.in_(LIVE_REPLY_STATES))).first()
    if reply is None:
        reply = Reply(
            case_id=case.id,
            mention_id=mention.id,
            playbook_id=best.playbook_id,
            language=best.language,
            text=best.text,
            drafted_at=now,
        )
        session.add(reply)
        session.flush()
        record(session, now, "reply.drafted", case_id=case.id, reply_id=reply.id, playbook=best.playbook_id)
        keep_text(session, reply, now)
    elif reply.state is ReplyState.DRAFTED and reply.edited_by is None and _other(session, reply, mention, best):
        # The customer said more before anybody decided; whoever has the old card open is told that it changed.
        reply.mention_id, reply.text, reply.language = mention.id, best.text, best.language
        reply.playbook_id, reply.suggestion_rank, reply.version = best.playbook_id, 0, reply.version + 1
        record(session, now, "reply.redrafted", case_id=case.id, reply_id=reply.id, version=reply.version)
        keep_text(session, reply, now)


def _other(session: Session, reply: Reply, mention: Mention, best: Draft) -> bool:
    """Whether the draft would say something else, or say it somewhere else."""
    return reply.text != best.text or session.get_one(Mention, reply.mention_id).thread_id != mention.thread_id


def _matter(session: Session, mention: Mention, verdict: VerdictRow, heated: bool) -> Matter:
    earlier = session.scalars(
        select(Mention.text)
        .where(
            Mention.thread_id == mention.thread_id,
            Mention.author_id == mention.author_id,
            Mention.created_at < mention.created_at,
            Mention.from_us.is_(False),
        )
        .order_by(Mention.created_at.desc())
        .limit(EARLIER_TEXTS)
    ).all()
    return Matter(
        channel=mention.channel,
        place=mention.place,
        language=verdict.language,
        text=mention.text,
        negative=verdict.negative,
        neutral=verdict.neutral,
        positive=verdict.positive,
        arousal=verdict.arousal,
        author=mention.author_name,
        earlier=tuple(reversed(earlier)),
        heated=heated,
        reasons=verdict.reasons,
        flags=verdict.flags,
    )

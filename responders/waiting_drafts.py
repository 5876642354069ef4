"""Which drafts wait for somebody who may send them, because whoever wrote them may not."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.cases import Case, Reply
from models.mentions import Mention
from models.states import ReplyState
from responders.slack.actions import WaitingDraft


def waiting_for_approval(session: Session) -> list[WaitingDraft]:
    """The drafts by people who may not send them, the oldest first."""
    rows = session.execute(
        select(Reply, Case.number, Mention.text)
        .join(Case, Case.id == Reply.case_id)
        .join(Mention, Mention.id == Reply.mention_id)
        .where(Reply.state == ReplyState.DRAFTED, Reply.offered_by.is_not(None))
        .order_by(Reply.offered_at, Reply.id)
    )
    return [
        WaitingDraft(
            case_id=reply.case_id,
            number=number,
            reply_id=reply.id,
            version=reply.version,
            text=reply.text,
            about=about,
            by_id=reply.offered_by or "",
            by_name=reply.offered_by_name or "",
            at=reply.offered_at or reply.drafted_at,
        )
        for reply, number, about in rows
    ]

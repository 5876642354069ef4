"""Changes the text of a draft: a compare-and-set on its version, with its audit line and the version kept."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from models.audit import record
from models.cases import Reply
from models.states import ReplyState
from responders.reply_texts import keep_text
from responders.slack.actions import Person


def rewrite(
    session: Session,
    reply: Reply,
    version: int,
    who: Person,
    at: datetime,
    action: str,
    *,
    own_words: bool,
    may_send: bool,
    **values: Any,
) -> bool:
    """Gives the draft its next version, with `values`; False when it is no longer a draft of `version`.

    `own_words`: a person wrote them, and no playbook. Those of somebody who may not send them wait for who may.
    """
    waits = own_words and not may_send
    values |= {
        "edited_by": who.name if own_words else None,
        "offered_by": who.id if waits else None,
        "offered_by_name": who.name if waits else None,
        "offered_at": at if waits else None,
    }
    changed = session.execute(
        update(Reply)
        .where(Reply.id == reply.id, Reply.state == ReplyState.DRAFTED, Reply.version == version)
        .values(version=version + 1, **values)
        .returning(Reply.id)
    ).first()
    if changed is None:
        return False
    record(session, at, action, actor=who.id, case_id=reply.case_id, reply_id=reply.id, version=version + 1)
    session.refresh(reply)
    keep_text(session, reply, at, who if own_words else None)
    return True

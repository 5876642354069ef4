"""The one door through which a reply or a case changes its state: a compare-and-set, with its audit line."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from models.audit import OURSELVES, record
from models.cases import Case, Reply
from models.states import CaseState, ReplyState, check_case_move, check_reply_move


def move_reply(
    session: Session,
    reply_id: int,
    old: ReplyState,
    new: ReplyState,
    *,
    at: datetime,
    actor: str = OURSELVES,
    version: int | None = None,
    **values: Any,
) -> bool:
    """True when this call made the move; False when the reply was no longer `old` (or not at `version`).

    `values` are further columns set with it. Raises NotAllowed for a move the table does not have.
    """
    check_reply_move(old, new)
    wanted = [Reply.id == reply_id, Reply.state == old]
    if version is not None:
        wanted.append(Reply.version == version)
    moved = session.execute(
        update(Reply).where(*wanted).values(state=new, **values).returning(Reply.case_id, Reply.version)
    ).first()
    if moved is None:
        return False
    detail = {key: values[key] for key in ("problem", "external_id") if values.get(key)}
    record(
        session,
        at,
        f"reply.{new}",
        actor=actor,
        case_id=moved.case_id,
        reply_id=reply_id,
        was=old,
        version=moved.version,
        **detail,
    )
    return True


def move_case(
    session: Session, case: Case, new: CaseState, *, at: datetime, actor: str = OURSELVES, **detail: Any
) -> None:
    """Moves a case that the session holds, unless it stands there already. Raises NotAllowed for a wrong move."""
    if case.state == new:
        return
    check_case_move(case.state, new)
    record(session, at, f"case.{new}", actor=actor, case_id=case.id, was=case.state, **detail)
    case.state = new
    case.changed_at = at

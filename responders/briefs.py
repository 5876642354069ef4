"""A case as windows and lists show it."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.cases import Case, CaseNote
from models.mentions import Mention
from responders.casework_linking import linked_to
from responders.complaints import is_answered, is_complaint
from responders.slack.casework import CaseBrief, NoteView

ABOUT = 160  # characters


def brief_of(session: Session, case: Case) -> CaseBrief:
    """The case with its notes, and with those of the cases for which it stands, the oldest first."""
    mention = session.get(Mention, case.mention_id) if case.mention_id is not None else None
    stands_for_it = session.get(Case, case.same_as) if case.same_as is not None else None
    ids = [case.id, *(one.id for one in linked_to(session, case))]
    notes = session.scalars(select(CaseNote).where(CaseNote.case_id.in_(ids)).order_by(CaseNote.at, CaseNote.id))
    return CaseBrief(
        case_id=case.id,
        number=case.number,
        kind=case.kind,
        about=_about(mention),
        state=case.state,
        complaint=is_complaint(session, case),
        answered=is_answered(case),
        owner_id=case.owner_id,
        owner_name=case.owner_name,
        team=case.team,
        snoozed_until=case.snoozed_until,
        same_as=stands_for_it.number if stands_for_it is not None else None,
        notes=tuple(map(_view, notes)),
    )


def _view(note: CaseNote) -> NoteView:
    return NoteView(
        id=note.id,
        kind=note.kind,
        text=note.text,
        at=note.at,
        by_id=note.by_id,
        by_name=note.by_name,
        minutes=note.minutes,
        to_id=note.to_id,
        answers=note.answers,
    )


def _about(mention: Mention | None) -> str:
    """The first words of the post that the matter is about."""
    words = " ".join(mention.text.split()) if mention is not None else ""
    return words if len(words) <= ABOUT else words[:ABOUT].rsplit(" ", 1)[0] + " …"

"""What the staff write down about a case: notes, calls, questions to a colleague and their answers."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from models.cases import CaseNote
from models.states import NoteKind, NudgeKind
from responders.deeds import DONE, Doing
from responders.slack.actions import Outcome, Person

LONGEST = 3000
"""Characters of a note, as Slack's own field takes them."""

LONGEST_CALL_MINUTES = 24 * 60

SAME_PRESS = timedelta(minutes=10)
"""The same words of the same person once more within this time are the same press, which Slack delivered again."""


def note(doing: Doing, text: str) -> Outcome:
    """A private note."""
    wrong = _wrong(text)
    if wrong is not None:
        return wrong
    if _again(doing, NoteKind.NOTE, text) is None:
        _keep(doing, NoteKind.NOTE, text, "case.noted")
    return DONE


def log_call(doing: Doing, minutes: int, text: str) -> Outcome:
    """A talk on the telephone of so many minutes; what was said may be left out."""
    if not 0 <= minutes <= LONGEST_CALL_MINUTES:
        return Outcome(False, "too_far", field="minutes")
    wrong = _wrong(text) if text.strip() or minutes == 0 else None
    if wrong is not None:
        return wrong
    if _again(doing, NoteKind.CALL, text, minutes=minutes) is None:
        _keep(doing, NoteKind.CALL, text, "case.call_logged", minutes=minutes)
    return DONE


def ask(doing: Doing, colleague: Person, question: str) -> Outcome:
    """A question to a colleague, who gets it in a message of their own."""
    wrong = _wrong(question)
    if wrong is not None:
        return wrong
    if _again(doing, NoteKind.QUESTION, question, to_id=colleague.id) is None:
        kept = _keep(doing, NoteKind.QUESTION, question, "case.asked", to_id=colleague.id)
        doing.nudge(NudgeKind.QUESTION, colleague.id, kept)
    return DONE


def answer(doing: Doing, question: CaseNote, text: str) -> Outcome:
    """The answer to a colleague's question, told to who asked; the first counts."""
    wrong = _wrong(text)
    if wrong is not None:
        return wrong
    given = doing.session.scalars(select(CaseNote).where(CaseNote.answers == question.id)).first()
    if given is not None:
        return Outcome(False, "already_answered", by=given.by_name, by_id=given.by_id, at=given.at)
    kept = _keep(doing, NoteKind.ANSWER, text, "case.question_answered", answers=question.id)
    doing.nudge(NudgeKind.ANSWER, question.by_id, kept)
    return DONE


def _wrong(text: str) -> Outcome | None:
    if not text.strip():
        return Outcome(False, "empty", field="text")
    return Outcome(False, "over_length", limit=LONGEST) if len(text.strip()) > LONGEST else None


def _again(
    doing: Doing, kind: NoteKind, text: str, minutes: int | None = None, to_id: str | None = None
) -> CaseNote | None:
    return doing.session.scalars(
        select(CaseNote).where(
            CaseNote.case_id == doing.case.id,
            CaseNote.kind == kind,
            CaseNote.by_id == doing.who.id,
            CaseNote.text == text.strip(),
            CaseNote.minutes.is_not_distinct_from(minutes),
            CaseNote.to_id.is_not_distinct_from(to_id),
            CaseNote.at > doing.now - SAME_PRESS,
        )
    ).first()


def _keep(
    doing: Doing,
    kind: NoteKind,
    text: str,
    action: str,
    minutes: int | None = None,
    to_id: str | None = None,
    answers: int | None = None,
) -> CaseNote:
    kept = CaseNote(
        case_id=doing.case.id,
        kind=kind,
        text=text.strip(),
        at=doing.now,
        by_id=doing.who.id,
        by_name=doing.who.name,
        minutes=minutes,
        to_id=to_id,
        answers=answers,
    )
    doing.session.add(kept)
    doing.session.flush()
    said = {"minutes": minutes, "to": to_id, "question": answers}
    doing.record(action, note=kept.id, **{name: value for name, value in said.items() if value is not None})
    return kept

"""Answers that begin with a person: their own words as a draft, or what they said on the platform themselves."""

from __future__ import annotations

from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.audit import record
from models.cases import Case, Reply
from models.mentions import Mention, Thread
from models.replies import move_case, move_reply
from models.states import CaseState, ReplyState
from models.verdicts import VerdictRow
from responders.casework_owning import closed
from responders.deeds import DONE, Doing
from responders.drafts import rewrite
from responders.echoes import IN_FLIGHT
from responders.matters import live_reply
from responders.publish import mark_answered
from responders.slack.actions import Outcome
from responders.waiting_threads import waiting_in
from responders.wording import Wording

LONGEST_LINK = 1000


def write(doing: Doing, text: str, wording: Wording, *, may_send: bool) -> Outcome:
    """The person's words are the draft of the case, and wait for an approval; a colleague's words stay."""
    session, case, words = doing.session, doing.case, text.strip()
    if case.state is CaseState.CLOSED:
        return closed(doing)
    mention = to_answer(session, case)
    if mention is None:
        return Outcome(False, "nothing_to_answer")
    reply = live_reply(session, case.id)
    if reply is not None and reply.state in IN_FLIGHT:
        return Outcome(False, "reply_in_flight")
    if reply is not None and reply.state is ReplyState.DRAFTED:
        if reply.text == words and reply.edited_by == doing.who.name:
            return DONE
        if reply.edited_by not in (None, doing.who.name):
            return Outcome(False, "changed", by=reply.edited_by)
    language = reply.language if reply is not None else _language(session, mention, wording)
    wrong = wording.blocked(session, mention, language, words)
    if wrong is not None:
        return wrong
    move_case(session, case, CaseState.OPEN, at=doing.now, actor=doing.who.id)
    if reply is None:
        reply = new_draft(doing, mention, language)
    elif reply.state is ReplyState.REFUSED:
        back = (ReplyState.REFUSED, ReplyState.DRAFTED)
        move_reply(session, reply.id, *back, at=doing.now, actor=doing.who.id, problem=None)
    rewrite(
        session,
        reply,
        reply.version,
        doing.who,
        doing.now,
        "reply.edited",
        own_words=True,
        may_send=may_send,
        text=words,
    )
    return DONE


def answered_by_hand(doing: Doing, link: str) -> Outcome:
    """The person answered on the platform, also where no draft waits; `link` is where their answer stands."""
    session, case, who = doing.session, doing.case, doing.who
    if case.state is CaseState.CLOSED:
        return closed(doing)
    if link and not is_link(link):
        return Outcome(False, "bad_link", field="link")
    reply = live_reply(session, case.id)
    if reply is not None and reply.state in IN_FLIGHT:
        return Outcome(False, "reply_in_flight")
    if reply is None and case.state is CaseState.ANSWERED and not _somebody_waits(session, case):
        return _answered_before(session, case)
    mention = to_answer(session, case)
    if mention is None:
        return Outcome(False, "nothing_to_answer")
    if reply is None:
        reply = new_draft(doing, mention, "")
    move_reply(
        session, reply.id, reply.state, ReplyState.BY_HAND, at=doing.now, actor=who.id,
        decided_by=who.id, decided_by_name=who.name, decided_at=doing.now, permalink=link or None,
    )  # fmt: skip
    mark_answered(session, case.id, doing.now, mention.thread_id)
    return DONE


def to_answer(session: Session, case: Case) -> Mention | None:
    """The mention that an answer in this case is for: of a topic or a brand the newest of those behind its alert."""
    if case.mention_id is not None:
        return session.get_one(Mention, case.mention_id)
    behind = select(Mention).where(Mention.id.in_(case.evidence), Mention.from_us.is_(False))
    return session.scalars(behind.order_by(Mention.created_at.desc(), Mention.id.desc()).limit(1)).first()


def new_draft(doing: Doing, mention: Mention, language: str) -> Reply:
    """An empty draft of the case, begun by a person."""
    reply = Reply(
        case_id=doing.case.id,
        mention_id=mention.id,
        playbook_id="",
        language=language,
        text="",
        drafted_at=doing.now,
    )
    doing.session.add(reply)
    doing.session.flush()
    record(doing.session, doing.now, "reply.drafted", actor=doing.who.id, case_id=doing.case.id, reply_id=reply.id)
    return reply


def is_link(text: str) -> bool:
    """Whether the text is a web address that a card may link."""
    if len(text) > LONGEST_LINK or any(sign.isspace() or sign in "<>|" for sign in text):
        return False
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and "." in (parts.hostname or "")


def _language(session: Session, mention: Mention, wording: Wording) -> str:
    heard = session.scalar(select(VerdictRow.language).where(VerdictRow.mention_id == mention.id))
    known = wording.profile.languages
    return heard if heard in known else known[0]


def _somebody_waits(session: Session, case: Case) -> bool:
    """Whether complaints stand in an alert's thread since we last spoke there."""
    thread = session.get(Thread, case.thread_id) if case.kind == "alert" and case.thread_id is not None else None
    return thread is not None and waiting_in(session, thread) is not None


def _answered_before(session: Session, case: Case) -> Outcome:
    sent = (ReplyState.SENT, ReplyState.BY_HAND)
    last = session.scalars(
        select(Reply).where(Reply.case_id == case.id, Reply.state.in_(sent)).order_by(Reply.id.desc()).limit(1)
    ).first()
    if last is None:
        return Outcome(False, "already_by_hand", at=case.answered_at)  # a colleague, on the platform
    code = "already_by_hand" if last.state is ReplyState.BY_HAND else "already_sent"
    return Outcome(False, code, by=last.decided_by_name, by_id=last.decided_by, at=last.sent_at or last.decided_at)

"""What people may do to a reply: approve, edit, swap, reject, answer by hand, settle an unknown outcome.

Every call is one transaction around a compare-and-set on the draft's version, so two clicks, or two people, give one
reply; whoever comes second is told who came first.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models.audit import OURSELVES, AuditEntry
from models.base import Sessions
from models.cases import Case, Reply, Suggestion
from models.jobs import JobKind, put
from models.mentions import Mention
from models.replies import move_reply
from models.states import ReplyState
from responders.casework_closing import end
from responders.casework_writing import is_link
from responders.drafts import rewrite
from responders.permission import may, refused
from responders.profile import ShopProfile
from responders.publish import mark_answered
from responders.reachability import RouteKind
from responders.reply_texts import base_text, texts_of
from responders.roles import Act, Roles
from responders.routes import Abilities, Limits, route_for
from responders.slack.actions import Batch, DraftView, Outcome, Person, WaitingDraft
from responders.tone import finding_sentence
from responders.wording import Wording

logger = logging.getLogger(__name__)

_TOO_LATE = {
    ReplyState.APPROVED: "already_approved",
    ReplyState.SENDING: "already_approved",
    ReplyState.UNCONFIRMED: "already_approved",
    ReplyState.SENT: "already_sent",
    ReplyState.REJECTED: "already_rejected",
    ReplyState.BY_HAND: "already_by_hand",
}


class _Undone(Exception):
    """Takes a transaction back and carries out what to tell the person."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(outcome.code)
        self.outcome = outcome


class Approvals:
    """Meets `responders.slack.actions.Actions` and `Batches`; the desk calls the same."""

    def __init__(
        self,
        *,
        sessions: Sessions,
        clock: Callable[[], datetime],
        wall: Callable[[], datetime],
        limits: Limits,
        abilities: Abilities,
        profile: ShopProfile,
        language: str,
        roles: Roles,
    ) -> None:
        self._sessions = sessions
        self._clock = clock
        self._wall = wall
        self._wording = Wording(limits, profile)
        self._abilities = abilities
        self._language = language
        self._roles = roles

    def draft(self, reply_id: int, language: str | None = None) -> DraftView | None:
        """The text as it stands, with its limit and what we would warn about, in `language` or else the shop's.

        None when there is no such reply.
        """
        with self._sessions() as session:
            reply = session.get(Reply, reply_id)
            if reply is None:
                return None
            mention = session.get_one(Mention, reply.mention_id)
            limit, private = self._wording.limit(session, mention)
            findings = self._wording.findings(session, mention, reply.language, reply.text)
            said = language or self._language
            return DraftView(
                reply_id=reply.id,
                version=reply.version,
                text=reply.text,
                limit=limit.longest,
                used=limit.measure(reply.text),
                public=not private,
                base=base_text(session, reply),
                warnings=tuple(finding_sentence(finding, said) for finding in findings if not finding.blocks),
            )

    def approve(self, reply_id: int, version: int, who: Person) -> Outcome:
        """The draft the person read becomes the reply that is sent, once."""
        return self._decide(reply_id, who, lambda session, reply: self._approve(session, reply, version, who))

    def waiting(self) -> Sequence[WaitingDraft]:
        """The drafts by people who may not send them, the oldest first."""
        with self._sessions() as session:
            return waiting_for_approval(session)

    def approve_many(self, chosen: Sequence[tuple[int, int]], who: Person) -> Batch:
        """Approves each (reply, version) by itself: one that cannot be leaves the others as they are."""
        no = refused(self._roles, who, Act.APPROVE_MANY)
        if no is not None:
            return Batch(no.code)
        if not chosen:
            return Batch("empty")
        outcomes = tuple((reply_id, self.approve(reply_id, version, who)) for reply_id, version in chosen)
        approved = sum(outcome.ok for _, outcome in outcomes)
        return Batch("all" if approved == len(outcomes) else "some" if approved else "none", outcomes)

    def edit(self, reply_id: int, version: int, text: str, who: Person) -> Outcome:
        """The person's words take the draft's place; the card shows them and waits for an approval."""
        sends = may(self._roles, who, Act.APPROVE)
        return self._decide(
            reply_id, who, lambda session, reply: self._edit(session, reply, version, text, who, sends), Act.DRAFT
        )

    def edit_and_approve(self, reply_id: int, version: int, text: str, who: Person) -> Outcome:
        """Both at once, or neither."""

        def both(session: Session, reply: Reply) -> Outcome:
            edited = self._edit(session, reply, version, text, who, may_send=True)
            return self._approve(session, reply, reply.version, who) if edited.ok else edited

        return self._decide(reply_id, who, both)

    def other(self, reply_id: int, version: int, who: Person) -> Outcome:
        """The next suggestion takes the draft's place; after the last comes the first."""

        def swap(session: Session, reply: Reply) -> Outcome:
            suggestions = session.scalars(
                select(Suggestion)
                .where(Suggestion.case_id == reply.case_id, Suggestion.text != "")
                .order_by(Suggestion.rank)
            ).all()
            if len(suggestions) < 2:
                return Outcome(False, "no_other")
            ranks = [suggestion.rank for suggestion in suggestions]
            at = ranks.index(reply.suggestion_rank) if reply.suggestion_rank in ranks else -1
            chosen = suggestions[(at + 1) % len(suggestions)]
            values = {
                "text": chosen.text,
                "playbook_id": chosen.playbook_id,
                "language": chosen.language,
                "suggestion_rank": chosen.rank,
            }
            done = rewrite(
                session, reply, version, who, self._clock(), "reply.swapped", own_words=False, may_send=True, **values
            )
            return Outcome(True) if done else self._too_late(session, reply)

        return self._decide(reply_id, who, swap, Act.DRAFT)

    def restore(self, reply_id: int, version: int, earlier: int, who: Person) -> Outcome:
        """The text of an earlier version takes the draft's place."""
        sends = may(self._roles, who, Act.APPROVE)

        def back(session: Session, reply: Reply) -> Outcome:
            kept = next((one for one in texts_of(session, reply.id) if one.version == earlier), None)
            if kept is None:
                return Outcome(False, "not_found")
            done = rewrite(
                session, reply, version, who, self._clock(), "reply.restored",
                own_words=kept.by_id is not None, may_send=sends, text=kept.text,
            )  # fmt: skip
            return Outcome(True) if done else self._too_late(session, reply)

        return self._decide(reply_id, who, back, Act.DRAFT)

    def reject(self, reply_id: int, version: int, reason: str, who: Person) -> Outcome:
        """The case closes without a reply; the written reason stays with it."""

        def close(session: Session, reply: Reply) -> Outcome:
            if not reason.strip():
                return Outcome(False, "empty", field="reason")
            done = self._move(session, reply, ReplyState.REJECTED, version, who, reason=reason.strip())
            if done.ok:
                case = session.get_one(Case, reply.case_id)
                end(session, case, who, reason.strip(), self._clock())
            return done

        return self._decide(reply_id, who, close)

    def by_hand(self, reply_id: int, version: int, who: Person, link: str = "") -> Outcome:
        """The person answered on the platform and says so; `link` leads to their answer."""
        where = link.strip()

        def answered(session: Session, reply: Reply) -> Outcome:
            if where and not is_link(where):
                return Outcome(False, "bad_link", field="link")
            done = self._move(session, reply, ReplyState.BY_HAND, version, who, permalink=where or None)
            if done.ok:
                _answered(session, reply, self._clock())
            return done

        return self._decide(reply_id, who, answered)

    def confirm_sent(self, reply_id: int, version: int, who: Person) -> Outcome:
        """The person saw our reply in the thread."""

        def seen(session: Session, reply: Reply) -> Outcome:
            now = self._clock()
            moved = move_reply(
                session, reply.id, ReplyState.UNCONFIRMED, ReplyState.SENT, at=now, actor=who.id, version=version,
                sent_at=now, problem=None,
            )  # fmt: skip
            if not moved:
                return self._too_late(session, reply)
            _answered(session, reply, now)
            return Outcome(True)

        return self._decide(reply_id, who, seen)

    def send_again(self, reply_id: int, version: int, who: Person) -> Outcome:
        """The person looked: our reply is not there. It is approved anew, by them."""

        def again(session: Session, reply: Reply) -> Outcome:
            now = self._clock()
            moved = move_reply(
                session, reply.id, ReplyState.UNCONFIRMED, ReplyState.APPROVED, at=now, actor=who.id, version=version,
                decided_by=who.id, decided_by_name=who.name, decided_at=now, read_backs=0,
                problem=None,
            )  # fmt: skip
            if not moved:
                return self._too_late(session, reply)
            session.execute(update(Reply).where(Reply.id == reply.id).values(version=Reply.version + 1))
            put(session, JobKind.PUBLISH, str(reply.id), self._wall())
            return Outcome(True)

        return self._decide(reply_id, who, again)

    def _decide(
        self, reply_id: int, who: Person, act: Callable[[Session, Reply], Outcome], asked: Act = Act.APPROVE
    ) -> Outcome:
        """Runs `act` in one transaction that is undone unless it went well; the card is redrawn either way."""
        outcome = refused(self._roles, who, asked) or self._in_one_transaction(reply_id, act)
        logger.info("decision reply=%d person=%s ok=%s code=%s", reply_id, who.id, outcome.ok, outcome.code)
        return outcome

    def _in_one_transaction(self, reply_id: int, act: Callable[[Session, Reply], Outcome]) -> Outcome:
        try:
            with self._sessions.begin() as session:
                reply = session.get(Reply, reply_id)
                outcome = act(session, reply) if reply is not None else Outcome(False, "not_found")
                if reply is None or not outcome.ok:
                    raise _Undone(outcome)
                put(session, JobKind.SHOW_CARD, str(reply.case_id), self._wall(), urgent=True)
        except _Undone as undone:
            outcome = undone.outcome
        return outcome

    def _approve(self, session: Session, reply: Reply, version: int, who: Person) -> Outcome:
        mention = session.get_one(Mention, reply.mention_id)
        wrong = self._wording.blocked(session, mention, reply.language, reply.text)
        if wrong is not None:
            return wrong
        if route_for(session, mention, self._abilities, self._clock()).kind is not RouteKind.API:
            return Outcome(False, "not_reachable")
        done = self._move(session, reply, ReplyState.APPROVED, version, who)
        if done.ok:
            put(session, JobKind.PUBLISH, str(reply.id), self._wall())
        return done

    def _edit(self, session: Session, reply: Reply, version: int, text: str, who: Person, may_send: bool) -> Outcome:
        words, mention = text.strip(), session.get_one(Mention, reply.mention_id)
        wrong = self._wording.blocked(session, mention, reply.language, words)
        if wrong is not None:
            return wrong
        if reply.state is ReplyState.REFUSED:
            back = move_reply(
                session, reply.id, ReplyState.REFUSED, ReplyState.DRAFTED, at=self._clock(), actor=who.id,
                version=version, problem=None,
            )  # fmt: skip
            if not back:
                return self._too_late(session, reply)
        done = rewrite(
            session, reply, version, who, self._clock(), "reply.edited", own_words=True, may_send=may_send, text=words
        )
        return Outcome(True) if done else self._too_late(session, reply)

    def _move(
        self, session: Session, reply: Reply, new: ReplyState, version: int, who: Person, **values: Any
    ) -> Outcome:
        old = (
            ReplyState.REFUSED
            if reply.state is ReplyState.REFUSED and new is not ReplyState.APPROVED
            else ReplyState.DRAFTED
        )
        now = self._clock()
        moved = move_reply(
            session, reply.id, old, new, at=now, actor=who.id, version=version,
            decided_by=who.id, decided_by_name=who.name, decided_at=now, **values,
        )  # fmt: skip
        return Outcome(True) if moved else self._too_late(session, reply)

    def _too_late(self, session: Session, reply: Reply) -> Outcome:
        session.refresh(reply)
        code = _TOO_LATE.get(reply.state)
        if code is None:
            return _changed(session, reply)
        return Outcome(False, code, by=reply.decided_by_name, by_id=reply.decided_by, at=reply.decided_at)


def _answered(session: Session, reply: Reply, now: datetime) -> None:
    mark_answered(session, reply.case_id, now, session.get_one(Mention, reply.mention_id).thread_id)


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


def _changed(session: Session, reply: Reply) -> Outcome:
    """Who changed the draft last, and when; by the name that stands with its words."""
    last = session.scalars(
        select(AuditEntry).where(AuditEntry.reply_id == reply.id).order_by(AuditEntry.id.desc()).limit(1)
    ).first()
    if last is None or last.actor == OURSELVES:
        return Outcome(False, "changed")
    names = {one.by_id: one.by_name for one in texts_of(session, reply.id)}
    return Outcome(False, "changed", by=names.get(last.actor), by_id=last.actor, at=last.at)

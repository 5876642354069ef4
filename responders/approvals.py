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

from models.base import Sessions
from models.cases import Case, Reply
from models.jobs import JobKind, put
from models.mentions import Mention
from models.replies import move_reply
from models.states import ReplyState
from responders import rewording
from responders.casework_closing import end
from responders.casework_writing import is_link
from responders.deeds import DONE, Doing, in_one_transaction
from responders.first_come import too_late
from responders.permission import may, refused
from responders.profile import ShopProfile
from responders.publish import mark_answered
from responders.reachability import RouteKind
from responders.reply_texts import base_text
from responders.roles import Act, Roles
from responders.routes import Abilities, Limits, route_for
from responders.slack.actions import Batch, DraftView, Outcome, Person, WaitingDraft
from responders.tone import finding_sentence
from responders.waiting_drafts import waiting_for_approval
from responders.wording import Wording

logger = logging.getLogger(__name__)

Deed = Callable[[Doing, Reply], Outcome]


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
        return self._decide(reply_id, who, lambda doing, reply: self._approve(doing, reply, version))

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
            reply_id,
            who,
            lambda doing, reply: rewording.edit(doing, reply, version, text, self._wording, may_send=sends),
            Act.DRAFT,
        )

    def edit_and_approve(self, reply_id: int, version: int, text: str, who: Person) -> Outcome:
        """Both at once, or neither."""

        def both(doing: Doing, reply: Reply) -> Outcome:
            edited = rewording.edit(doing, reply, version, text, self._wording, may_send=True)
            return self._approve(doing, reply, reply.version) if edited.ok else edited

        return self._decide(reply_id, who, both)

    def other(self, reply_id: int, version: int, who: Person) -> Outcome:
        """The next suggestion takes the draft's place; after the last comes the first."""
        return self._decide(reply_id, who, lambda doing, reply: rewording.swap(doing, reply, version), Act.DRAFT)

    def restore(self, reply_id: int, version: int, earlier: int, who: Person) -> Outcome:
        """The text of an earlier version takes the draft's place."""
        sends = may(self._roles, who, Act.APPROVE)
        return self._decide(
            reply_id,
            who,
            lambda doing, reply: rewording.restore(doing, reply, version, earlier, may_send=sends),
            Act.DRAFT,
        )

    def reject(self, reply_id: int, version: int, reason: str, who: Person) -> Outcome:
        """The case closes without a reply; the written reason stays with it."""

        def close(doing: Doing, reply: Reply) -> Outcome:
            if not reason.strip():
                return Outcome(False, "empty", field="reason")
            done = _move(doing, reply, ReplyState.REJECTED, version, reason=reason.strip())
            if done.ok:
                end(doing.session, doing.case, who, reason.strip(), doing.now)
            return done

        return self._decide(reply_id, who, close)

    def by_hand(self, reply_id: int, version: int, who: Person, link: str = "") -> Outcome:
        """The person answered on the platform and says so; `link` leads to their answer."""
        where = link.strip()

        def answered(doing: Doing, reply: Reply) -> Outcome:
            if where and not is_link(where):
                return Outcome(False, "bad_link", field="link")
            done = _move(doing, reply, ReplyState.BY_HAND, version, permalink=where or None)
            if done.ok:
                _answered(doing, reply)
            return done

        return self._decide(reply_id, who, answered)

    def confirm_sent(self, reply_id: int, version: int, who: Person) -> Outcome:
        """The person saw our reply in the thread."""

        def seen(doing: Doing, reply: Reply) -> Outcome:
            states = (ReplyState.UNCONFIRMED, ReplyState.SENT)
            if not _moved(doing, reply, *states, version, sent_at=doing.now, problem=None):
                return too_late(doing.session, reply)
            _answered(doing, reply)
            return DONE

        return self._decide(reply_id, who, seen)

    def send_again(self, reply_id: int, version: int, who: Person) -> Outcome:
        """The person looked: our reply is not there. It is approved anew, by them."""

        def again(doing: Doing, reply: Reply) -> Outcome:
            states = (ReplyState.UNCONFIRMED, ReplyState.APPROVED)
            if not _moved(doing, reply, *states, version, **_decided(doing), read_backs=0, problem=None):
                return too_late(doing.session, reply)
            doing.session.execute(update(Reply).where(Reply.id == reply.id).values(version=Reply.version + 1))
            _ask_publisher(doing, reply)
            return DONE

        return self._decide(reply_id, who, again)

    def _decide(self, reply_id: int, who: Person, deed: Deed, asked: Act = Act.APPROVE) -> Outcome:
        """Runs `deed` on the reply, with its case held, if they may."""
        wanted = select(Case).join(Reply).where(Reply.id == reply_id)
        outcome = refused(self._roles, who, asked) or in_one_transaction(
            self._sessions, wanted, who, self._clock, self._wall,
            lambda doing: deed(doing, doing.session.get_one(Reply, reply_id)),
        )  # fmt: skip
        logger.info("decision reply=%d person=%s ok=%s code=%s", reply_id, who.id, outcome.ok, outcome.code)
        return outcome

    def _approve(self, doing: Doing, reply: Reply, version: int) -> Outcome:
        mention = doing.session.get_one(Mention, reply.mention_id)
        wrong = self._wording.blocked(doing.session, mention, reply.language, reply.text)
        if wrong is not None:
            return wrong
        if route_for(doing.session, mention, self._abilities, doing.now).kind is not RouteKind.API:
            return Outcome(False, "not_reachable")
        done = _move(doing, reply, ReplyState.APPROVED, version)
        if done.ok:
            _ask_publisher(doing, reply)
        return done


def _move(doing: Doing, reply: Reply, new: ReplyState, version: int, **values: Any) -> Outcome:
    """Decides about what waits for a person: a draft, or what the platform refused, which nobody approves as it is."""
    refused_there = reply.state is ReplyState.REFUSED and new is not ReplyState.APPROVED
    old = ReplyState.REFUSED if refused_there else ReplyState.DRAFTED
    moved = _moved(doing, reply, old, new, version, **_decided(doing), **values)
    return DONE if moved else too_late(doing.session, reply)


def _moved(doing: Doing, reply: Reply, old: ReplyState, new: ReplyState, version: int, **values: Any) -> bool:
    return move_reply(doing.session, reply.id, old, new, at=doing.now, actor=doing.who.id, version=version, **values)


def _decided(doing: Doing) -> dict[str, Any]:
    return {"decided_by": doing.who.id, "decided_by_name": doing.who.name, "decided_at": doing.now}


def _ask_publisher(doing: Doing, reply: Reply) -> None:
    put(doing.session, JobKind.PUBLISH, str(reply.id), doing.wall)


def _answered(doing: Doing, reply: Reply) -> None:
    where = doing.session.get_one(Mention, reply.mention_id).thread_id
    mark_answered(doing.session, reply.case_id, doing.now, where)

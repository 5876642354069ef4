"""Gathers what a case's card shows from the store, and has it drawn."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.cases import Case, Reply, Suggestion
from models.mentions import Mention, Thread
from models.reasons import Reason, say
from models.states import CaseState
from models.verdicts import VerdictRow
from responders.case_facts import facts_of
from responders.case_posts import channel_of, counts_of, in_alert, last_posts, since_of, subject_of
from responders.escalation_view import escalation_view
from responders.evidence import comments_behind
from responders.forecast_words import say_forecast
from responders.grading import grade_of
from responders.heard import AllHeard, heard_from_customer, heard_from_many
from responders.oncall import NOBODY, Duty
from responders.playbooks.playbook import Playbook
from responders.ports import Card
from responders.profile import ShopProfile
from responders.routes import Abilities, Limits, limit_for, route_for
from responders.slack.cards import card_for
from responders.slack.views import (
    CardReply,
    CardSuggestion,
    CaseView,
    Kind,
    Level,
    Route,
    Unanswered,
    Way,
    Writer,
)
from responders.taking_in import taken_in_of
from responders.tone import check, finding_sentence
from responders.topic_posts import topic_words
from responders.unanswered import ANSWER_WITHIN, burns, minutes_waited
from responders.waiting_threads import waiting_in
from responders.whys import say_hand_over, say_missing, say_whys


@dataclass(frozen=True)
class Drawing:
    """Draws cards in one language, for one shop."""

    language: str
    zone: ZoneInfo
    abilities: Abilities
    limits: Limits
    profile: ShopProfile
    playbooks: Mapping[str, Playbook]
    answer_within: timedelta = ANSWER_WITHIN
    duty: Duty = NOBODY

    def draw(self, session: Session, case: Case, now: datetime) -> Card:
        """The case's card as it stands now."""
        return card_for(self.view(session, case, now), self.language, self.zone)

    def _unanswered(self, session: Session, case: Case, thread: Thread | None, now: datetime) -> Unanswered | None:
        """How long a burning thread of ours has waited; its card alone tells that."""
        if case.kind != "alert" or case.level == "watch" or thread is None:
            return None
        waiting = waiting_in(session, thread) if case.matter.startswith("alert:thread:") else None
        if waiting is None or not burns(waiting, now):
            return None
        return Unanswered(minutes_waited(waiting, now), int(self.answer_within.total_seconds() // 60))

    def _forecast(self, case: Case) -> str:
        """What is to come of an alert; of what people have closed nothing is foretold."""
        if case.kind != "alert" or case.state is CaseState.CLOSED:
            return ""
        return say_forecast(case.forecast, case.reasons, self.language)

    def view(self, session: Session, case: Case, now: datetime) -> CaseView:
        """Everything the card shows, as values."""
        mention = session.get(Mention, case.mention_id) if case.mention_id is not None else None
        thread = session.get(Thread, case.thread_id) if case.thread_id is not None else None
        reply = newest_reply(session, case.id)
        verdict = _verdict(session, mention)
        heard = _heard(session, case, thread, mention)
        return CaseView(
            case_id=case.id,
            number=case.number,
            kind=Kind(case.kind),
            brand=case.brand,
            channel=channel_of(session, case, mention, thread),
            place=mention.place if mention else "",
            about=_about(mention),
            since=since_of(session, case, thread, mention),
            route=self._route(session, mention, now),
            level=Level(case.level) if case.level is not None else None,
            subject=subject_of(case, thread),
            topic_words=topic_words(session, case) if case.topic_id is not None else (),
            who=_writer(mention),
            permalink=mention.permalink if mention else None,
            counts=counts_of(session, case, thread) if case.kind == "alert" else None,
            unanswered=self._unanswered(session, case, thread, now),
            topics=heard.topics,
            risks=heard.risks,
            risk_permalink=heard.risk_permalink,
            unsure=(verdict.abstention or "unsure") if verdict is not None and verdict.abstained else None,
            language=verdict.language if verdict is not None else "",
            forecast=self._forecast(case),
            reasons=tuple(_sentence(say(reason, self.language)) for reason in _strongest(case)),
            evidence=comments_behind(session, case) if case.kind == "alert" else (),
            posts=tuple(last_posts(session, case, thread, mention)),
            suggestions=tuple(self._suggestions(session, case, reply)),
            reply=_reply(reply),
            warnings=self._warnings(session, case, reply, mention, thread),
            state=case.state,
            grade=grade_of(session, case.id) if case.kind == "alert" else None,
            facts=facts_of(session, case, reply, now),
            taken_in=taken_in_of(session, case.id) if case.kind == "contact" else None,
            escalation=escalation_view(session, case, self.duty, now),
        )

    def _route(self, session: Session, mention: Mention | None, now: datetime) -> Route:
        if mention is None:
            return Route(Way.NONE, "no")
        route = route_for(session, mention, self.abilities, now)
        return Route(Way(route.kind), str(route.why), route.until, route.then)

    def _warnings(
        self, session: Session, case: Case, reply: Reply | None, mention: Mention | None, thread: Thread | None
    ) -> tuple[str, ...]:
        if reply is None or mention is None:
            return ()
        private = thread is not None and thread.is_private
        limit = limit_for(self.limits, mention.channel, private)
        findings = check(reply.text, language=reply.language, public=not private, limit=limit, profile=self.profile)
        said = [finding_sentence(finding, self.language) for finding in findings]
        for row in _kept(session, case):
            name = self._name(row)
            if row.missing:
                said.append(say_missing(row.missing, self.language, name))
            elif row.hand_over and row.playbook_id == reply.playbook_id:
                said.append(say_hand_over(self.language))
        return tuple(said)

    def _name(self, row: Suggestion) -> str | None:
        playbook = self.playbooks.get(row.playbook_id)
        return playbook.name.get(self.language) if playbook is not None else None

    def _suggestions(self, session: Session, case: Case, reply: Reply | None) -> Iterable[CardSuggestion]:
        rows = [row for row in _kept(session, case) if row.text]
        chosen = reply.suggestion_rank if reply is not None else 0
        ordered = sorted(rows, key=lambda row: (row.rank - chosen) % len(rows))
        for row in ordered[:2]:
            yield CardSuggestion(row.id, row.text, say_whys(row.why, self.language, self._name(row)))


def _kept(session: Session, case: Case) -> Sequence[Suggestion]:
    return session.scalars(select(Suggestion).where(Suggestion.case_id == case.id).order_by(Suggestion.rank)).all()


def newest_reply(session: Session, case_id: int) -> Reply | None:
    """The case's reply that the card is about: the newest one."""
    return session.scalars(select(Reply).where(Reply.case_id == case_id).order_by(Reply.id.desc()).limit(1)).first()


def _about(mention: Mention | None) -> str:
    """The first words of the post that the matter is about."""
    if mention is None:
        return ""
    words = " ".join(mention.text.split())
    return words if len(words) <= 160 else words[:160].rsplit(" ", 1)[0] + " …"


def _writer(mention: Mention | None) -> Writer | None:
    if mention is None or mention.author_id is None:
        return None
    return Writer(mention.author_name or "", mention.author_handle, mention.author_followers)


def _verdict(session: Session, mention: Mention | None) -> VerdictRow | None:
    if mention is None:
        return None
    return session.scalars(select(VerdictRow).where(VerdictRow.mention_id == mention.id)).first()


def _heard(session: Session, case: Case, thread: Thread | None, mention: Mention | None) -> AllHeard:
    if case.kind == "alert":
        return heard_from_many(session, in_alert(case, thread))
    if mention is None or thread is None:
        return AllHeard()
    return heard_from_customer(session, case, mention, in_private=thread.is_private)


def _reply(reply: Reply | None) -> CardReply | None:
    if reply is None:
        return None
    return CardReply(
        id=reply.id,
        version=reply.version,
        state=reply.state,
        by=reply.decided_by_name,
        at=reply.sent_at or reply.decided_at,
        text=reply.text,
        edited_by=reply.edited_by,
        offered=reply.offered_by is not None,
        permalink=reply.permalink,
        problem=reply.problem,
        reason=reply.reason,
    )


def _strongest(case: Case) -> Iterable[Reason]:
    """The three strongest reasons; that little is known is no reason of an alert's, and its forecast tells it."""
    found = (Reason.from_json(reason) for reason in case.reasons)
    return [reason for reason in found if case.kind != "alert" or reason.code != "little_history"][:3]


def _sentence(clause: str) -> str:
    return clause[:1].upper() + clause[1:]

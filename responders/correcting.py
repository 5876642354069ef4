"""How a mention was read, and putting it right: what a person says is kept, counts at once, and the draft follows.

Nothing is learnt here: that is `palovahti judge retrain`, which leaves what people wrote on X out.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.base import Sessions
from models.cases import Case
from models.corrections import Correction, store_correction, what_it_said
from models.jobs import JobKind, put
from models.mentions import Mention, Thread
from models.states import ReplyState
from models.verdicts import VerdictRow
from responders.likely import likely
from responders.matters import live_alert, live_reply
from responders.playbooks.playbook import FLAGS, REASONS, SENTIMENTS
from responders.roles import Act, Roles, allowed
from responders.slack.actions import Corrected, Draft, Person, Reading, Said
from responders.slack.reading import HEATED_FROM
from responders.suggest import Suggester

logger = logging.getLogger(__name__)

Explain = Callable[[Reading], Sequence[str] | None]
"""The words behind a reading, in the order of the text; None when the judge at work is not the one that made it."""


class Correcting:
    """Meets `responders.slack.actions.Readings`.

    A correction reaches every card about the mention, and the count of negatives on its thread's alert. Heat is left
    as it is: it takes posts in and never back, so the corrected figures count from its next rebuilding, at the start.
    """

    def __init__(
        self,
        *,
        sessions: Sessions,
        clock: Callable[[], datetime],
        wall: Callable[[], datetime],
        suggester: Suggester,
        explain: Explain,
        roles: Roles,
    ) -> None:
        self._sessions = sessions
        self._clock = clock
        self._wall = wall
        self._suggester = suggester
        self._explain = explain
        self._roles = roles

    def reading(self, case_id: int) -> Reading | None:
        """How the text that the case is about was read; None when it is about none, or nobody judged it."""
        with self._sessions() as session:
            found = session.execute(
                select(Mention, VerdictRow)
                .join(VerdictRow, VerdictRow.mention_id == Mention.id)
                .join(Case, Case.mention_id == Mention.id)
                .where(Case.id == case_id)
            ).first()
            if found is None:
                return None
            mention, verdict = found
            return _reading(case_id, mention, verdict, _corrections(session, mention.id))

    def words_behind(self, reading: Reading) -> Sequence[str] | None:
        """The words that carried the judge's label."""
        return self._explain(reading)

    def correct(self, case_id: int, mention_id: int, seen: int, said: Said, who: Person) -> Corrected:
        """What the person says takes the verdict's place, unless somebody corrected it after what they saw."""
        if not allowed(self._roles.role_of(who.id), Act.CORRECT):
            return Corrected("not_allowed")
        with self._sessions.begin() as session:
            # Of two corrections at once the second waits here, and then finds the first.
            verdict = session.scalars(
                select(VerdictRow).where(VerdictRow.mention_id == mention_id).with_for_update()
            ).first()
            if verdict is None:
                return Corrected("not_found")
            done = _beaten(session, mention_id, seen, said, who) or self._correct(session, case_id, verdict, said, who)
        logger.info("correction mention=%d person=%s code=%s", mention_id, who.id, done.code)
        return done

    def _correct(self, session: Session, case_id: int, verdict: VerdictRow, said: Said, who: Person) -> Corrected:
        mention = session.get_one(Mention, verdict.mention_id)
        if said == _said(verdict) and not verdict.abstained:
            return Corrected("same", mention.channel)
        store_correction(
            session,
            mention.id,
            label=said.label,
            high_arousal=said.high_arousal,
            reasons=said.reasons,
            flags=said.flags,
            by=who.id,
            at=self._clock(),
            case_id=case_id,
        )
        _overrule(verdict, said)
        drafts = self._follow(session, mention, verdict)
        return Corrected("stored", mention.channel, drafts.get(case_id, Draft.SAME))

    def _follow(self, session: Session, mention: Mention, verdict: VerdictRow) -> dict[int, Draft]:
        """Drafts anew where nobody has taken the draft up, and asks for the cards; what became of each case's draft."""
        thread = session.get_one(Thread, mention.thread_id)
        cases = session.scalars(select(Case).where(Case.mention_id == mention.id)).all()
        drafts = {case.id: self._redraft(session, case, mention, verdict, thread) for case in cases}
        alert = live_alert(session, thread.id)
        for shown in {*drafts, *((alert.id,) if alert is not None else ())}:
            put(session, JobKind.SHOW_CARD, str(shown), self._wall(), urgent=True)
        return drafts

    def _redraft(self, session: Session, case: Case, mention: Mention, verdict: VerdictRow, thread: Thread) -> Draft:
        reply = live_reply(session, case.id)
        if reply is None:
            return Draft.SAME
        if reply.state is not ReplyState.DRAFTED or reply.edited_by is not None or reply.suggestion_rank:
            return Draft.KEPT
        before = reply.text
        heated = case.kind == "alert"
        self._suggester.draft(session, case, mention, verdict, thread, heated=heated, now=self._clock())
        return Draft.SAME if reply.text == before else Draft.NEW


def _corrections(session: Session, mention_id: int) -> Sequence[Correction]:
    return session.scalars(select(Correction).where(Correction.mention_id == mention_id).order_by(Correction.id)).all()


def _beaten(session: Session, mention_id: int, seen: int, said: Said, who: Person) -> Corrected | None:
    """What to answer who did not see the last correction: their own came twice, or somebody else was first."""
    corrections = _corrections(session, mention_id)
    if not corrections or corrections[-1].id == seen:
        return None
    last = corrections[-1]
    theirs = Said(last.label, last.high_arousal, frozenset(last.reasons), frozenset(last.flags))
    if (last.by, theirs) == (who.id, said):
        return Corrected("again", last.channel)
    return Corrected("corrected_meanwhile", last.channel, by_id=last.by, at=last.at)


def _reading(case_id: int, mention: Mention, verdict: VerdictRow, corrections: Sequence[Correction]) -> Reading:
    judged = what_it_said(verdict) | (corrections[0].before if corrections else {})
    last = corrections[-1] if corrections else None
    return Reading(
        case_id=case_id,
        mention_id=mention.id,
        channel=mention.channel,
        text=mention.text,
        judge_version=verdict.judge_version,
        language=judged["language"],
        label=judged["label"],
        shares={side: judged[side] for side in SENTIMENTS},
        arousal=judged["arousal"],
        reasons=judged["reasons"],
        flags=judged["flags"],
        abstained=judged["abstained"],
        abstention=judged["abstention"],
        truncated=judged["truncated"],
        now=_said(verdict),
        correction=last.id if last else 0,
        corrected_by=last.by if last else None,
        corrected_at=last.at if last else None,
    )


def _said(verdict: VerdictRow) -> Said:
    reasons, flags = frozenset(likely(verdict.reasons)), frozenset(likely(verdict.flags))
    return Said(verdict.label, verdict.arousal >= HEATED_FROM, reasons, flags)


def _overrule(verdict: VerdictRow, said: Said) -> None:
    """Writes what the person said over the figures in use; the judge's own stay with the correction."""
    figures: dict[str, Any] = {side: float(side == said.label) for side in SENTIMENTS}
    figures |= {"label": said.label, "arousal": float(said.high_arousal), "abstained": False, "abstention": None}
    figures["reasons"] = {name: float(name in said.reasons) for name in REASONS}
    figures["flags"] = {name: float(name in said.flags) for name in FLAGS}
    for name, figure in figures.items():
        setattr(verdict, name, figure)

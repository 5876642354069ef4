"""Takes in what no API sees: one mention and one case a post, whoever brings it and however often, and its counts."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Protocol

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from models.audit import record
from models.base import Sessions, insert_new
from models.cases import Case
from models.growth import Counted, growth
from models.intake import ManualCount, TakenIn
from models.jobs import JobKind, put
from models.mentions import Mention, Thread
from responders.contacting import contact_matter
from responders.intake_rules import link_key
from responders.matters import Ground, open_case
from responders.roles import Act, Roles, allowed
from responders.slack.actions import Person
from responders.slack.escaping import safe_url
from responders.slack.intake_views import Intake, IntakeOutcome, Numbers, TakenInView

logger = logging.getLogger(__name__)

COUNTS_SHOWN = 2
AGAIN_WITHIN = timedelta(minutes=1)
"""The same person with the same post so soon is the same press, delivered twice."""


class KeepByHand(Protocol):
    """Stores the mention in the caller's transaction, or finds the one of that key, and asks for it to be judged."""

    def __call__(
        self,
        session: Session,
        *,
        account: str,
        key: str,
        text: str,
        link: str | None,
        who: str,
        private: bool,
        now: datetime,
        wall: datetime,
    ) -> Mention: ...


class TakingIn:
    """Meets `responders.slack.intake_views.Intakes`. Mention, case, counts and audit line are one transaction."""

    def __init__(
        self,
        *,
        sessions: Sessions,
        clock: Callable[[], datetime],
        wall: Callable[[], datetime],
        roles: Roles,
        ground: Ground,
        keep: KeepByHand,
    ) -> None:
        self._sessions = sessions
        self._clock = clock
        self._wall = wall
        self._roles = roles
        self._ground = ground
        self._keep = keep

    def take_in(self, intake: Intake, who: Person) -> IntakeOutcome:
        """A new case, or the number of the one that is there; the counts are stored with either."""
        if not allowed(self._roles.role_of(who.id), Act.WORK):
            return IntakeOutcome("not_allowed")
        if not intake.text.strip():
            return IntakeOutcome("empty")
        linked = link_key(intake.link) if intake.link.strip() else None
        if intake.link.strip() and (linked is None or safe_url(intake.link.strip()) is None):
            return IntakeOutcome("bad_link")
        key = linked or intake.message or f"form:{intake.form}"
        now, wall = self._clock(), self._wall()
        with self._sessions.begin() as session:
            known = _known(session, key, intake.message)
            taken = known or self._open(session, intake, key, who, now, wall)
            _count(session, taken, intake.form, intake.numbers, who, now, wall, told=known is not None)
            case = session.get_one(Case, taken.case_id)
            again = taken.by_id == who.id and now - taken.at < AGAIN_WITHIN
            code = "taken_in" if known is None or again else "known"
            outcome = IntakeOutcome(code, case.number, case.id)
        logger.info("taken in case=%d code=%s user=%s", taken.case_id, outcome.code, who.id)
        return outcome

    def count(self, case_id: int, form: str, numbers: Numbers, who: Person) -> IntakeOutcome:
        """Stores what the post shows now."""
        if not allowed(self._roles.role_of(who.id), Act.WORK):
            return IntakeOutcome("not_allowed")
        if numbers == Numbers():
            return IntakeOutcome("empty")
        with self._sessions.begin() as session:
            taken = session.scalars(select(TakenIn).where(TakenIn.case_id == case_id)).first()
            if taken is None:
                return IntakeOutcome("not_found")
            _count(session, taken, form, numbers, who, self._clock(), self._wall(), told=True)
            return IntakeOutcome("counted", session.get_one(Case, case_id).number, case_id)

    def seen(self, case_id: int) -> TakenInView | None:
        """Where a case was found, with its last counts; None for one that came by itself."""
        with self._sessions() as session:
            return taken_in_of(session, case_id)

    def _open(self, session: Session, intake: Intake, key: str, who: Person, now: datetime, wall: datetime) -> TakenIn:
        link = intake.link.strip() or intake.message_url
        mention = self._keep(
            session, account=self._ground.brand, key=key, text=intake.text.strip(), link=link, who=intake.who,
            private=intake.private, now=now, wall=wall,
        )  # fmt: skip
        thread = session.get_one(Thread, mention.thread_id)
        case = open_case(session, contact_matter(mention, thread), "contact", self._ground, thread.id, now)
        case.mention_id = mention.id
        taken = TakenIn(
            mention_id=mention.id, case_id=case.id, key=key, message=intake.message, found_on=intake.found_on,
            by_id=who.id, by_name=who.name, at=now,
        )  # fmt: skip
        session.add(taken)
        session.flush()
        record(session, now, "case.taken_in", actor=who.id, case_id=case.id, found_on=intake.found_on)
        put(session, JobKind.SHOW_CARD, str(case.id), wall)
        return taken


def taken_in_of(session: Session, case_id: int) -> TakenInView | None:
    """What a card tells of a case that was taken in by hand; None for one that came by itself."""
    taken = session.scalars(select(TakenIn).where(TakenIn.case_id == case_id)).first()
    if taken is None:
        return None
    newest = session.scalars(
        select(ManualCount)
        .where(ManualCount.mention_id == taken.mention_id)
        .order_by(ManualCount.at.desc(), ManualCount.id.desc())
        .limit(COUNTS_SHOWN)
    ).all()
    counts = [Counted(one.at, one.comments, one.reactions, one.shares) for one in reversed(newest)]
    private = session.scalar(
        select(Thread.is_private).join(Mention, Mention.thread_id == Thread.id).where(Mention.id == taken.mention_id)
    )
    return TakenInView(taken.found_on, taken.by_name, taken.at, bool(private), counts, growth(counts))


def _known(session: Session, key: str, message: str | None) -> TakenIn | None:
    same = [TakenIn.key == key] + ([TakenIn.message == message] if message is not None else [])
    return session.scalars(select(TakenIn).where(or_(*same)).order_by(TakenIn.id).limit(1)).first()


def _count(
    session: Session,
    taken: TakenIn,
    form: str,
    numbers: Numbers,
    who: Person,
    now: datetime,
    wall: datetime,
    *,
    told: bool,
) -> None:
    """Stores the numbers once a form, and asks heat to look.

    `told` writes the audit line of a later count and has the card redrawn.
    """
    if numbers == Numbers():
        return
    put(session, JobKind.HEAT, "", wall)
    row = {
        "mention_id": taken.mention_id, "form": form, "at": now, "comments": numbers.comments,
        "reactions": numbers.reactions, "shares": numbers.shares, "by_id": who.id, "by_name": who.name,
    }  # fmt: skip
    if insert_new(session, ManualCount, [row], ("mention_id", "form")) and told:
        record(session, now, "case.counted", actor=who.id, case_id=taken.case_id)
        put(session, JobKind.SHOW_CARD, str(taken.case_id), wall)

"""What people do with a case beside deciding about its reply: who may, in one transaction, told to who comes second."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection
from datetime import datetime

from sqlalchemy import select

from models.base import Sessions
from models.cases import Case, CaseNote
from models.states import NoteKind
from responders import casework_closing, casework_linking, casework_notes, casework_owning, casework_resting
from responders import casework_writing as writing
from responders.briefs import brief_of
from responders.deeds import Doing, in_one_transaction
from responders.permission import may, refused
from responders.roles import Act, Roles
from responders.slack.actions import Outcome, Person
from responders.slack.casework import CaseBrief, Closing
from responders.suggest import Suggester
from responders.wording import Wording

logger = logging.getLogger(__name__)

Deed = Callable[[Doing], Outcome]


class CaseDeeds:
    """Meets `responders.slack.casework.Casework`; every call is one transaction that is undone unless it went well.

    `teams` are the names of the settings; `roles` are asked again for every act.
    """

    def __init__(
        self,
        *,
        sessions: Sessions,
        clock: Callable[[], datetime],
        wall: Callable[[], datetime],
        roles: Roles,
        teams: Collection[str],
        suggester: Suggester,
        wording: Wording,
    ) -> None:
        self._sessions = sessions
        self._clock = clock
        self._wall = wall
        self._roles = roles
        self._teams = frozenset(teams)
        self._suggester = suggester
        self._wording = wording

    def brief(self, case_id: int) -> CaseBrief | None:
        """The case as it stands; None when there is no such case."""
        with self._sessions() as session:
            case = session.get(Case, case_id)
            return brief_of(session, case) if case is not None else None

    def numbered(self, number: int) -> CaseBrief | None:
        """The case of this number; one that another stands for is found too, and says which."""
        with self._sessions() as session:
            case = session.scalars(select(Case).where(Case.number == number)).first()
            return brief_of(session, case) if case is not None else None

    def take(self, case_id: int, who: Person) -> Outcome:
        """The case is theirs. Ok with the code `taken_from`, and `by`, where a colleague had it."""
        lead = may(self._roles, who, Act.ASSIGN)
        return self._do("take", case_id, who, Act.TAKE, lambda doing: casework_owning.take(doing, may_assign=lead))

    def assign(self, case_id: int, owner: Person | None, team: str | None, who: Person) -> Outcome:
        """The case goes to a colleague, a team or both, and from who had it; with neither it is nobody's."""
        if team is not None and team not in self._teams:
            return Outcome(False, "unknown_team")
        if owner is not None and not may(self._roles, owner, Act.TAKE):
            return Outcome(False, "owner_may_not", by=owner.name)
        return self._do("assign", case_id, who, Act.ASSIGN, lambda doing: casework_owning.assign(doing, owner, team))

    def note(self, case_id: int, text: str, who: Person) -> Outcome:
        """A note that the customer never sees."""
        return self._do("note", case_id, who, Act.NOTE, lambda doing: casework_notes.note(doing, text))

    def log_call(self, case_id: int, minutes: int, text: str, who: Person) -> Outcome:
        """A talk on the telephone; its words may be left out."""
        return self._do("log_call", case_id, who, Act.NOTE, lambda doing: casework_notes.log_call(doing, minutes, text))

    def ask(self, case_id: int, colleague: Person, question: str, who: Person) -> Outcome:
        """A question to a colleague, in a message of their own."""
        if not may(self._roles, colleague, Act.GRADE):
            return Outcome(False, "colleague_may_not", by=colleague.name)
        return self._do("ask", case_id, who, Act.NOTE, lambda doing: casework_notes.ask(doing, colleague, question))

    def answer(self, question_id: int, text: str, who: Person) -> Outcome:
        """The answer to a question, by who was asked, whatever their role, or by any who may make notes."""
        with self._sessions() as session:
            question = session.get(CaseNote, question_id)
        if question is None or question.kind is not NoteKind.QUESTION:
            return Outcome(False, "not_found")
        asked = Act.GRADE if question.to_id == who.id else Act.NOTE
        return self._do(
            "answer", question.case_id, who, asked, lambda doing: casework_notes.answer(doing, question, text)
        )

    def snooze(self, case_id: int, until: datetime, who: Person) -> Outcome:
        """The case is put off until then, or until the customer writes again or it burns hotter."""
        return self._do("snooze", case_id, who, Act.WORK, lambda doing: casework_resting.snooze(doing, until))

    def wake(self, case_id: int, who: Person) -> Outcome:
        """The case is not put off any longer."""
        return self._do("wake", case_id, who, Act.WORK, casework_resting.wake)

    def close(self, case_id: int, closing: Closing, who: Person) -> Outcome:
        """The case ends; its draft, where one waits, gives way."""
        return self._do("close", case_id, who, Act.WORK, lambda doing: casework_closing.close(doing, closing))

    def reopen(self, case_id: int, who: Person) -> Outcome:
        """A case that ended, or that another stands for, waits for us again by itself."""
        return self._do("reopen", case_id, who, Act.WORK, lambda doing: casework_closing.reopen(doing, self._suggester))

    def link(self, case_id: int, number: int, who: Person) -> Outcome:
        """The case ends, and the one of that number stands for it."""
        return self._do(
            "link", case_id, who, Act.WORK, lambda doing: casework_linking.link(doing, number, self._suggester)
        )

    def write(self, case_id: int, text: str, who: Person) -> Outcome:
        """The person's words are the draft of the case; they leave when somebody who may approves them."""
        sends = may(self._roles, who, Act.APPROVE)
        return self._do(
            "write", case_id, who, Act.DRAFT, lambda doing: writing.write(doing, text, self._wording, may_send=sends)
        )

    def answered_by_hand(self, case_id: int, who: Person, link: str = "") -> Outcome:
        """The person answered on the platform, also where no draft waits; `link` leads to their answer."""
        return self._do(
            "answered_by_hand", case_id, who, Act.APPROVE, lambda doing: writing.answered_by_hand(doing, link.strip())
        )

    def _do(self, name: str, case_id: int, who: Person, act: Act, deed: Deed) -> Outcome:
        wanted = select(Case).where(Case.id == case_id)
        outcome = refused(self._roles, who, act) or in_one_transaction(
            self._sessions, wanted, who, self._clock, self._wall, deed
        )
        logger.info("case deed=%s case=%d person=%s ok=%s code=%s", name, case_id, who.id, outcome.ok, outcome.code)
        return outcome

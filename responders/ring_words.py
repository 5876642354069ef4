"""What a call about a fire says: in Slack in the person's own language, elsewhere in the shop's, in numbers alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from models.cases import Case
from models.escalations import Escalation, EscalationRing
from responders.draw import Drawing
from responders.oncall import By, Call, Duty
from responders.oncall_ringing import Message
from responders.ports import Card
from responders.slack.catalogue import words_for
from responders.slack.escalating_blocks import RingView, ring_card, ring_text, ring_title
from responders.slack.escalations import EscalationView


@dataclass(frozen=True)
class RingWords:
    """`channel` is where alerts' cards stand; `language_of` asks for the language of a person's Slack, by their id."""

    drawing: Drawing
    duty: Duty
    channel: str
    language_of: Callable[[str], str | None]

    def message(self, session: Session, case: Case, escalation: Escalation, ring: EscalationRing) -> Message:
        """What a route outside of Slack is given: no customer's words and nobody's name."""
        view, words = self._view(session, case, escalation, ring, escalation.begun_at), words_for(self.drawing.language)
        return Message(ring_title(view, words), ring_text(view, words), escalation.level, ring.key, test=False)

    def card(
        self,
        session: Session,
        case: Case,
        escalation: Escalation,
        ring: EscalationRing,
        call: Call | None,
        now: datetime,
    ) -> Callable[[], Card]:
        """Gathers what the message shows; drawn when it is called, which may ask Slack for the person's language."""
        view = self._view(session, case, escalation, ring, now)
        mention = call.to if call is not None and call.by is By.GROUP else None

        def draw() -> Card:
            return ring_card(view, words_for(self._language(ring)), self.drawing.zone, mention)

        return draw

    def _view(
        self, session: Session, case: Case, escalation: Escalation, ring: EscalationRing, now: datetime
    ) -> RingView:
        shown = self.drawing.view(session, case, now)
        counts = shown.counts
        return RingView(
            brand=case.brand,
            number=case.number,
            level=escalation.level,
            negatives=counts.negatives if counts is not None else 0,
            people=counts.people if counts is not None else 0,
            channel=case.card_channel or self.channel,
            escalation=shown.escalation or EscalationView(case.id),
            over=ring.round < escalation.round,
        )

    def _language(self, ring: EscalationRing) -> str:
        person = self.duty.people.get(ring.person or "")
        if person is None or ring.by not in (By.SCHEDULE, By.PERSON):
            return self.drawing.language
        return self.language_of(person.slack_id) or self.drawing.language

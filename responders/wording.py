"""Whether a text may leave as a reply to one mention: how long it is at most, what blocks it, what we would warn of."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from models.mentions import Mention, Thread
from responders.lengths import Limit
from responders.profile import ShopProfile
from responders.routes import Limits, limit_for
from responders.slack.actions import Outcome
from responders.tone import Finding, check


@dataclass(frozen=True)
class Wording:
    """Looks at texts for one shop."""

    limits: Limits
    profile: ShopProfile

    def limit(self, session: Session, mention: Mention) -> tuple[Limit, bool]:
        """The longest reply to the mention, and whether only its author reads it."""
        private = session.get_one(Thread, mention.thread_id).is_private
        return limit_for(self.limits, mention.channel, private), private

    def findings(self, session: Session, mention: Mention, language: str, text: str) -> tuple[Finding, ...]:
        """Everything to say about the text, in the order of its words."""
        limit, private = self.limit(session, mention)
        return check(text, language=language, public=not private, limit=limit, profile=self.profile)

    def blocked(self, session: Session, mention: Mention, language: str, text: str) -> Outcome | None:
        """Why the text cannot leave; None when it can."""
        if not text.strip():
            return Outcome(False, "empty")
        for finding in self.findings(session, mention, language, text):
            if finding.blocks:
                limit, _ = self.limit(session, mention)
                return Outcome(False, finding.code, limit=limit.longest, field=finding.field)
        return None

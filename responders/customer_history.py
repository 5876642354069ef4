"""How often a customer has been in touch with us lately, and what of it is still unsolved."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.cases import Case
from models.mentions import Mention
from models.states import CaseState
from responders.slack.case_views import History

DAYS = 30


def history_of(session: Session, case: Case, now: datetime) -> History | None:
    """The matters of the customer who wrote what the case is about, within 30 days; None where nobody is known.

    A matter counts once however many messages it holds. Only one of several that stand for the same counts.
    """
    mention = session.get(Mention, case.mention_id) if case.mention_id is not None else None
    if case.kind != "contact" or mention is None or mention.author_id is None:
        return None
    matters = session.execute(
        select(Case.id, Case.state, Case.handled, Case.opened_at)
        .join(Mention, Mention.id == Case.mention_id)
        .where(
            Mention.author_id == mention.author_id,
            Mention.channel == mention.channel,
            Case.kind == "contact",
            Case.same_as.is_(None),
            Case.opened_at > now - timedelta(days=DAYS),
        )
    ).all()
    until_now = [one for one in matters if (one.opened_at, one.id) <= (case.opened_at, case.id)]
    unsolved = [one for one in matters if one.id != case.id and _unsolved(one.state, one.handled)]
    return History(max(1, len(until_now)), len(unsolved), DAYS)


def _unsolved(state: CaseState, handled: bool | None) -> bool:
    return state is CaseState.OPEN or (state is CaseState.CLOSED and handled is False)

"""Turns a mention that deserves an answer into a contact: one customer's matter in one conversation."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.audit import record
from models.cases import Case
from models.jobs import JobKind, put
from models.mentions import Mention, Thread
from models.replies import move_case
from models.states import CaseState
from models.verdicts import VerdictRow
from responders.alerting import ContactPolicy, ContactView, decide_contact
from responders.casework_resting import rouse
from responders.customer_words import is_giveaway
from responders.echoes import IN_FLIGHT, answered_already
from responders.likely import must_be_seen
from responders.matters import Ground, head_of, live_alert, live_reply, open_case, redraw_soon, standing_case


def consider_mention(
    session: Session,
    mention: Mention,
    verdict: VerdictRow,
    thread: Thread,
    ground: Ground,
    policy: ContactPolicy,
    now: datetime,
    wall: datetime,
) -> bool:
    """Decides about one mention and writes what follows, in the caller's transaction.

    True when decided; False when the reply in flight has to settle first.
    """
    alert = live_alert(session, thread.id)
    if alert is not None:
        alert = head_of(session, alert)
        redraw_soon(session, alert, ground, wall)
    matter = contact_matter(mention, thread)
    case = standing_case(session, matter)
    if case is not None and _in_flight(session, case.id):
        return False
    if case is not None:
        rouse(session, case, "message", now, wall)
    view = _contact_view(session, mention, verdict, thread, alert)
    if not decide_contact(view, policy):
        if case is not None:
            redraw_soon(session, case, ground, wall)
        return True
    if case is None and answered_already(session, mention, thread):
        record(session, now, "mention.answered_on_platform", mention=mention.id)
        return True
    if case is None:
        case = open_case(session, matter, "contact", ground, thread.id, now)
        record(session, now, "case.opened", case_id=case.id, place=mention.place, flags=must_be_seen(verdict.flags))
    else:
        move_case(session, case, CaseState.OPEN, at=now)
    case.mention_id, case.changed_at, case.answered_at = mention.id, now, None
    ground.suggester.draft(session, case, mention, verdict, thread, heated=case.kind == "alert", now=now)
    put(session, JobKind.SHOW_CARD, str(case.id), wall, urgent=view.flagged)
    return True


def _contact_view(
    session: Session, mention: Mention, verdict: VerdictRow, thread: Thread, alert: Case | None
) -> ContactView:
    return ContactView(
        place=mention.place,
        text=mention.text,
        negative=verdict.negative,
        abstained=verdict.abstained,
        flagged=bool(must_be_seen(verdict.flags)),
        from_us=mention.from_us,
        is_share=mention.is_share,
        under_giveaway=is_giveaway(_root_text(session, thread)) if mention.place == "comment" else False,
        thread_alert=alert.level or "none" if alert is not None else "none",
    )


def _in_flight(session: Session, case_id: int) -> bool:
    reply = live_reply(session, case_id)
    return reply is not None and reply.state in IN_FLIGHT


def contact_matter(mention: Mention, thread: Thread) -> str:
    """One customer's matter in one conversation; somebody whose name is withheld is a matter of their own."""
    if thread.is_private:
        return f"contact:{thread.id}"
    return f"contact:{thread.id}:{mention.author_id or mention.external_id}"


def _root_text(session: Session, thread: Thread) -> str:
    """The text of our own post that the thread hangs on; empty when the root is not ours."""
    text = session.scalar(
        select(Mention.text).where(
            Mention.thread_id == thread.id, Mention.external_id == thread.external_id, Mention.from_us.is_(True)
        )
    )
    return text or ""

"""Which comments stand behind an alert, as its card links them."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.cases import Case
from models.mentions import Mention, Thread
from models.verdicts import VerdictRow
from responders.slack.views import CardPost


def comments_behind(session: Session, case: Case) -> tuple[CardPost, ...]:
    """The comments that heat named, the newest last, whatever the alert's subject is.

    What was said in private, what is no longer in the store and what a person has corrected to be no complaint is left
    out. An author without a name goes by the handle.
    """
    found = session.execute(
        select(Mention, VerdictRow.label)
        .join(Thread, Thread.id == Mention.thread_id)
        .join(VerdictRow, VerdictRow.mention_id == Mention.id)
        .where(
            Mention.id.in_(case.evidence),
            Mention.place != "dm",
            Mention.from_us.is_(False),
            Thread.is_private.is_(False),
            VerdictRow.label == "negative",
        )
    ).all()
    behind = {mention.id: _shown(mention, label) for mention, label in found}
    return tuple(behind[mention_id] for mention_id in case.evidence if mention_id in behind)


def _shown(mention: Mention, label: str) -> CardPost:
    handle = f"@{mention.author_handle}" if mention.author_handle else ""
    return CardPost(
        author=mention.author_name or handle,
        text=mention.text,
        at=mention.created_at,
        sentiment=label,
        permalink=mention.permalink,
    )

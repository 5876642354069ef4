"""Posts, and rows already in the store: defaults, and what the test names."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from classifier.verdict import Verdict
from listener.posts import Author, Page, Place, Post
from listener.steps import store_page
from models.audit import AuditEntry
from models.base import Sessions
from models.cases import Case, Reply
from models.mentions import Mention
from models.states import ReplyState
from models.verdicts import Heat, VerdictRow
from responders.approvals import Approvals
from responders.casework import CaseDeeds
from responders.consider import Considering
from responders.draw import Drawing
from responders.matters import Ground
from responders.playbooks.loading import load_playbooks
from responders.playbooks.playbook import Playbook
from responders.profile import ShopProfile
from responders.roles import Everybody
from responders.routes import Abilities, limits
from responders.slack.actions import Person
from responders.suggest import Suggester
from responders.wording import Wording
from tests.fakes import verdict_of

NOON = datetime(2026, 11, 10, 12, tzinfo=UTC)
ME = "1480000000000000001"
PAGE = "104500000000001"
AINO = Author("7001", "Aino Korpi", "ainok", 120)
VEIKKO = Author("7002", "Veikko Salo", "veikkos", 80)
US = Author(ME, "Nuotiopuoti", "nuotiopuoti")
ANNA = Person("U0ANNA", "Anna Virta")
MIKAEL = Person("U0MIKAEL", "Mikael Öst")

SHOP = ShopProfile(
    name="Nuotiopuoti",
    languages=("fi", "sv", "en"),
    email="apu@nuotiopuoti.example",
    contact_form="https://n.example/y",
)

_numbers = count(1)


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


def a_post(text: str = "Missä pakettini on?", **named: Any) -> Post:
    """A mention on X by Aino at noon, in a thread of its own."""
    id = str(named.pop("external_id", 2_000_000 + next(_numbers)))
    post = Post(
        channel="x",
        account=ME,
        external_id=id,
        thread_id=id,
        place=Place.MENTION,
        text=text,
        created_at=NOON,
        author=AINO,
        permalink=f"https://x.com/i/status/{id}",
    )
    return replace(post, **named)


def a_comment(text: str = "Missä pakettini on?", **named: Any) -> Post:
    """A comment by Aino under our own post."""
    plain: dict[str, Any] = {
        "channel": "facebook", "account": PAGE, "thread_id": "p1", "parent_id": "p1", "place": Place.COMMENT,
    }  # fmt: skip
    return a_post(text, **(plain | named))


def a_dm(text: str = "Missä pakettini on?", **named: Any) -> Post:
    """A direct message of Aino's on X."""
    plain: dict[str, Any] = {"thread_id": f"{ME}-7001", "place": Place.DM, "permalink": None}
    return a_post(text, **(plain | named))


def from_us(text: str, **named: Any) -> Post:
    """What our own account said under `parent_id`."""
    return a_post(text, **({"author": US, "from_us": True} | named))


def store_posts(sessions: Sessions, *posts: Post, at: datetime = NOON) -> None:
    with sessions.begin() as session:
        store_page(session, "x:mentions", Page(posts, {}), at)


def judge_all(sessions: Sessions, at: datetime = NOON, **said: Any) -> None:
    """Gives every mention that waits a verdict, with what is `said` of them all, and marks its heat as counted."""
    with sessions.begin() as session:
        for mention in session.scalars(select(Mention).where(Mention.judged_at.is_(None), ~Mention.from_us)):
            mention.judged_at = mention.heated_at = at
            session.add(a_verdict_row(mention.id, replace(verdict_of(mention.text), **said), at))


def a_verdict_row(mention_id: int, verdict: Verdict, at: datetime = NOON) -> VerdictRow:
    return VerdictRow(
        mention_id=mention_id, judge_version="fake-1", language=verdict.language, label=str(verdict.label),
        negative=verdict.negative, neutral=verdict.neutral, positive=verdict.positive, arousal=verdict.arousal,
        abstained=verdict.abstained, abstention=verdict.abstention, truncated=verdict.truncated, judged_at=at,
        reasons=dict(verdict.reasons), flags=dict(verdict.flags),
    )  # fmt: skip


def heat(sessions: Sessions, thread_id: int | None, level: str, at: datetime = NOON, brand: bool = False) -> None:
    """The thread's heat (or the brand's, with its hottest thread) stands at `level`."""
    with sessions.begin() as session:
        session.merge(
            Heat(
                subject="brand:Nuotiopuoti" if brand else f"thread:{thread_id}", thread_id=thread_id,
                brand="Nuotiopuoti", level=level, score=3.0, probability=0.6, reasons=[], at=at, pending=True,
            )
        )  # fmt: skip


@cache
def playbooks() -> tuple[Playbook, ...]:
    return load_playbooks()


def considering(**named: Any) -> Considering:
    suggester = named.pop("suggester", None) or Suggester(playbooks(), SHOP, limits())
    return Considering(Ground("Nuotiopuoti", suggester), **named)


def consider(sessions: Sessions, at: datetime = NOON, **named: Any) -> int:
    """Judges what waits and lets the product decide about it."""
    judge_all(sessions, at)
    return considering(**named).consider_waiting(sessions=sessions, now=at, wall=at)


def drawing(language: str = "fi") -> Drawing:
    return Drawing(
        language=language, zone=ZoneInfo("Europe/Helsinki"), abilities=Abilities(), limits=limits(), profile=SHOP,
        playbooks={playbook.id: playbook for playbook in playbooks()},
    )  # fmt: skip


def approvals(sessions: Sessions, at: datetime = NOON, **named: Any) -> Approvals:
    given: dict[str, Any] = {
        "clock": lambda: at, "wall": lambda: at, "limits": limits(), "abilities": Abilities(), "profile": SHOP,
        "language": "fi", "roles": Everybody(),
    }  # fmt: skip
    return Approvals(sessions=sessions, **(given | named))


def case_deeds(sessions: Sessions, at: datetime = NOON, **named: Any) -> CaseDeeds:
    given: dict[str, Any] = {
        "clock": lambda: at, "wall": lambda: at, "roles": Everybody(), "teams": ("Laskutus", "Varasto"),
        "suggester": Suggester(playbooks(), SHOP, limits()), "wording": Wording(limits(), SHOP),
    }  # fmt: skip
    return CaseDeeds(sessions=sessions, **(given | named))


def a_draft(sessions: Sessions, post: Post | None = None, at: datetime = NOON, text: str = "") -> Reply:
    """The draft of a case that was opened for `post`; `text` takes the place of the suggested words."""
    store_posts(sessions, post or a_post(), at=at)
    consider(sessions, at)
    with sessions.begin() as session:
        reply = session.scalars(select(Reply).order_by(Reply.id.desc()).limit(1)).one()
        if text:
            reply.text = text
        return reply


def the_reply(sessions: Sessions, reply_id: int) -> Reply:
    with sessions() as session:
        return session.get_one(Reply, reply_id)


def put_reply(sessions: Sessions, reply_id: int, state: ReplyState, **values: Any) -> None:
    """Sets the reply's state as a crash would have left it."""
    with sessions.begin() as session:
        reply = session.get_one(Reply, reply_id)
        reply.state = state
        for name, value in values.items():
            setattr(reply, name, value)


def cases(sessions: Sessions, kind: str | None = None) -> list[Case]:
    with sessions() as session:
        found = session.scalars(select(Case).order_by(Case.id)).all()
        return [case for case in found if kind in (None, case.kind)]


def replies(sessions: Sessions) -> list[Reply]:
    with sessions() as session:
        return list(session.scalars(select(Reply).order_by(Reply.id)))


def trail(sessions: Sessions) -> list[str]:
    """The audit trail's actions, in order."""
    with sessions() as session:
        return list(session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))


def mentions(sessions: Sessions) -> list[Mention]:
    with sessions() as session:
        return list(session.scalars(select(Mention).order_by(Mention.id)))

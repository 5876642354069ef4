"""Kills the product again and again while people write and approve, then counts what was lost and what was doubled."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from models.audit import AuditEntry
from models.base import open_engine, open_sessions
from models.cases import Case, Reply
from models.mentions import Mention, Thread
from models.presses import Press
from models.states import ReplyState
from models.verdicts import VerdictRow
from sandbox.faults import Fault
from tests.journeys.crowd import Approver, Crowd, answers
from tests.journeys.product import Runner
from tests.journeys.stage import Stage, free_port

IN_FLIGHT = (ReplyState.APPROVED, ReplyState.SENDING, ReplyState.UNCONFIRMED)


@dataclass(frozen=True)
class Report:
    """What a run came to. Every count of loss and doubling must be 0."""

    kills: int
    mentions: int
    approvals: int
    lost_mentions: int
    double_mentions: int
    unjudged_mentions: int
    replies_sent: int
    lost_replies: int
    double_replies: int
    unapproved_replies: int
    double_cards: int
    cases_without_card: int
    presses_forgotten: int
    presses_repeated: int
    outcomes_unknown: int
    settled_by_a_person: int
    seconds: float


def run_kills(
    folder: Path,
    *,
    mentions: int,
    approvals: int,
    kills: int,
    seed: int,
    longest_s: float = 2.2,
    tell: Callable[[str], None] = lambda _: None,
) -> Report:
    """Writes `mentions` posts, approves `approvals` replies and sends `kills` SIGKILLs, all in a seeded order."""
    began = time.monotonic()
    chance = random.Random(seed)
    stage = Stage.open(folder, http_port=free_port(), poll_seconds=1.0)
    runner = Runner(stage.settings, stage.secrets)
    crowd = Crowd(stage, chance)
    approver = Approver(stage, chance, approvals)
    runner.start()
    engine = open_engine(stage.settings.store.url)
    sessions = open_sessions(engine)
    try:
        for number in range(kills):
            crowd.write(mentions * (number + 1) // kills - crowd.written)
            if number % 7 == 3:
                stage.x.faults.add(Fault("status_after", path="/2/", method="POST", status=503))
                stage.graph.faults.add(Fault("status_after", path="/v26.0/", method="POST", status=502))
            approver.press_up_to(approvals * (number + 1) // kills)
            time.sleep(chance.uniform(0.1, longest_s))
            runner.kill()
            runner.start()
            if number % 20 == 19:
                tell(f"{number + 1} kills, {crowd.written} posts, {len(approver.approved)} approvals")
        stage.x.faults.clear()
        _finish(stage, sessions, approver, crowd, approvals)
        runner.end()
        return report_on(stage, sessions, crowd, approver, kills, time.monotonic() - began)
    finally:
        if runner.process is not None and runner.process.is_alive():
            runner.kill()
        engine.dispose()
        stage.close()


def _finish(stage: Stage, sessions: sessionmaker[Session], approver: Approver, crowd: Crowd, approvals: int) -> None:
    """Lets the product catch up, and people press what is left to press."""
    until = time.monotonic() + 180
    while time.monotonic() < until:
        approver.press_up_to(approvals)
        time.sleep(1.0)
        with sessions() as session:
            behind = session.scalar(select(func.count()).select_from(Mention).where(Mention.considered_at.is_(None)))
            heard = session.scalar(select(func.count()).select_from(Mention).where(Mention.from_us.is_(False))) or 0
            flying = session.scalar(select(func.count()).select_from(Reply).where(Reply.state.in_(IN_FLIGHT)))
            uncarded = session.scalar(select(func.count()).select_from(Case).where(Case.card_ts.is_(None)))
        if flying:
            approver.settle(sessions)
        done = not behind and not flying and not uncarded and heard >= len(crowd.said())
        done = done and len(approver.approved) >= approvals and not _forgotten(sessions, approver)
        if done and not approver.press_again():
            return


def _forgotten(sessions: sessionmaker[Session], approver: Approver) -> int:
    """Presses that were acknowledged and that nobody did."""
    with sessions() as session:
        done = session.scalar(select(func.count()).select_from(Press).where(Press.done_at.is_not(None))) or 0
    return max(0, approver.acknowledged - done)


def report_on(
    stage: Stage, sessions: sessionmaker[Session], crowd: Crowd, approver: Approver, kills: int, seconds: float
) -> Report:
    """What the store, the platforms and Slack hold, against what people wrote and approved."""
    said, posted, cards = crowd.said(), stage.own_posts(), stage.cards()
    with sessions() as session:
        kept = Counter(session.scalars(select(Mention.external_id).where(Mention.from_us.is_(False))))
        judged = session.scalar(select(func.count()).select_from(VerdictRow)) or 0
        sent = session.execute(
            select(Reply, Mention, Thread)
            .join(Mention, Mention.id == Reply.mention_id)
            .join(Thread, Thread.id == Mention.thread_id)
            .where(Reply.decided_by.is_not(None))
        ).all()
        cases = session.scalar(select(func.count()).select_from(Case)) or 0
        unsure = session.scalar(
            select(func.count(func.distinct(AuditEntry.reply_id))).where(AuditEntry.action == "reply.unconfirmed")
        )
    wanted = Counter(
        (" ".join(reply.text.split()), thread.external_id if thread.is_private else mention.external_id)
        for reply, mention, thread in sent
    )
    there = {key: sum(answers(post, *key) for post in posted) for key in wanted}
    keys = Counter(card["metadata"]["event_payload"]["key"] for card in cards)
    return Report(
        kills=kills,
        mentions=len(said),
        approvals=len(approver.approved),
        lost_mentions=len(said - set(kept)),
        double_mentions=sum(count - 1 for count in kept.values()),
        unjudged_mentions=sum(kept.values()) - judged,
        replies_sent=len(posted),
        lost_replies=sum(max(0, count - there[key]) for key, count in wanted.items()),
        double_replies=sum(max(0, there[key] - count) for key, count in wanted.items()),
        unapproved_replies=max(0, len(posted) - len(sent)),
        double_cards=sum(count - 1 for count in keys.values()),
        cases_without_card=cases - len(keys),
        presses_forgotten=_forgotten(sessions, approver),
        presses_repeated=approver.pressed_again,
        outcomes_unknown=unsure or 0,
        settled_by_a_person=approver.settled,
        seconds=round(seconds, 1),
    )


def faultless(report: Report) -> bool:
    """True when nothing was lost, nothing doubled, and every approval became one reply."""
    faults = (
        "lost_mentions", "double_mentions", "unjudged_mentions", "lost_replies", "double_replies", "unapproved_replies",
        "double_cards", "cases_without_card", "presses_forgotten",
    )  # fmt: skip
    return report.replies_sent == report.approvals and not any(getattr(report, name) for name in faults)

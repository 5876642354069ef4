"""The process dies at every commit on a mention's way; in the end everything is there once, or a person was asked."""

from __future__ import annotations

import random
import time
from pathlib import Path

from sqlalchemy import func, select

from models.base import Sessions, open_engine, open_sessions
from models.cases import Reply
from models.states import ReplyState
from tests.journeys.crowd import Approver, Crowd
from tests.journeys.hops import Hop, start_until
from tests.journeys.kills import faultless, report_on
from tests.journeys.product import Runner
from tests.journeys.stage import Stage, free_port

WAY = (
    ("INSERT INTO mention",),  # a page and its cursor
    ("INSERT INTO verdict",),
    ("UPDATE mention SET heated_at",),
    ('INSERT INTO "case"',),  # case, suggestions, draft
    ("card_posting_at=?",),  # the wish to post a card, then the post
    ("card_ts=?",),  # the card stands
    ("INSERT INTO press",),  # a person's press, before it is acknowledged
    ("UPDATE reply SET state", "decided_by=?"),  # a person's approval
    ("UPDATE reply SET state", "sending_at=?"),  # then the call to the platform
    ("UPDATE reply SET state", "sent_at=?"),  # the platform's answer is kept
    ("UPDATE job SET state", "attempts"),  # a claim
    ("UPDATE press SET", "done_at=?"),  # the press is done
    ("DELETE FROM job",),  # a job is done
)
HOPS = [Hop(when, words) for words in WAY for when in ("before", "after")]


def test_whatever_commit_the_process_dies_at_everything_happens_once(tmp_path: Path) -> None:
    began = time.monotonic()
    stage = Stage.open(tmp_path, http_port=free_port())
    crowd = Crowd(stage, random.Random(1))
    approver = Approver(stage, random.Random(1), len(HOPS))
    for number, hop in enumerate(HOPS):
        write(stage, number)
        dying = start_until(stage.settings, stage.secrets, hop)
        until = time.monotonic() + 20
        while dying.is_alive():
            assert time.monotonic() < until, f"nothing came by {hop}"
            approver.press_up_to(len(HOPS))
            time.sleep(0.05)
        assert dying.exitcode == -9
    runner = Runner(stage.settings, stage.secrets)
    runner.start()
    engine = open_engine(stage.settings.store.url)
    sessions = open_sessions(engine)
    until = time.monotonic() + 60
    while sent(sessions) < len(HOPS):
        assert time.monotonic() < until, "not everybody was answered"
        approver.press_up_to(len(HOPS))
        approver.press_again()
        approver.settle(sessions)
        time.sleep(0.3)
    runner.end()
    report = report_on(stage, sessions, crowd, approver, len(HOPS), time.monotonic() - began)
    engine.dispose()
    stage.close()
    assert faultless(report), report
    assert (report.mentions, report.replies_sent) == (len(HOPS), len(HOPS)), report


def sent(sessions: Sessions) -> int:
    with sessions() as session:
        return session.scalar(select(func.count()).select_from(Reply).where(Reply.state == ReplyState.SENT)) or 0


def write(stage: Stage, number: int) -> None:
    """Somebody new asks something on X or on Facebook, in public or in private."""
    text, name = f"Missä tilaukseni {number} viipyy?", f"Asiakas {number}"
    match number % 4:
        case 0:
            stage.x.add_post(stage.x.add_user(f"asiakas{number}", name), f"@nuotiopuoti {text}")
        case 1:
            stage.graph.add_visitor_post(text, f"7{number:05d}", name)
        case 2:
            stage.x.add_dm(stage.x.add_user(f"asiakas{number}", name), text)
        case _:
            stage.graph.add_message(f"8{number:05d}", name, text)

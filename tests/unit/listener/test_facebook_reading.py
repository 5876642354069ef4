"""Whatever happens on the Page and on the way, every post and comment that stays is delivered."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, initialize, rule

from models.errors import TryLater
from sandbox.faults import Fault
from tests.unit.sandbox.graph_setup import AINO, VEIKKO, page_on_loopback

ERROR = Fault(
    "status", status=500, body='{"error": {"code": 2}}', headers={"Content-Type": "application/json"}, times=2
)


class APageThatIsRead(RuleBasedStateMachine):
    """Small pages, so that walks, deep jobs, hot threads and patrols all happen."""

    posts = Bundle("posts")
    comments = Bundle("comments")

    @initialize()
    def start(self) -> None:
        self.opened = page_on_loopback()
        self.at = self.opened.__enter__()
        self.feed = self.at.feed(threads_a_page=2, entries_a_thread=2, since=self.at.clock.now - timedelta(days=1))
        self.cursor: Any = {}
        self.delivered: set[str] = set()
        self.standing: set[str] = set()

    def teardown(self) -> None:
        if hasattr(self, "opened"):
            self.at.page.faults.clear()
            for _ in range(40):  # a patrol passes every thread of the Page within eight turns
                self._read()
            try:
                assert self.standing <= self.delivered
            finally:
                self.opened.__exit__(None, None, None)

    @rule(target=posts, minutes=st.sampled_from([0, 1, 30]), ours=st.booleans())
    def post(self, minutes: int, ours: bool) -> str:
        self.at.clock.pass_minutes(minutes)
        post = self.at.page.add_own_post("Uutta!") if ours else self.at.page.add_visitor_post("Moi", *AINO)
        self.standing.add(post)
        return post

    @rule(target=comments, on=posts, minutes=st.sampled_from([0, 1, 30]))
    def comment(self, on: str, minutes: int) -> str:
        return self._comment(on, minutes)

    @rule(target=comments, on=comments, minutes=st.sampled_from([0, 1]))
    def reply(self, on: str, minutes: int) -> str:
        return self._comment(on, minutes)

    @rule(on=posts, many=st.integers(3, 9))
    def storm(self, on: str, many: int) -> None:
        for _ in range(many):
            self._comment(on, 1)

    @rule(comment=consumes(comments))
    def delete(self, comment: str) -> None:
        self.at.page.delete_comment(comment)
        self.standing.discard(comment)

    @rule(fault=st.sampled_from([Fault("duplicate", times=2), Fault("shuffle", times=2), ERROR]))
    def fault(self, fault: Fault) -> None:
        self.at.page.faults.add(fault)

    @rule()
    def read(self) -> None:
        self._read()

    def _comment(self, on: str, minutes: int) -> str:
        self.at.clock.pass_minutes(minutes)
        comment = self.at.page.add_comment(on, "Surkeaa", *VEIKKO)
        self.standing.add(comment)
        return comment

    def _read(self) -> None:
        try:
            page = self.feed.fetch(self.cursor)
        except TryLater:
            return
        found = [post.external_id for post in page.posts]
        assert len(found) == len(set(found))
        assert [post.created_at for post in page.posts] == sorted(
            (post.created_at for post in page.posts), reverse=True
        )
        self.delivered |= set(found)
        self.cursor = json.loads(json.dumps(page.cursor))


TestAPageThatIsRead = APageThatIsRead.TestCase
# Every step is a call over a socket: a failure is told as it was found, without minutes of shrinking.
TestAPageThatIsRead.settings = settings(
    phases=[Phase.generate],
    max_examples=12,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    derandomize=True,
)

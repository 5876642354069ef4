"""Small stand-ins for step rules only: whatever talks to a platform in earnest is tested against the sandbox."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from classifier.verdict import Label, Verdict
from listener.posts import Cursor, Page
from models.errors import PlatformError, TryLater
from responders.ports import Card, CardRef, Outgoing, Published
from responders.roles import Role


@dataclass
class FrozenClock:
    """A clock that stands still until it is moved."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now

    def later(self, **by: float) -> datetime:
        self.now += timedelta(**by)
        return self.now


@dataclass
class FakeRoles:
    """Roles that a test gives and takes; who is not named is `others`. `unknown` makes them impossible to tell."""

    given: dict[str, Role] = field(default_factory=dict)
    others: Role | None = None
    unknown: bool = False

    def role_of(self, user_id: str) -> Role | None:
        if self.unknown:
            raise TryLater("slack_down", "Slack does not answer.")
        return self.given.get(user_id, self.others)


@dataclass
class FakeSource:
    """Gives the pages it was told to, in order; an error among them is raised. Notes the cursors it was asked with."""

    pages: list[Page | PlatformError]
    name: str = "x:mentions"
    asked: list[dict[str, object]] = field(default_factory=list)

    def fetch(self, cursor: Cursor) -> Page:
        self.asked.append(dict(cursor))
        page = self.pages.pop(0)
        if isinstance(page, PlatformError):
            raise page
        return page


@dataclass
class FakeJudge:
    """Reads anger in texts that hold "surkea", joy in those with "kiitos", else nothing; notes what it was given.

    `says` has its verdicts on texts named whole. `meanwhile` runs while it judges, as another thread would.
    """

    meanwhile: Callable[[], None] = lambda: None
    version: str = "fake-1"
    says: Mapping[str, Verdict] = field(default_factory=dict)
    given: list[list[str]] = field(default_factory=list)

    def judge(self, texts: Sequence[str]) -> list[Verdict]:
        self.given.append(list(texts))
        self.meanwhile()
        return [self.says.get(text) or verdict_of(text) for text in texts]


def verdict_of(text: str) -> Verdict:
    low = text.lower()
    if "surkea" in low:
        return Verdict("fi", Label.NEGATIVE, 0.9, 0.07, 0.03, 0.8)
    if "kiitos" in low:
        return Verdict("fi", Label.POSITIVE, 0.03, 0.07, 0.9, 0.05)
    return Verdict("fi", Label.NEUTRAL, 0.1, 0.8, 0.1, 0.1)


@dataclass
class FakePublisher:
    """Sends by noting it down; `failing` is raised instead, and `there` is what reading back finds.

    `meanwhile` runs while the call is on its way.
    """

    channel: str = "x"
    failing: Exception | None = None
    there: Published | None = None
    meanwhile: Callable[[], None] = lambda: None
    sent: list[Outgoing] = field(default_factory=list)
    looked: list[Outgoing] = field(default_factory=list)

    def publish(self, outgoing: Outgoing) -> Published:
        self.meanwhile()
        if self.failing is not None:
            raise self.failing
        self.sent.append(outgoing)
        return Published(f"ours-{outgoing.reply_id}", "https://x.com/i/status/1")

    def find(self, outgoing: Outgoing) -> Published | None:
        self.looked.append(outgoing)
        if isinstance(self.failing, PlatformError) and self.there is None:
            raise self.failing
        return self.there


@dataclass
class FakeNotifier:
    """A channel of cards in memory; `failing` is raised after the card stands there, as a lost answer would be."""

    failing: PlatformError | None = None
    cards: dict[str, Card] = field(default_factory=dict)  # by key
    redrawn: int = 0

    def post(self, channel: str, card: Card, key: str) -> CardRef:
        assert key not in self.cards, "a second card"
        self.cards[key] = card
        if self.failing is not None:
            raise self.failing
        return CardRef(channel, key)

    def update(self, ref: CardRef, card: Card) -> None:
        self.cards[ref.ts] = card
        self.redrawn += 1

    def find(self, channel: str, key: str, not_before: datetime) -> CardRef | None:
        return CardRef(channel, key) if key in self.cards else None

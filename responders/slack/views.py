"""Everything a card shows, as plain values: the one thing `card_for` needs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from models.states import CaseState, Grade, ReplyState
from responders.slack.case_views import NOTHING_MORE, CaseFacts
from responders.slack.escalations import EscalationView
from responders.slack.intake_views import TakenInView


class Kind(StrEnum):
    """What sort of matter the card is about."""

    ALERT = "alert"  # a thread, or the whole brand, is heating up
    CONTACT = "contact"  # one customer wrote to us and waits for an answer


class Level(StrEnum):
    """How far an alert has gone."""

    WATCH = "watch"
    WARNING = "warning"
    OUTRAGE = "outrage"


class Subject(StrEnum):
    """What an alert is about."""

    THREAD = "thread"
    TOPIC = "topic"  # the same complaint from many, in threads of their own
    BRAND = "brand"


class Way(StrEnum):
    """How a reply can reach the customer."""

    API = "api"  # we can publish it
    BY_HAND = "by_hand"  # a person answers on the platform and tells us
    NONE = "none"  # there is nobody, or no place, to answer


@dataclass(frozen=True)
class Route:
    """Whether we can answer, why not (`code`, a reachability code), and until when the door stays open.

    `then` is the reachability code of what comes after that.
    """

    way: Way
    code: str
    until: datetime | None = None
    then: str = ""


@dataclass(frozen=True)
class Writer:
    """The customer, as the platform names them."""

    name: str
    handle: str | None = None
    followers: int | None = None


@dataclass(frozen=True)
class Counts:
    """How much has been said, and by how many."""

    posts: int
    negatives: int
    people: int


@dataclass(frozen=True)
class Unanswered:
    """How long a burning thread of ours has waited for us, and how long it should at most."""

    minutes: int
    target_minutes: int


@dataclass(frozen=True)
class GradeView:
    """How an alert turned out, since `at`. `by` is the person who said so, None where looking back told it.

    `lead_minutes` run from the alert to half of its outrage, below zero where it came later.
    """

    grade: Grade
    at: datetime
    by: str | None = None
    lead_minutes: int | None = None


@dataclass(frozen=True)
class Heard:
    """A contact reason or a risk, by the judge's name, and in how many posts where the card is about many.

    `calls` marks a risk that a person must see.
    """

    name: str
    posts: int | None = None
    calls: bool = False


@dataclass(frozen=True)
class CardPost:
    """One post of the conversation. `sentiment` is negative, neutral, positive, or None where nobody judged it."""

    author: str
    text: str
    at: datetime
    from_us: bool = False
    sentiment: str | None = None
    permalink: str | None = None


@dataclass(frozen=True)
class CardSuggestion:
    """A drafted reply and, in one worded sentence, why it fits."""

    id: int
    text: str
    why: str = ""


@dataclass(frozen=True)
class CardReply:
    """The outgoing reply of this matter.

    `by` and `at` say who brought it to its state and when. `text` is what goes, or went, out: None means the first
    suggestion as it is. `edited_by` names the person whose words it carries; `offered` marks
    those of somebody who may not send them. `problem` is the publisher's code when
    refused, `reason` the written reason when rejected.
    """

    id: int
    version: int
    state: ReplyState
    by: str | None = None
    at: datetime | None = None
    text: str | None = None
    edited_by: str | None = None
    offered: bool = False
    permalink: str | None = None
    problem: str | None = None
    reason: str | None = None


@dataclass(frozen=True)
class CaseView:
    """One matter, ready to be drawn. `number` is what people call it, `case_id` what the buttons carry.

    `place` is listener's Place value.

    `reasons`, `forecast` and `warnings` are sentences already worded in the card's language. `evidence` are the
    comments behind an alert, `posts` the conversation's last ones, both oldest first; `suggestions` has the chosen one
    first. `topics` and `risks` are what the judge heard, the clearest first; `unsure` says why it does not stand behind
    its word on a text in `language`. `topic_words` mark the texts of a topic, where many complain of the same.
    """

    case_id: int
    number: int
    kind: Kind
    brand: str
    channel: str
    place: str
    about: str
    since: datetime
    route: Route
    level: Level | None = None
    subject: Subject = Subject.THREAD
    topic_words: tuple[str, ...] = ()
    who: Writer | None = None
    permalink: str | None = None
    counts: Counts | None = None
    unanswered: Unanswered | None = None
    topics: tuple[Heard, ...] = ()
    risks: tuple[Heard, ...] = ()
    risk_permalink: str | None = None  # of many posts, the newest that carries a risk
    unsure: str | None = None
    language: str = ""
    forecast: str = ""
    reasons: tuple[str, ...] = ()
    evidence: tuple[CardPost, ...] = ()
    posts: tuple[CardPost, ...] = ()
    suggestions: tuple[CardSuggestion, ...] = ()
    reply: CardReply | None = None
    warnings: tuple[str, ...] = ()
    state: CaseState = CaseState.OPEN
    grade: GradeView | None = None
    facts: CaseFacts = NOTHING_MORE
    taken_in: TakenInView | None = None
    escalation: EscalationView | None = None

"""The states of replies, cases, jobs and escalations, and the one table of moves each allows. Standard library only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum


class ReplyState(StrEnum):
    """Where an outgoing reply stands."""

    DRAFTED = "drafted"  # waits for a person on the card
    APPROVED = "approved"  # a named person said yes; waits for the publisher
    SENDING = "sending"  # written before the call, so that a crash leaves a trace instead of a second reply
    SENT = "sent"  # the platform named it, or a person saw it there
    REFUSED = "refused"  # the platform said no; nothing was posted
    UNCONFIRMED = "unconfirmed"  # it may be there: read back, then a person decides
    BY_HAND = "by_hand"  # a person answered on the platform and said so
    REJECTED = "rejected"  # a person decided against it, with a reason
    SUPERSEDED = "superseded"  # the matter moved on and a newer draft took its place


class CaseState(StrEnum):
    """Where one customer matter stands."""

    OPEN = "open"  # waits for us
    ANSWERED = "answered"  # a reply went out; waits for the customer, or for nobody
    CLOSED = "closed"  # ended, after a reply or with a written reason


class NoteKind(StrEnum):
    """What sort of note the staff made of a case."""

    NOTE = "note"
    CALL = "call"  # a talk on the telephone
    QUESTION = "question"  # to a colleague
    ANSWER = "answer"  # the colleague's


class NudgeKind(StrEnum):
    """What one of the staff is told in a message of their own."""

    QUESTION = "question"  # a colleague asks them
    ANSWER = "answer"  # their question was answered
    GIVEN = "given"  # a case was given to them
    TAKEN = "taken"  # a case of theirs went to another
    WOKEN = "woken"  # a case that they snoozed waits again


class Found(StrEnum):
    """Where a person found what they took in by hand."""

    FACEBOOK_GROUP = "facebook_group"
    FORUM = "forum"
    INSTAGRAM = "instagram"
    TIKTOK = "tiktok"
    REVIEW = "review"
    EMAIL = "email"
    PHONE = "phone"
    OTHER = "other"


class JobState(StrEnum):
    """Where a piece of work stands."""

    WAITING = "waiting"
    RUNNING = "running"  # claimed until its lease ends
    DONE = "done"
    GIVEN_UP = "given_up"  # tried as often as its kind allows; stays visible with its last error


class EscalationState(StrEnum):
    """Where the calling of people about one fire stands."""

    RINGING = "ringing"  # the chain calls, step after step, until somebody has it
    HELD = "held"  # somebody has it, until a time; then the chain begins anew
    ENDED = "ended"  # nobody is called any more, and it says why


class RingState(StrEnum):
    """What became of one step of a chain at one due time."""

    DUE = "due"  # its turn has come
    WISHED = "wished"  # written before the call: who finds it so after a crash calls again, for nobody may be missed
    TAKEN = "taken"  # the other side has it
    FAILED = "failed"  # nothing happened over there
    UNKNOWN = "unknown"  # it may have rung; it rings again when the step is due the next time
    QUIET = "quiet"  # the person's quiet hours hold, so nobody was called
    SPARED = "spared"  # somebody had it, or it was over, before its turn came


class Ending(StrEnum):
    """Why nobody is called about a fire any more."""

    COOLED = "cooled"
    CLOSED = "closed"
    ANSWERED = "answered"
    FALSE = "false"  # a person said that it was no fire
    NO_CHAIN = "no_chain"  # the settings have no chain for it any more


class AlarmKind(StrEnum):
    """Why a source does not hear."""

    FAILING = "failing"  # its calls fail
    SILENT = "silent"  # its calls succeed, and bring nothing for longer than is normal for it


class Means(StrEnum):
    """How somebody was reached."""

    MENTION = "mention"  # an @ in a channel or a thread
    RING = "ring"  # a step of a chain: a direct message, a mail, the telephone through a service
    QUESTION = "question"  # a colleague's, brought by us
    DIRECT = "direct"  # any other direct message


class Rest(StrEnum):
    """Whether it fell in somebody's rest; the first that holds."""

    QUIET = "quiet"  # in their own quiet hours
    NIGHT = "night"
    WEEKEND = "weekend"
    NONE = "none"


class Grade(StrEnum):
    """How an alert turned out; the best comes first."""

    RIGHT = "right"  # about an outrage, before half of it had been said
    EARLY = "early"  # the same, before a tenth of it had been said
    LATE = "late"  # about an outrage, after half of it
    BENIGN = "benign"  # about much talk that was no outrage: a campaign, praise, news, copies
    FALSE = "false"  # about nothing of note

    @property
    def is_hit(self) -> bool:
        """Whether there was an outrage."""
        return self in (Grade.RIGHT, Grade.EARLY, Grade.LATE)

    @staticmethod
    def best(grades: Iterable[Grade]) -> Grade | None:
        """Of the alerts of one card, what counts; None where none is graded."""
        return min(grades, key=list(Grade).index, default=None)


REPLY_MOVES: Mapping[ReplyState, frozenset[ReplyState]] = {
    ReplyState.DRAFTED: frozenset(
        {ReplyState.APPROVED, ReplyState.REJECTED, ReplyState.BY_HAND, ReplyState.SUPERSEDED}
    ),
    ReplyState.APPROVED: frozenset({ReplyState.SENDING, ReplyState.REFUSED}),
    ReplyState.SENDING: frozenset({ReplyState.SENT, ReplyState.REFUSED, ReplyState.UNCONFIRMED, ReplyState.APPROVED}),
    ReplyState.UNCONFIRMED: frozenset({ReplyState.SENT, ReplyState.APPROVED}),
    ReplyState.REFUSED: frozenset({ReplyState.DRAFTED, ReplyState.BY_HAND, ReplyState.REJECTED, ReplyState.SUPERSEDED}),
    ReplyState.SENT: frozenset(),
    ReplyState.BY_HAND: frozenset(),
    ReplyState.REJECTED: frozenset(),
    ReplyState.SUPERSEDED: frozenset(),
}

CASE_MOVES: Mapping[CaseState, frozenset[CaseState]] = {
    CaseState.OPEN: frozenset({CaseState.ANSWERED, CaseState.CLOSED}),
    CaseState.ANSWERED: frozenset({CaseState.OPEN, CaseState.CLOSED}),
    CaseState.CLOSED: frozenset({CaseState.OPEN}),
}

JOB_MOVES: Mapping[JobState, frozenset[JobState]] = {
    JobState.WAITING: frozenset({JobState.RUNNING}),
    JobState.RUNNING: frozenset({JobState.WAITING, JobState.DONE, JobState.GIVEN_UP}),
    JobState.DONE: frozenset(),
    JobState.GIVEN_UP: frozenset({JobState.WAITING}),
}

ESCALATION_MOVES: Mapping[EscalationState, frozenset[EscalationState]] = {
    EscalationState.RINGING: frozenset({EscalationState.HELD, EscalationState.ENDED}),
    EscalationState.HELD: frozenset({EscalationState.RINGING, EscalationState.ENDED}),
    EscalationState.ENDED: frozenset(),
}

LIVE_REPLY_STATES = frozenset(
    {ReplyState.DRAFTED, ReplyState.APPROVED, ReplyState.SENDING, ReplyState.UNCONFIRMED, ReplyState.REFUSED}
)
"""Replies that still need somebody or something; a case has at most one of them."""


class NotAllowed(ValueError):
    """A move that the table of moves does not have."""


def check_reply_move(old: ReplyState, new: ReplyState) -> None:
    """Raises NotAllowed unless a reply may go from `old` to `new`."""
    if new not in REPLY_MOVES[old]:
        raise NotAllowed(f"a reply cannot go from {old} to {new}")


def check_case_move(old: CaseState, new: CaseState) -> None:
    """Raises NotAllowed unless a case may go from `old` to `new`."""
    if new not in CASE_MOVES[old]:
        raise NotAllowed(f"a case cannot go from {old} to {new}")


def check_escalation_move(old: EscalationState, new: EscalationState) -> None:
    """Raises NotAllowed unless an escalation may go from `old` to `new`."""
    if new not in ESCALATION_MOVES[old]:
        raise NotAllowed(f"an escalation cannot go from {old} to {new}")

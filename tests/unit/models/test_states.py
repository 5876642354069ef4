"""The tables of moves: what may become what, and that nothing is forgotten in them."""

from __future__ import annotations

from enum import StrEnum

import pytest

from models.states import (
    CASE_MOVES,
    ESCALATION_MOVES,
    JOB_MOVES,
    LIVE_REPLY_STATES,
    REPLY_MOVES,
    CaseState,
    EscalationState,
    JobState,
    NotAllowed,
    ReplyState,
    check_case_move,
    check_escalation_move,
    check_reply_move,
)

FINAL = {ReplyState.SENT, ReplyState.BY_HAND, ReplyState.REJECTED, ReplyState.SUPERSEDED}


@pytest.mark.parametrize(
    ("kind", "moves"),
    [
        (ReplyState, REPLY_MOVES),
        (CaseState, CASE_MOVES),
        (JobState, JOB_MOVES),
        (EscalationState, ESCALATION_MOVES),
    ],
)
def test_every_state_has_its_moves(kind: type[StrEnum], moves: dict[StrEnum, frozenset[StrEnum]]) -> None:
    assert set(moves) == set(kind)


@pytest.mark.parametrize("new", ReplyState)
@pytest.mark.parametrize("old", ReplyState)
def test_a_reply_moves_as_the_table_says_and_never_otherwise(old: ReplyState, new: ReplyState) -> None:
    if new in REPLY_MOVES[old]:
        check_reply_move(old, new)
    else:
        with pytest.raises(NotAllowed, match=f"from {old} to {new}"):
            check_reply_move(old, new)


def test_nothing_is_sent_that_was_not_written_down_as_sending() -> None:
    before_sent = {old for old, moves in REPLY_MOVES.items() if ReplyState.SENT in moves}
    assert before_sent == {ReplyState.SENDING, ReplyState.UNCONFIRMED}
    assert {old for old, moves in REPLY_MOVES.items() if ReplyState.SENDING in moves} == {ReplyState.APPROVED}


def test_what_is_final_stays_and_what_is_live_can_end() -> None:
    assert {state for state, moves in REPLY_MOVES.items() if not moves} == FINAL
    assert set(ReplyState) - FINAL == LIVE_REPLY_STATES
    for state in LIVE_REPLY_STATES:
        assert reachable(state) & FINAL


def test_every_state_of_a_reply_can_come_about() -> None:
    assert reachable(ReplyState.DRAFTED) == set(ReplyState)


def test_a_case_never_goes_from_closed_to_answered_unopened() -> None:
    check_case_move(CaseState.CLOSED, CaseState.OPEN)
    with pytest.raises(NotAllowed):
        check_case_move(CaseState.CLOSED, CaseState.ANSWERED)


def test_an_escalation_that_ended_never_rings_again() -> None:
    check_escalation_move(EscalationState.HELD, EscalationState.RINGING)
    for new in EscalationState:
        with pytest.raises(NotAllowed):
            check_escalation_move(EscalationState.ENDED, new)


def reachable(start: ReplyState) -> set[ReplyState]:
    seen, ahead = {start}, [start]
    while ahead:
        for new in REPLY_MOVES[ahead.pop()] - seen:
            seen.add(new)
            ahead.append(new)
    return seen

"""How often a customer has been in touch within 30 days, and what of it still waits."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import update

from models.base import Sessions
from models.cases import Case
from models.states import CaseState
from responders.customer_history import history_of
from responders.slack.case_views import History
from tests.builders import NOON, VEIKKO, a_draft, a_post, cases


def a_matter(store: Sessions, days_ago: int, **named: object) -> int:
    """A case of Aino's, opened so many days ago in a thread of its own."""
    at = NOON - timedelta(days=days_ago)
    return a_draft(store, a_post("Missä pakettini on?", created_at=at, **named), at=at).case_id


def history(store: Sessions, case_id: int) -> History | None:
    with store() as session:
        return history_of(session, session.get_one(Case, case_id), NOON)


def change(store: Sessions, case_id: int, **values: object) -> None:
    with store.begin() as session:
        session.execute(update(Case).where(Case.id == case_id).values(**values))


def test_a_customer_who_was_never_here_before_has_one(store: Sessions) -> None:
    assert history(store, a_matter(store, 0)) == History(1, 0, 30)


def test_matters_of_the_last_thirty_days_are_counted_and_the_open_ones_told(store: Sessions) -> None:
    a_matter(store, 31)
    answered, waiting, now = a_matter(store, 29), a_matter(store, 3), a_matter(store, 0)
    a_matter(store, 1, author=VEIKKO)
    change(store, answered, state=CaseState.ANSWERED)
    assert history(store, now) == History(3, 1, 30)
    assert history(store, waiting) == History(2, 1, 30)


def test_what_ended_without_being_dealt_with_is_unsolved_and_a_second_case_of_the_same_counts_once(
    store: Sessions,
) -> None:
    first, second, now = a_matter(store, 9), a_matter(store, 8), a_matter(store, 0)
    change(store, first, state=CaseState.CLOSED, handled=False)
    change(store, second, state=CaseState.CLOSED, same_as=first)
    assert history(store, now) == History(2, 1, 30)
    change(store, first, handled=True)
    assert history(store, now) == History(2, 0, 30)


def test_nobody_known_has_no_history(store: Sessions) -> None:
    a_draft(store, a_post(author=None))
    assert history(store, cases(store)[0].id) is None

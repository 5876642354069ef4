"""What a card is told of the case itself: who has it, notes, how it ended, what was changed."""

from __future__ import annotations

from datetime import timedelta

from models.base import Sessions
from models.cases import Case
from responders.slack.case_views import CaseFacts, Change, Edit, Ending, Notes
from responders.slack.casework import Closing
from tests.builders import ANNA, MIKAEL, NOON, a_draft, approvals, case_deeds, cases, drawing


def facts(store: Sessions, minutes_later: int = 0) -> CaseFacts:
    with store() as session:
        now = NOON + timedelta(minutes=minutes_later)
        return drawing().view(session, session.get_one(Case, 1), now).facts


def test_who_has_it_and_what_was_written_down(store: Sessions) -> None:
    a_draft(store)
    deeds = case_deeds(store)
    deeds.assign(1, MIKAEL, "Varasto", ANNA)
    deeds.note(1, "Soitan huomenna.", ANNA)
    deeds.note(1, "Ei vastannut.", MIKAEL)
    seen = facts(store)
    assert (seen.owner, seen.team) == ("Mikael Öst", "Varasto")
    assert seen.notes == Notes(2, "Mikael Öst", "Ei vastannut.")
    assert seen.ending is None


def test_what_is_put_off_says_until_when_and_no_longer_once_that_has_passed(store: Sessions) -> None:
    a_draft(store)
    until = NOON + timedelta(minutes=30)
    case_deeds(store).snooze(1, until, ANNA)
    assert facts(store, 29).snoozed_until == until
    assert facts(store, 30).snoozed_until is None


def test_how_it_ended_is_told_until_it_is_opened_again(store: Sessions) -> None:
    a_draft(store)
    deeds = case_deeds(store)
    assert deeds.close(1, Closing(True, False, None, "Sovittu."), ANNA).ok
    assert facts(store).ending == Ending(NOON, "Anna Virta", True, False, None, "Sovittu.")
    assert deeds.reopen(1, ANNA).ok
    assert facts(store).ending is None


def test_what_a_person_changed_in_the_suggestion_is_told_in_words(store: Sessions) -> None:
    draft = a_draft(store)
    before, _, last = draft.text.rpartition(" ")
    assert approvals(store).edit(draft.id, 1, f"{before} Nähdään!", ANNA).ok
    assert facts(store).changes == [Change(Edit.SWAPPED, last, "Nähdään!")]


def test_a_case_that_another_stands_for_says_which(store: Sessions) -> None:
    a_draft(store)
    a_draft(store)
    first, second = cases(store)
    assert case_deeds(store).link(second.id, first.number, ANNA).ok
    with store() as session:
        view = drawing().view(session, session.get_one(Case, second.id), NOON)
    assert view.facts.same_as == first.number

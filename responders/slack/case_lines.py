"""The lines of a card about the case itself: number, owner, history, notes, what was changed, how it ended."""

from __future__ import annotations

from collections.abc import Iterable
from zoneinfo import ZoneInfo

from babel import Locale

from responders.slack import blocks as kit
from responders.slack.blocks import Block
from responders.slack.case_views import Change, Edit, Ending
from responders.slack.catalogue import Words
from responders.slack.escaping import Mrkdwn, escaped, one_line
from responders.slack.said import dotted
from responders.slack.views import CaseView

MOST_CHANGES = 3


def case_line(view: CaseView, words: Words) -> Mrkdwn:
    """Number, state, who has it."""
    parts = [words.mrkdwn("case.line", number=view.number), words.mrkdwn(f"case.{view.state}")]
    facts = view.facts
    if facts.owner:
        parts.append(words.mrkdwn("case.owner", name=escaped(one_line(facts.owner), 100)))
    if facts.team:
        parts.append(words.mrkdwn("case.team", team=escaped(one_line(facts.team), 100)))
    if facts.same_as is not None:
        parts.append(words.mrkdwn("case.same_as", number=facts.same_as))
    return dotted(parts)


def history_line(view: CaseView, words: Words) -> Iterable[Mrkdwn]:
    """How often the customer has been in touch; nothing of the first time."""
    history = view.facts.history
    if history is None or (history.contacts < 2 and not history.unsolved):
        return
    left = words.counted("history.unsolved", history.unsolved) if history.unsolved else words.plain("history.solved")
    yield words.mrkdwn("history.line", contacts=history.contacts, days=history.days, left=left)


def language_name(view: CaseView, words: Words) -> str:
    """The customer's language where it is not the reader's; empty where it is, or where the judge is not sure of it."""
    if not view.language or view.language == words.language or view.unsure is not None:
        return ""
    return str(Locale(words.language).languages.get(view.language) or "")


def notes_line(view: CaseView, words: Words, room: int) -> Iterable[Block]:
    """How many notes there are, and the first words of the last one, for the staff only."""
    notes = view.facts.notes
    if notes is None or notes.count < 1:
        return
    line = words.mrkdwn(
        "notes.one" if notes.count == 1 else "notes.other",
        count=words.number(notes.count),
        by=escaped(one_line(notes.last_by), 60),
        text=escaped(one_line(notes.last), room),
    )
    yield kit.context(line)


def changes_line(view: CaseView, words: Words, room: int) -> Iterable[Block]:
    """What a person changed in the suggestion."""
    changes = view.facts.changes
    if not changes:
        return
    told = [_told(change, words, max(30, room // 4)) for change in changes[:MOST_CHANGES]]
    left = len(changes) - len(told)
    if left:
        told.append(escaped(words.counted("changed.more", left)))
    yield kit.context(words.mrkdwn("changed.line", changes=Mrkdwn(" · ".join(told))))


def ending_line(ending: Ending, words: Words, room: int, *, with_reason: bool) -> Iterable[Mrkdwn]:
    """How it ended: handled, justified, compensated, and the written reason."""
    parts = [
        words.mrkdwn(f"ending.{name}_{'yes' if answer else 'no'}")
        for name, answer in (
            ("handled", ending.handled),
            ("justified", ending.justified),
            ("compensated", ending.compensated),
        )
        if answer is not None
    ]
    if ending.reason and with_reason:
        parts.append(words.mrkdwn("ending.reason", reason=escaped(one_line(ending.reason), room)))
    if parts:
        yield dotted(parts)


def closed_line(view: CaseView, words: Words, zone: ZoneInfo) -> Mrkdwn:
    """Who closed the case and when, as far as that is known."""
    ending = view.facts.ending or Ending()
    parts = [words.mrkdwn("ending.closed", number=view.number)]
    if view.facts.same_as is not None:
        parts.append(words.mrkdwn("case.same_as", number=view.facts.same_as))
    if ending.by:
        parts.append(escaped(one_line(ending.by), 100))
    if ending.at is not None:
        parts.append(words.date_token(ending.at, zone))
    return dotted(parts)


def _told(change: Change, words: Words, room: int) -> Mrkdwn:
    before, after = escaped(one_line(change.before), room), escaped(one_line(change.after), room)
    if change.edit is Edit.SWAPPED:
        return words.mrkdwn("changed.swapped", before=before, after=after)
    return words.mrkdwn(f"changed.{change.edit}", text=after if change.edit is Edit.ADDED else before)

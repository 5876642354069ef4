"""Draws the weekly message: how alerts turned out, what was missed, what another setting had done, whom they cost."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from models.states import Grade
from responders.ports import Card
from responders.slack import blocks as kit
from responders.slack.blocks import Block
from responders.slack.catalogue import Words, words_for
from responders.slack.escaping import Mrkdwn, escaped, one_line
from responders.slack.grades import length
from responders.slack.interruption_words import Interrupted, team_lines


@dataclass(frozen=True)
class Proposal:
    """Another setting, and how many needless alerts and missed outrages it had brought more (below zero: fewer)."""

    sensitivity: str
    needless: int
    missed: int
    weeks: int  # of the past, over which this was tried


@dataclass(frozen=True)
class WeeklyView:
    """One week: how many alerts turned out how, how many outrages began, and how many of them nobody was told of.

    `lead_minutes` is the median from an alert to half of its outrage, below zero when it was late.
    """

    brand: str
    monday: date
    grades: Mapping[Grade, int] = field(default_factory=dict)
    waiting: int = 0
    fires: int = 0
    missed: int = 0
    lead_minutes: int | None = None
    proposal: Proposal | None = None
    interrupted: Interrupted = field(default_factory=Interrupted)

    @property
    def alerts(self) -> int:
        return sum(self.grades.values()) + self.waiting


def weekly_card(view: WeeklyView, language: str) -> Card:
    """The message in `language` (fi, sv, en)."""
    words = words_for(language)
    title = words.plain("weekly.header", week=view.monday.isocalendar().week, brand=one_line(view.brand))
    lines = list(_lines(view, words))
    blocks: list[Block] = [kit.header(title), kit.section(Mrkdwn("\n".join(lines)))]
    reached = list(team_lines(view.interrupted, words))
    if reached:
        blocks.append(kit.section(Mrkdwn("\n".join(reached))))
    if view.proposal is not None:
        blocks.append(kit.section(_proposed(view.proposal, words)))
    return Card(blocks, escaped(f"{title}. {words.counted('weekly.alerts', view.alerts)}"))


def _lines(view: WeeklyView, words: Words) -> Iterable[Mrkdwn]:
    yield words.mrkdwn("weekly.bold", text=words.counted("weekly.alerts", view.alerts))
    for grade in Grade:
        if view.grades.get(grade):
            yield words.mrkdwn(f"weekly.{grade}", count=words.number(view.grades[grade]))
    if view.waiting:
        yield words.mrkdwn("weekly.waiting", count=words.number(view.waiting))
    yield words.mrkdwn("weekly.fires", count=words.number(view.fires), missed=words.number(view.missed))
    if view.lead_minutes is not None:
        side = "before" if view.lead_minutes >= 0 else "after"
        yield words.mrkdwn(f"weekly.lead_{side}", length=length(abs(view.lead_minutes), words))


def _proposed(proposal: Proposal, words: Words) -> Mrkdwn:
    return words.mrkdwn(
        "weekly.proposal",
        sensitivity=proposal.sensitivity,
        weeks=words.number(proposal.weeks),
        needless=_changed("needless", proposal.needless, words),
        missed=_changed("missed", proposal.missed, words),
    )


def _changed(what: str, count: int, words: Words) -> str:
    side = "same" if count == 0 else "more" if count > 0 else "fewer"
    return words.plain(f"weekly.{what}_{side}", count=words.number(abs(count)))

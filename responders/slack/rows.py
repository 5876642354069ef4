"""Draws a case in two lines, as Home and commands list it: its number, what it is about, who has it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from responders.slack.catalogue import Words
from responders.slack.escaping import Mrkdwn, escaped, link, one_line
from responders.slack.home_views import HomeRow
from responders.slack.permalinks import permalink
from responders.slack.spans import span

_NAME = 60


@dataclass(frozen=True)
class Rows:
    """Draws rows in one language, as things stand `at`; cards are linked where `workspace_url` is known."""

    words: Words
    zone: ZoneInfo
    workspace_url: str
    at: datetime

    def row(self, row: HomeRow) -> Mrkdwn:
        """Both lines."""
        return Mrkdwn(f"{self.headline(row)}\n{self.facts(row)}")

    def headline(self, row: HomeRow) -> Mrkdwn:
        """The number, linked to its card, and the first words."""
        number = escaped(str(row.number))
        url = permalink(self.workspace_url, *row.card) if row.card else None
        shown = link(url, number) if url else number
        about = escaped(one_line(row.about), 400) or self.words.mrkdwn("home.no_words")
        return Mrkdwn(f"*{shown}* {self._mark(row)} {about}")

    def facts(self, row: HomeRow) -> Mrkdwn:
        """How long it has waited, until when it can be answered, where it is and who has it."""
        words = self.words
        waited = span((self.at - row.since).total_seconds() / 60, words)
        facts = [words.mrkdwn("home.row.burning" if row.kind == "alert" else "home.row.waited", span=waited)]
        if row.late_minutes is not None:
            facts = [words.mrkdwn("home.row.late", span=span(row.late_minutes, words))]
        if row.until is not None:
            facts.append(words.mrkdwn("home.row.until", until=self.near(row.until)))
        if row.snoozed_until is not None and row.snoozed_until > self.at:
            facts.append(words.mrkdwn("home.row.snoozed", until=self.near(row.snoozed_until)))
        facts += [escaped(channel_name(row.channel, words)), self.owner(row)]
        return Mrkdwn(" · ".join(fact for fact in facts if fact))

    def near(self, at: datetime) -> str:
        """The time of day for today, with the day for other days."""
        local, today = at.astimezone(self.zone).date(), self.at.astimezone(self.zone).date()
        return self.words.clock(at, self.zone) if local == today else self.words.moment(at, self.zone)

    def owner(self, row: HomeRow) -> Mrkdwn:
        """Who has it."""
        words = self.words
        if row.mine:
            return words.mrkdwn("home.row.mine")
        if row.owner_id is not None:
            return words.mrkdwn("home.row.owner", name=escaped(one_line(row.owner_name or row.owner_id), _NAME))
        if row.team:
            return words.mrkdwn("home.row.team", name=escaped(one_line(row.team), _NAME))
        return words.mrkdwn("home.row.free")

    def _mark(self, row: HomeRow) -> Mrkdwn:
        risk = "⚠️ " if row.flagged else ""
        if row.kind == "alert" and row.level is not None and self.words.has(f"home.level.{row.level}"):
            return Mrkdwn(risk + self.words.mrkdwn(f"home.level.{row.level}"))
        return Mrkdwn(risk + ("✉️" if row.private else "💬"))


def channel_name(channel: str, words: Words) -> str:
    """What people call a channel; not escaped."""
    key = f"channel.{channel}"
    return words.plain(key) if words.has(key) else one_line(channel)[:_NAME]

"""How often the product reached people, in words: for the team in the weekly report, for one person in their Home."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from models.states import Means, Rest
from responders.slack.catalogue import Words
from responders.slack.escaping import Mrkdwn, escaped, one_line

NAMED = 20


@dataclass(frozen=True)
class Interrupted:
    """A stretch of time. `people` are with their counts, the most often first."""

    counted: Mapping[tuple[Means, Rest], int] = field(default_factory=dict)
    people: Sequence[tuple[str, int]] = ()

    @property
    def total(self) -> int:
        return sum(self.counted.values())

    @property
    def at_rest(self) -> int:
        """Of them those in quiet hours, at night or on a weekend."""
        return sum(count for (_, rest), count in self.counted.items() if rest is not Rest.NONE)

    def by(self, means: Means) -> int:
        return sum(count for (one, _), count in self.counted.items() if one is means)


def team_lines(week: Interrupted, words: Words) -> Iterable[Mrkdwn]:
    """The week of everybody together; nothing for a week in which nobody was reached."""
    if not week.total:
        return
    yield words.mrkdwn("interruptions.team", count=words.number(week.total), rest=words.number(week.at_rest))
    yield _by_means(week, words)
    for name, count in week.people[:NAMED]:
        yield words.mrkdwn("interruptions.person", name=escaped(one_line(name), 60), count=words.number(count))
    more = len(week.people) - NAMED
    if more > 0:
        yield Mrkdwn(words.counted("interruptions.more", more))


def own_lines(this_week: Interrupted, last_week: Interrupted, words: Words) -> Iterable[Mrkdwn]:
    """What one person is told about themselves, and nobody else."""
    times = Mrkdwn(words.counted("interruptions.times", this_week.total))
    yield words.mrkdwn("interruptions.own", times=times, rest=words.number(this_week.at_rest))
    if this_week.total:
        yield _by_means(this_week, words)
    yield words.mrkdwn("interruptions.before", times=Mrkdwn(words.counted("interruptions.times", last_week.total)))


def _by_means(week: Interrupted, words: Words) -> Mrkdwn:
    parts = [words.counted(f"interruptions.{means}", week.by(means)) for means in Means if week.by(means)]
    return Mrkdwn(", ".join(parts))

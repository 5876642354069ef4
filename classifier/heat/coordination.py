"""Whether the posts of the last half hour look organised: copies, new accounts, a rhythm too even for people.

What it says is a reason beside heat and no part of it: it raises no level and lowers none. A copied call to boycott
may come from many real customers, and then this says that too. It speaks of accounts by number, never of one account,
and never says that they are machines. Where it rests on others:

- The same text of several words from many accounts within minutes is the mark of coordination that analyses of known
  campaigns share: co-tweeting in Keller, Schoch, Stier & Yang 2020 (Political Communication 37), near-simultaneous
  sharing in Giglietto et al. 2020 (Information, Communication & Society 23), text similarity of at least four words
  in Pacheco et al. 2021 (ICWSM). Short texts prove nothing: "Missä pakettini?" is written by many without a word
  between them.
- A young account, and accounts opened together: creation time is among the account features of BotOrNot (Davis et al.
  2016, WWW Companion; Varol et al. 2017, ICWSM).
- People's posts come in bursts: the gaps' coefficient of variation is above 1 (Barabási 2005, Nature 435; Goh &
  Barabási 2008, EPL 81), and about 1 where many write independently of each other; programs post on timers (Chu,
  Gianvecchio, Wang & Jajodia 2012, IEEE TDSC 9: low entropy of the gaps). Of 15 gaps drawn from independent writers
  one in about 5,000 varies as little as `EVEN` (drawn 40,000 times).
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise

from models.reasons import Reason

WINDOW_S = 30 * 60
LEAST_ACCOUNTS = 5  # that said the same
LEAST_WORDS = 5  # of a text whose copies tell anything; who calls `hear` leaves shorter ones out
LEAST_GAPS = 15
EVEN = 0.4  # the gaps' spread, as a part of their mean
_DAY_S = 24 * 3600
NEW_FOR_S = 30 * _DAY_S
TOGETHER_DAYS = 7  # accounts opened within so long of each other
LEAST_AGES = 10  # known ages, for a word on them
MANY_NEW = 0.4
FEW_NEW = 0.1
MOST_KEPT = 20_000  # posts of the window; of more, the oldest go first

_Said = tuple[float, str, str | None, float | None]  # when, which text, by which account, opened when


@dataclass(frozen=True, slots=True)
class Coordination:
    """What of the last half hour looks organised; a number is 0, or None, where that mark is missing.

    `posts` are copies of one text, from `accounts` known authors and `withheld` posts without one, first said at
    `started_at`. `even_gap_s` is their gap where it is too even. `ages_known` counts the authors (of the copies, or of
    everything when nothing was copied) whose account's age the platform tells; `new_percent` and `together_percent`
    are parts of those.
    """

    posts: int
    accounts: int
    withheld: int
    minutes: int
    started_at: datetime | None
    even_gap_s: float | None
    ages_known: int
    new_percent: int | None
    together_percent: int | None

    def reasons(self) -> tuple[Reason, ...]:
        """The same as reasons, the plainest first."""
        said: list[Reason] = []
        if self.posts:
            numbers = {"posts": self.posts, "accounts": self.accounts, "minutes": self.minutes}
            said.append(Reason("copy_wave", numbers | ({"withheld": self.withheld} if self.withheld else {})))
        if self.even_gap_s is not None:
            said.append(Reason("rhythm", {"posts": self.posts, "seconds": round(self.even_gap_s)}))
        if self.new_percent is None:
            return (*said, Reason("ages_unknown"))
        if self.new_percent >= 100 * MANY_NEW:
            said.append(Reason("new_accounts", {"percent": self.new_percent, "of": self.ages_known}))
        elif self.together_percent is not None and self.together_percent >= 100 * MANY_NEW:
            numbers = {"percent": self.together_percent, "of": self.ages_known, "days": TOGETHER_DAYS}
            said.append(Reason("accounts_opened_together", numbers))
        elif self.new_percent <= 100 * FEW_NEW:
            said.append(Reason("established_accounts", {"percent": 100 - self.new_percent, "of": self.ages_known}))
        return tuple(said)


class CopyWaves:
    """The last half hour of one brand, or of one thread, in bounded memory.

    Shares stay out: a share says itself whose words it repeats.
    """

    __slots__ = ("_aged", "_copied", "_counts", "_log")

    def __init__(self) -> None:
        self._log: deque[_Said] = deque()  # in the order heard
        self._counts: dict[str, int] = {}  # posts by text
        self._copied: set[str] = set()  # texts that may have enough accounts
        self._aged = 0  # posts whose author's age is known

    def hear(self, at: float, text_key: str, author_id: str | None, author_created_at: datetime | None) -> None:
        """Takes in a post of `at` seconds since 1970; a post may come late."""
        log, counts = self._log, self._counts
        if author_created_at is None:
            log.append((at, text_key, author_id, None))
        else:
            log.append((at, text_key, author_id, author_created_at.timestamp()))
            self._aged += 1
        count = counts[text_key] = counts.get(text_key, 0) + 1
        if count == LEAST_ACCOUNTS:
            self._copied.add(text_key)
        before = at - WINDOW_S
        while log[0][0] <= before or len(log) > MOST_KEPT:
            self._forget_oldest()

    def reading(self, now: float) -> Coordination | None:
        """What looks organised in the half hour up to `now` (seconds since 1970), or None."""
        since = now - WINDOW_S
        wave = self._widest(since)
        if wave:
            return _read(wave, copied=True)
        if self._aged < LEAST_AGES:
            return None
        found = _read([one for one in self._log if one[0] > since], copied=False)
        marks = (found.new_percent or 0, found.together_percent or 0)
        return found if max(marks) >= 100 * MANY_NEW else None

    def _forget_oldest(self) -> None:
        _, text_key, _, opened = self._log.popleft()
        if opened is not None:
            self._aged -= 1
        count = self._counts[text_key] - 1
        if count:
            self._counts[text_key] = count
        else:
            del self._counts[text_key]
        if count == LEAST_ACCOUNTS - 1:
            self._copied.discard(text_key)

    def _widest(self, since: float) -> list[_Said]:
        """The copies of the text that most accounts said; a writer whose name is withheld counts as one each time."""
        if not self._copied:
            return []
        copies: dict[str, list[_Said]] = {text_key: [] for text_key in self._copied}
        for one in self._log:
            if one[0] > since and one[1] in copies:
                copies[one[1]].append(one)
        most, widest = LEAST_ACCOUNTS - 1, list[_Said]()
        for _, said in sorted(copies.items()):  # a set has no order of its own, and the same posts give the same words
            writers = sum(_writers(said))
            if writers > most:
                most, widest = writers, said
        return widest


def _writers(said: Iterable[_Said]) -> tuple[int, int]:
    """How many accounts, and how many posts whose account is withheld."""
    authors = [author for _, _, author, _ in said]
    return len({author for author in authors if author is not None}), authors.count(None)


def _read(said: list[_Said], *, copied: bool) -> Coordination:
    times = sorted(at for at, _, _, _ in said)
    accounts, withheld = _writers(said)
    opened = {author: (opened, at) for at, _, author, opened in said if author is not None and opened is not None}
    enough = len(opened) >= LEAST_AGES
    return Coordination(
        posts=len(said) if copied else 0,
        accounts=accounts,
        withheld=withheld if copied else 0,
        minutes=int(times[-1] - times[0]) // 60 + 1 if copied else 0,
        started_at=datetime.fromtimestamp(times[0], UTC) if copied else None,
        even_gap_s=_even_gap(times) if copied else None,
        ages_known=len(opened),
        new_percent=_new_percent(opened.values()) if enough else None,
        together_percent=_together_percent(sorted(opened.values())) if enough else None,
    )


def _even_gap(times: Sequence[float]) -> float | None:
    """The mean gap in seconds where the gaps are too even for people."""
    gaps = [later - earlier for earlier, later in pairwise(times)]
    if len(gaps) < LEAST_GAPS:
        return None
    mean = math.fsum(gaps) / len(gaps)
    spread = math.sqrt(math.fsum((gap - mean) ** 2 for gap in gaps) / len(gaps))
    return mean if mean > 0 and spread <= EVEN * mean else None


def _new_percent(opened: Collection[tuple[float, float]]) -> int:
    return round(100 * sum(at - since < NEW_FOR_S for since, at in opened) / len(opened))


def _together_percent(opened: Sequence[tuple[float, float]]) -> int:
    """The part of the accounts that were opened in the fullest stretch of `TOGETHER_DAYS`."""
    first = fullest = 0
    for last, (since, _) in enumerate(opened):
        while since - opened[first][0] > TOGETHER_DAYS * _DAY_S:
            first += 1
        fullest = max(fullest, last - first + 1)
    return round(100 * fullest / len(opened))

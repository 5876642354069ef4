"""The levels of heat, and every number that heat decides by, with where it comes from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import tzinfo
from enum import IntEnum, StrEnum
from zoneinfo import ZoneInfo

SHOP_ZONE = ZoneInfo("Europe/Helsinki")


class Level(IntEnum):
    """How worried to be; `word` is what files, tables and cards carry."""

    NONE = 0
    WATCH = 1  # recorded, nobody is called
    WARNING = 2  # people should look now
    OUTRAGE = 3  # it is burning

    @property
    def word(self) -> str:
        return self.name.lower()


class Sensitivity(StrEnum):
    """How soon people are called: each step about doubles, or halves, the false alerts."""

    QUIET = "quiet"
    NORMAL = "normal"
    KEEN = "keen"


_STEP = {Sensitivity.QUIET: 1.0, Sensitivity.NORMAL: 0.0, Sensitivity.KEEN: -0.75}  # added to where a warning begins


@dataclass(frozen=True)
class HeatPolicy:
    """Thresholds of the engine. Scores are log-odds of the forecast that this is, or becomes, an outrage."""

    zone: tzinfo = SHOP_ZONE  # hours of the day are the shop's own hours

    # Levels, in log-odds. The warning was set on simulated seeds 0-39 (benchmarks/heat-results.md).
    watch: float = -1.5
    warning: float = 2.0
    outrage: float = 4.0
    outrage_people: int = 20  # and only when so many more than usual have been negative: the shop's own definition
    margin: float = 0.5  # a level is left only this far below its own threshold ...
    cool_minutes: int = 60  # ... and only after so long there
    hotter_step: float = 0.75  # within a level, the next change is told when the score has grown by this much

    # The more is said, the more threads there are that look like a fire by chance. Set on simulated seeds 0-39.
    many_from: float = 20.0  # posts an hour of an average weekday
    many_weight: float = 0.7  # log-odds that scores are lowered by for each tenfold of that

    # What counts as negative and as heated: the side the judge favours; the simulator's own halves.
    negative_from: float = 0.5
    heated_from: float = 0.5

    # Copies and people. 24 h: 95 % of posts are dead after a day. 180 min: the longest window, so a person counts once.
    copy_minutes: int = 24 * 60
    same_author_minutes: int = 180

    # Share gates: a burst of praise or a giveaway holds negatives by sheer number (12 % misjudged is usual).
    share_z: float = 2.0  # brand: the last hour's (or three hours') share must beat its own normal by this
    excess_share: float = 0.45  # brand: and so must the share of what was said on top of the usual
    thread_share: float = 0.45  # thread: outrages are 65-95 % negative, news at most about 40 % as judged
    brand_pace: float = 2.5  # so many spreads above its usual daily peak, negative in kind, are one too
    usual_share: float = 0.25  # until the brand's own is known; complaints are some fifth to a third of mentions
    usual_heated: float = 0.2  # of the negative ones
    usual_share_posts: float = 40.0  # and this is how many posts that guess is worth

    # Before history: what a small shop's negative posts come to, and how many hours that guess is worth.
    prior_rate_per_hour: float = 2.0
    prior_hours: float = 4.0
    brand_from_hours: int = 6  # before that a brand's size is a guess, and only a thread can make a warning
    little_history_hours: float = 48.0  # below two days only priors speak (early-warning notes): say so

    # Threads. Three people in an hour is an ordinary complaint thread's peak; the guess is worth five days.
    thread_people_usual: tuple[float, float, float] = (2.0, 3.0, 4.0)  # in 15, 60, 180 minutes
    topic_people_usual: tuple[float, float, float] = (2.0, 3.0, 5.0)  # one complaint, wherever it is written
    thread_pace: float = 1.6  # so many spreads above its usual busiest thread are a fire by themselves ...
    plain_share: float = 0.75  # ... when so negative ...
    plain_part: float = 0.5  # ... and as many as this part of the brand's usual negative people of three hours ...
    plain_odds: float = 2.0  # ... with this score, and more of them with more
    thread_spread: float = 0.35  # of log(1 + people)
    thread_idle_minutes: int = 24 * 60  # a dormant thread wakes 4-15 h later; a day covers it
    least_people: int = 6  # fewer people never make a warning by themselves, however quiet the shop

    # How far it is carried: guesses worth four days, until the brand's own furthest thread of a day is known. A post in
    # five is shared; the median account has some 300 followers, the mean one a thousand.
    thread_carried_usual: tuple[float, float] = (4.0, 3_000.0)  # shares and replies in 15 minutes; followers summed
    brand_carried_usual: tuple[float, float] = (6.0, 10_000.0)
    newcomers_weight: float = 0.2  # log-odds for each spread, up to three
    traffic_weight: float = 0.1
    readers_weight: float = 0.1
    channels_weight: float = 0.2  # for each channel beyond the first, up to two
    carried_most: float = 0.6  # of all these together
    shares_said: int = 3  # so many shares in a quarter of an hour are worth a word ...
    readers_said: int = 5_000  # ... and so many followers in all ...
    carried_said: float = 1.0  # ... when they lie so many spreads above the brand's usual daily peak
    newcomers_said: float = 2.0  # spreads above its usual share of newcomers
    usual_new: float = 0.4  # of negative people, until the brand's own share of newcomers is known

    # Unanswered on our own page (S23): grows over the first hour; half an hour makes the difference seen.
    unanswered_weight: float = 0.6  # log-odds
    unanswered_full_minutes: int = 60
    unanswered_said_minutes: int = 10
    calls_said: int = 2  # so many calls to act, copies included, are worth a word
    # Reach (S56): an author with this many followers raises the level one step.
    reach_followers: int = 20_000
    reach_from: float = 0.5  # below this score a watch stays one ...
    reach_above: float = 0.5  # ... and with readers fewer spreads than this above those of its usual most read thread
    reach_odds: float = -1.0  # of such an author alone, in simulated brands (a quarter become one); no more is known

    # Odd clocks.
    quiet_hours: int = 24  # longer silence of a whole brand is a gap in listening, not a lesson in quiet
    late_minutes: int = 180  # older posts than this cannot touch any window
    ahead_minutes: int = 5  # a post further in the future than this is taken as said now
    set_back_after: int = 5  # so many too-old posts in a row, and no known now: the clock itself was wrong

    # Memory.
    most_threads: int = 20_000  # threads and topics kept for a brand
    most_people: int = 5_000  # people remembered for a thread; past that it has long been an outrage
    most_texts: int = 200_000  # texts remembered for a brand

    @classmethod
    def of(cls, sensitivity: str, zone: tzinfo = SHOP_ZONE, *, outrage_people: int = 20) -> HeatPolicy:
        """The policy of a setting: "quiet", "normal" or "keen"; raises ValueError for any other."""
        step = _STEP[Sensitivity(sensitivity)]
        return cls(zone=zone, warning=cls.warning + step, outrage=cls.outrage + step, outrage_people=outrage_people)

    def level_of(self, score: float) -> Level:
        if score >= self.outrage:
            return Level.OUTRAGE
        if score >= self.warning:
            return Level.WARNING
        return Level.WATCH if score >= self.watch else Level.NONE

    def floor_of(self, level: Level) -> float:
        """The score at which `level` begins."""
        return (float("-inf"), self.watch, self.warning, self.outrage)[level]

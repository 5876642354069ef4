"""What the forecast reads of a brand, a thread or a topic: a row of numbers, each against the brand's own normal.

Every number rises with the danger, so the forecast may be held to rise with each of them. What they rest on
(docs/heat.md names the sources): the pace of different negative people against the brand's own usual daily peak, over
several windows; the negative share of what was said *on top of the usual* (a campaign or good news holds misjudged
posts by sheer number, an outrage is mostly negative); high arousal; one thread that stands out.
"""

from __future__ import annotations

import math

from classifier.heat.brand import Brand
from classifier.heat.followed import HEATED, NEGATIVES, Followed, Pace, pace_of
from classifier.heat.policy import HeatPolicy
from classifier.heat.track import surprise
from classifier.heat.windows import BRAND_WINDOWS, LONGEST

_PER_WINDOW = ("pace", "heated_pace", "share_z", "excess_share", "heated_z", "excess")

BRAND_SIGNALS = (
    *(f"{name}_{window}" for window in BRAND_WINDOWS for name in _PER_WINDOW),
    "thread_15",
    "thread_60",
    "thread_180",
    "thread_share",
    "thread_reach",
)
"""The names of a brand's signals, in their order."""

_OF_THE_BRAND = BRAND_SIGNALS[: len(_PER_WINDOW) * len(BRAND_WINDOWS)]

FOLLOWED_SIGNALS = (
    "above_15",
    "above_60",
    "above_180",
    "people_15",
    "people_60",
    "people_180",
    "share",
    "heated_z",
    "reach",
    *_OF_THE_BRAND,
)
"""The names of a thread's or topic's signals: its own, then its brand's."""

_COLD = (-9.0, -9.0, -9.0, 0.0, 0.0)
_SHARE_Z_60, _EXCESS_60 = BRAND_SIGNALS.index("share_z_60"), BRAND_SIGNALS.index("excess_share_60")
_SHARE_Z_180, _EXCESS_180 = BRAND_SIGNALS.index("share_z_180"), BRAND_SIGNALS.index("excess_share_180")
_SHARE_Z_720, _EXCESS_720 = BRAND_SIGNALS.index("share_z_720"), BRAND_SIGNALS.index("excess_share_720")


def brand_signals(brand: Brand, now: int, policy: HeatPolicy) -> list[float]:
    """The row of BRAND_SIGNALS as of minute `now`, without its hottest thread; notes the moment for the day's peaks."""
    share, heated_share = brand.share.value, brand.heated_share.value
    day = brand.clockwork.slot_and_day(brand.hour)[1]
    row: list[float] = []
    for n, h, a, usual_n, usual_h, usual_a, peak, heated_peak in zip(
        *brand.seen(now),
        brand.negative.expected(now),
        brand.heated.expected(now),
        brand.spoken.expected(now),
        brand.negative_peaks,
        brand.heated_peaks,
        strict=True,
    ):
        pace, heated_pace = surprise(n, usual_n), surprise(h, usual_h)
        share_z = brand.share.z(n, a)
        more, more_negative = a - usual_a, n - usual_n
        excess_share = (more_negative + share) / (max(more, more_negative) + 1 + 0.5 * math.sqrt(usual_a + 0.1))
        heated_z = (h - n * heated_share) / math.sqrt(n * heated_share * (1 - heated_share) + 0.25)
        row += (
            peak.above(pace),
            heated_peak.above(heated_pace),
            share_z,
            min(1.5, max(-1.0, excess_share)),
            heated_z,
            math.log1p(max(0.0, more_negative)),
        )
        if share_z > policy.share_z:
            peak.see(day, pace)
            heated_peak.see(day, heated_pace)
        else:  # a burst that is not negative in kind counts no higher than usual
            peak.see(day, min(pace, peak.usual))
            heated_peak.see(day, min(heated_pace, heated_peak.usual))
    return row


def hottest_signals(brand: Brand, now: int, policy: HeatPolicy) -> tuple[float, ...]:
    """The end of that row, which only the brand's own forecast reads."""
    hottest = brand.hottest
    if hottest is None:
        return _COLD
    pace = pace_of(hottest, now, brand.usual_peaks[hottest.subject], policy)
    return (*pace.above, pace.share, _log_reach(hottest, now, policy))


def unusual(row: list[float], policy: HeatPolicy) -> bool:
    """Whether the brand's talk is negative in kind: by its share, and by the share of what came on top of the usual."""
    share_z = max(row[_SHARE_Z_60], row[_SHARE_Z_180], row[_SHARE_Z_720])
    excess_share = max(row[_EXCESS_60], row[_EXCESS_180], row[_EXCESS_720])
    return share_z > policy.share_z and excess_share > policy.excess_share


def mean_pace(row: list[float]) -> float:
    """Spreads above the brand's usual daily peak, the mean over a quarter of an hour, an hour and three."""
    return (row[0] + row[len(_PER_WINDOW)] + row[2 * len(_PER_WINDOW)]) / 3


def followed_signals(
    brand: Brand, followed: Followed, pace: Pace, brand_row: list[float], now: int, policy: HeatPolicy
) -> list[float]:
    """The row of FOLLOWED_SIGNALS as of minute `now`."""
    usual = brand.heated_share.value
    negatives, heated = followed.counts.last(LONGEST, now, NEGATIVES), followed.counts.last(LONGEST, now, HEATED)
    heated_z = (heated - negatives * usual) / math.sqrt(negatives * usual * (1 - usual) + 0.25)
    return [
        *pace.above,
        *pace.logs,
        pace.share,
        heated_z,
        _log_reach(followed, now, policy),
        *brand_row,
    ]


def _log_reach(followed: Followed, now: int, policy: HeatPolicy) -> float:
    """log10 of the followers of the widest-read negative author of the last day; 0 for ordinary ones."""
    return math.log10(1 + followed.reach_now(now, policy))

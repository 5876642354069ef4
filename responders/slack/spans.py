"""How long something has lasted, in words as short as a list takes: 34 min, 2 h 10 min, 3 d 4 h."""

from __future__ import annotations

from responders.slack.catalogue import Words

_HOUR, _DAY = 60, 24 * 60


def span(minutes: float, words: Words) -> str:
    """Whole minutes below a day, whole hours above; what is not yet over is 0 minutes."""
    whole = max(0, int(minutes))
    if whole >= _DAY:
        days, hours = whole // _DAY, whole % _DAY // _HOUR
        return words.plain("home.span.days_hours" if hours else "home.span.days", d=words.number(days), h=hours)
    if whole >= _HOUR:
        hours, left = whole // _HOUR, whole % _HOUR
        return words.plain("home.span.hours_minutes" if left else "home.span.hours", h=hours, m=left)
    return words.plain("home.span.minutes", m=whole)

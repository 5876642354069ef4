"""How often the machine looks by itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from responders.publish import READ_BACK_AFTER_S
from responders.slack.line import USUAL, Rhythm


@dataclass(frozen=True)
class Pace:
    """The shipped pace; a played world is looked at more often."""

    heat_tick_s: float = 20.0
    redraw_after_s: float = 3.0
    idle_s: float = 0.25
    reread_s: float = 60.0  # between two reads of one hot thread
    grade_s: float = 3600.0  # between two looks at whether the outcome of an alert can be told
    escalate_s: float = 20.0  # between two looks at a fire that calls people
    watch_s: float = 60.0  # between two looks at whether every source still hears
    read_back_after_s: Sequence[float] = READ_BACK_AFTER_S
    slack_line: Rhythm = USUAL
    slack_speed: float = 1.0  # how many times Slack's own rates its stand-in allows


SHIPPED = Pace()

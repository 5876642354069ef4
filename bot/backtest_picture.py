"""The picture of a backtest: how many people were angry, when it burned, and when each setting would have called.

matplotlib is loaded here alone, and this file by the command alone: the running product never needs it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import matplotlib
import numpy as np
from babel.dates import format_datetime
from babel.numbers import format_decimal
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.dates import MO, WeekdayLocator, date2num, num2date
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import FixedLocator, FuncFormatter
from numpy.typing import NDArray

from classifier.heat.backtest import Backtest, Span
from classifier.heat.outcome import Fire
from classifier.heat.policy import Level
from classifier.outputs import BadInput

KINDS = (".png", ".svg")

TEXTS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "title": "{brand}: when people would have been called",
        "angry": "negative people an hour",
        "fire": "outrage: first to last post",
        "half": "half of its people had spoken",
        "warm_up": "learning what is usual",
        "warning": "alert: warning",
        "outrage": "alert: outrage",
        "not_fire": "alert, no outrage",
        "quiet": "quiet",
        "normal": "normal",
        "keen": "keen",
        "figures": "{alerts} alerts a week, {caught} of {fires} outrages caught",
        "time": "times in {zone}",
    },
    "fi": {
        "title": "{brand}: milloin olisi hälytetty",
        "angry": "kielteisiä kirjoittajia tunnissa",
        "fire": "someraivo: ensimmäisestä viestistä viimeiseen",
        "half": "puolet sen kirjoittajista mukana",
        "warm_up": "opetellaan tavallista",
        "warning": "hälytys: varoitus",
        "outrage": "hälytys: someraivo",
        "not_fire": "hälytys ilman someraivoa",
        "quiet": "hiljainen (quiet)",
        "normal": "tavallinen (normal)",
        "keen": "herkkä (keen)",
        "figures": "{alerts} hälytystä viikossa, someraivoista huomattu {caught}/{fires}",
        "time": "ajat: {zone}",
    },
    "sv": {
        "title": "{brand}: när det skulle ha larmats",
        "angry": "negativa skribenter per timme",
        "fire": "nätdrev: från första till sista inlägget",
        "half": "hälften av skribenterna var med",
        "warm_up": "lär sig det vanliga",
        "warning": "larm: varning",
        "outrage": "larm: nätdrev",
        "not_fire": "larm utan nätdrev",
        "quiet": "lugn (quiet)",
        "normal": "vanlig (normal)",
        "keen": "känslig (keen)",
        "figures": "{alerts} larm i veckan, {caught} av {fires} nätdrev upptäcktes",
        "time": "tider: {zone}",
    },
}

# Told apart also without colour: the shape is the level, a hollow mark was no outrage, and fires are hatched.
_INK, _FAINT, _CURVE = "#22303c", "#66727f", "#6f8fbd"
_FIRE, _FIRE_EDGE = "#f6c9bd", "#c8553d"
_WARM_UP = "#e6ebf0"
_MARKS: Mapping[Level, tuple[str, str, float]] = {
    Level.WARNING: ("^", "#d98200", 8.5),
    Level.OUTRAGE: ("D", "#b3132b", 7.5),
}
_DAYS = {"fi": "ccc d.M.", "sv": "ccc d/M", "en": "ccc d MMM"}


@dataclass(frozen=True)
class Scene:
    """What is drawn: one brand's past, and what each setting, by its name, would have done there."""

    brand: str
    angry: Mapping[datetime, int]  # people by hour
    runs: Sequence[tuple[str, Backtest]]
    zone: ZoneInfo
    language: str

    @property
    def span(self) -> Span:
        return self.runs[0][1].spans[self.brand]

    @property
    def fires(self) -> Sequence[Fire]:
        return self.runs[0][1].fires


def draw(scene: Scene, path: Path) -> None:
    """Writes the picture, SVG or PNG by its name, whole or not at all. Raises BadInput where that cannot be."""
    kind = path.suffix.lower().removeprefix(".")
    target = path.with_name(path.name + ".part")
    try:
        with matplotlib.rc_context({"svg.fonttype": "none", "svg.hashsalt": "palovahti", "hatch.linewidth": 0.4}):
            figure = _figure(scene)
            figure.savefig(target, format=kind, dpi=160, metadata={"Date": None} if kind == "svg" else None)
        target.replace(path)
    except OSError as error:
        raise BadInput(f"{path}: cannot be written ({error.strerror}). Choose another place.") from None
    finally:
        target.unlink(missing_ok=True)


def _figure(scene: Scene) -> Figure:
    words, lanes = TEXTS[scene.language], len(scene.runs)
    figure = Figure(figsize=(12, 4.6 + 0.75 * lanes), facecolor="white", layout="constrained")
    curve, *rows = figure.subplots(
        1 + lanes, 1, sharex=True, gridspec_kw={"height_ratios": [5.2, *[1.0] * lanes], "hspace": 0.02}
    )
    figure.suptitle(
        words["title"].format(brand=scene.brand), x=0.01, ha="left", fontsize=14, fontweight="bold", color=_INK
    )
    _curve(curve, scene, words)
    for row, (name, found) in zip(rows, scene.runs, strict=True):
        _lane(row, name, found, scene, words)
    _ground(curve, scene, hatch="////")
    for row in rows:
        _ground(row, scene)
    _time_axis(rows[-1], scene, words)
    figure.legend(handles=_legend(words), loc="outside lower left", ncols=3, frameon=False, fontsize=9, labelcolor=_INK)
    return figure


def _curve(axes: Axes, scene: Scene, words: Mapping[str, str]) -> None:
    """Square roots: the daily round stays readable beside an outrage a hundred times as large."""
    hours, counts = _every_hour(scene)
    axes.set_yscale("function", functions=(_root, np.square))
    axes.fill_between(hours, counts, step="post", facecolor=_CURVE, edgecolor=_CURVE, linewidth=0.4, zorder=3)
    axes.set_ylim(0, 1.15 * max(4, *counts))
    axes.yaxis.set_major_locator(FixedLocator(_steps(max(4, *counts))))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: str(format_decimal(value, locale=scene.language))))
    axes.set_ylabel(words["angry"], color=_INK, fontsize=10)
    axes.grid(axis="y", color="#e3e8ed", linewidth=0.8)


def _root(values: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.sqrt(np.maximum(values, 0))


def _steps(most: int) -> list[float]:
    """Round numbers (1, 2, 5, 10, ...) about evenly apart on a scale of square roots."""
    round_ones = [digit * 10.0**power for power in range(8) for digit in (1, 2, 5)]
    wanted = [part * most for part in (0.05, 0.2, 0.5, 1.0)]
    return sorted({0.0, *(max((one for one in round_ones if one <= value), default=0.0) for value in wanted)})


def _every_hour(scene: Scene) -> tuple[list[float], list[int]]:
    """Every hour that is shown, also the silent ones."""
    hour = scene.span.heard.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    hours, counts = [], []
    while hour <= scene.span.until:
        hours.append(float(date2num(hour)))
        counts.append(scene.angry.get(hour, 0))
        hour += timedelta(hours=1)
    return hours, counts


def _lane(axes: Axes, name: str, found: Backtest, scene: Scene, words: Mapping[str, str]) -> None:
    """One setting's calls: a mark each, outrages above warnings, filled where it was an outrage."""
    axes.set_ylim(-1, 1)
    axes.set_yticks([])
    axes.axhline(0, color="#cfd6dd", linewidth=1, zorder=1)
    for alert, graded in found.alerts:
        for call in alert.calls:
            shape, colour, size = _MARKS[call.level]
            height = 0.42 if call.level is Level.OUTRAGE else -0.42  # a call made worse hides nothing
            axes.plot(date2num(call.at), height, shape, markersize=size, color=colour, zorder=4, clip_on=False,
                      markerfacecolor=colour if graded.grade.is_hit else "white", markeredgewidth=1.4)  # fmt: skip
    alerts = format_decimal(found.alerts_a_week, format="0.0", locale=scene.language)
    figures = words["figures"].format(alerts=alerts, caught=found.caught, fires=len(found.fires))
    axes.set_title(f"{words[name]}: {figures}", loc="left", fontsize=10, color=_INK, pad=3)


def _ground(axes: Axes, scene: Scene, hatch: str | None = None) -> None:
    """The fires and the warm-up behind everything, and no more frame than is needed."""
    span = scene.span
    axes.axvspan(date2num(span.heard), date2num(span.since), facecolor=_WARM_UP, edgecolor="none", zorder=0)
    for fire in scene.fires:
        axes.axvspan(date2num(fire.began), date2num(min(fire.ended, span.until)), facecolor=_FIRE, alpha=0.6,
                     edgecolor=_FIRE_EDGE, hatch=hatch, linewidth=0, zorder=0)  # fmt: skip
        axes.axvline(date2num(fire.half), color=_FIRE_EDGE, linewidth=1.1, linestyle=(0, (3, 2)), zorder=2)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color("#cfd6dd")
    axes.tick_params(axis="both", colors=_FAINT, length=0)


def _time_axis(axes: Axes, scene: Scene, words: Mapping[str, str]) -> None:
    span = scene.span
    axes.set_xlim(date2num(span.heard), date2num(span.until))
    weeks = (span.until - span.heard) // timedelta(weeks=1)
    axes.xaxis.set_major_locator(WeekdayLocator(MO, interval=1 + weeks // 13, tz=scene.zone))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: _moment(value, scene)))
    axes.tick_params(axis="x", labelsize=10, labelcolor=_INK, length=4)
    axes.set_xlabel(words["time"].format(zone=scene.zone.key), loc="right", fontsize=8, color=_FAINT)


def _moment(value: float, scene: Scene) -> str:
    at = num2date(value, tz=scene.zone)
    return str(format_datetime(at, _DAYS[scene.language], tzinfo=scene.zone, locale=scene.language))


def _legend(words: Mapping[str, str]) -> list[Artist]:
    marks = [
        Line2D([], [], marker=shape, color=colour, markersize=size, linestyle="none", markeredgewidth=1.4,
               label=words[level.word])
        for level, (shape, colour, size) in _MARKS.items()
    ]  # fmt: skip
    shape, colour, size = _MARKS[Level.WARNING]
    hollow = Line2D([], [], marker=shape, color=colour, markersize=size, linestyle="none", markerfacecolor="white",
                    markeredgewidth=1.4, label=words["not_fire"])  # fmt: skip
    return [
        *marks,
        hollow,
        Patch(facecolor=_WARM_UP, edgecolor="#aeb8c2", linewidth=0.8, label=words["warm_up"]),
        Patch(facecolor=_FIRE, edgecolor=_FIRE_EDGE, hatch="////", linewidth=0, label=words["fire"]),
        Line2D([], [], color=_FIRE_EDGE, linewidth=1.1, linestyle=(0, (3, 2)), label=words["half"]),
    ]

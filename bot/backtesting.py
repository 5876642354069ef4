"""Behind `palovahti backtest`: what one or two settings would have done with the shop's past, or a recorded stream."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from bot.backtest_table import Answer, print_answer
from bot.settings import read_settings
from bot.wiring import open_store
from classifier.heat.backtest import angry_by_hour, run, spans_of
from classifier.heat.files import read_posts
from classifier.heat.outcome import OutrageRule, look_back
from classifier.heat.policy import SHOP_ZONE, HeatPolicy
from classifier.heat.posts import JudgedPost
from classifier.history import public_posts
from classifier.outputs import BadInput
from classifier.steps import HISTORY

_AFTERWARDS = timedelta(days=2)  # what was said after the last day still tells how its alerts turned out
_EVER, _NEVER = datetime(1970, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC)
_AT_ONCE = 1000  # posts between two looks at the progress bar
_NAMED = 3  # brands that a sentence names


@dataclass(frozen=True)
class Question:
    """What is asked. Both days are counted in, and are the shop's own; `events` is read instead of the shop's store.

    Without `sensitivities` the one that the settings name is tried.
    """

    since: date | None
    until: date | None
    sensitivities: Sequence[str]
    events: Path | None = None
    brand: str | None = None  # of a stream that holds several
    picture: Path | None = None


@dataclass(frozen=True)
class _Shop:
    """Where, and in whose words, the answer is given."""

    zone: ZoneInfo = SHOP_ZONE
    language: str = "en"
    name: str = ""
    store: str = ""
    sensitivity: str = "normal"
    rule: OutrageRule = field(default_factory=OutrageRule)


def backtest(question: Question, path: Path, console: Console, *, needed: bool, as_json: bool) -> int:
    """Prints a column for each setting, and draws the picture if one is asked for; 1 where there is too little past.

    The settings of `path` are `needed`, or may be missing: then times are Helsinki's and the picture is in English.
    """
    if question.picture is not None:
        _check_place(question.picture)
    shop = _shop(path) if needed or path.exists() else _Shop()
    window = _Window.of(question, shop.zone)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as progress:
        posts = _posts(question, window, shop, progress)
        answer = _answer(question, window, shop, posts, progress)
    if question.picture is not None and answer.runs:
        _draw(question.picture, shop, posts, answer)
    print_answer(answer, shop.zone, console, as_json=as_json)
    return 0 if answer.runs else 1


@dataclass(frozen=True)
class _Window:
    """The days asked for as times; `since` or `until` is None where all is asked for."""

    since: datetime | None
    until: datetime | None

    @staticmethod
    def of(question: Question, zone: ZoneInfo) -> _Window:
        def midnight(day: date) -> datetime:
            return datetime.combine(day, time(), zone)

        return _Window(
            midnight(question.since) if question.since else None,
            midnight(question.until + timedelta(days=1)) if question.until else None,
        )

    @property
    def first(self) -> datetime:
        """From when on posts are read: as far back as the running product remembers."""
        return self.since - HISTORY if self.since else _EVER

    @property
    def last(self) -> datetime:
        return self.until + _AFTERWARDS if self.until else _NEVER

    def holds(self, post: JudgedPost) -> bool:
        return (self.since or _EVER) <= post.created_at < (self.until or _NEVER)

    def sentence(self) -> str:
        """Why there is no answer, where nothing was said in it."""
        since = f" since {self.since:%Y-%m-%d}" if self.since else ""
        until = f" until {self.until - timedelta(days=1):%Y-%m-%d}" if self.until else ""
        return f"No judged mentions{since}{until}, so there is nothing to try a setting on."


def _shop(path: Path) -> _Shop:
    settings = read_settings(path)
    return _Shop(
        zone=settings.shop.zone,
        language=settings.slack.card_language,
        name=settings.shop.name,
        store=settings.store.url,
        sensitivity=settings.heat.sensitivity,
        rule=OutrageRule(**settings.heat.outrage.model_dump()),
    )


def _posts(question: Question, window: _Window, shop: _Shop, progress: Progress) -> list[JudgedPost]:
    """The posts that matter for the window; what warms up before it and what tells the end after it come too."""
    read = _watched("reading", None, progress)
    if question.events is None:
        engine, sessions = open_store(shop.store)
        try:
            with sessions() as session:
                return list(read(public_posts(session, shop.name, window.first, window.last)))
        finally:
            engine.dispose()
    posts = [post for post in read(read_posts(question.events)) if window.first <= post.created_at < window.last]
    if question.brand is None:
        return posts
    return _of_brand(question.brand, posts, question.events)


def _of_brand(brand: str, posts: Sequence[JudgedPost], events: Path) -> list[JudgedPost]:
    found = [post for post in posts if post.brand == brand]
    if posts and not found:
        raise BadInput(f'{events}: there is no brand "{brand}". There is {_named({post.brand for post in posts})}.')
    return found


def _answer(
    question: Question,
    window: _Window,
    shop: _Shop,
    posts: Sequence[JudgedPost],
    progress: Progress,
) -> Answer:
    if not any(map(window.holds, posts)):
        return Answer(shop.rule, sentence=window.sentence())
    spans = spans_of(posts, window.since, window.until)
    if question.picture is not None and len(spans) > 1:
        raise BadInput(
            f"{question.events}: a picture shows one brand, and there are {len(spans)} ({_named(spans)}). "
            "Name one with --brand."
        )
    if not any(span.weeks for span in spans.values()):
        days = max((span.until - span.heard).days for span in spans.values())
        return Answer(
            shop.rule,
            sentence=f"Too little history: {days} {'day' if days == 1 else 'days'}, and two weeks are needed before "
            "alerts count. Try again when more has been heard.",
        )
    progress.add_task("looking back", total=None)
    past = look_back(posts, shop.rule)
    runs = []
    for name in question.sensitivities or [shop.sensitivity]:
        watched = _watched(f"trying {name}", len(posts), progress)
        policy = HeatPolicy.of(name, shop.zone, outrage_people=shop.rule.least_people)
        since, until = window.since, window.until
        runs.append((name, run(posts, policy, shop.rule, since=since, until=until, past=past, watched=watched)))
    return Answer(shop.rule, len(posts), runs)


def _draw(path: Path, shop: _Shop, posts: Sequence[JudgedPost], answer: Answer) -> None:
    from bot.backtest_picture import Scene, draw  # loads matplotlib, for two seconds

    (brand,) = answer.spans
    angry = angry_by_hour(posts, shop.rule.negative_from).get(brand, {})
    draw(Scene(brand, angry, answer.runs, shop.zone, shop.language), path)


def _check_place(path: Path) -> None:
    """Before the long work, not after it."""
    folder = path.parent
    if path.is_dir():
        raise BadInput(f"{path}: this is a folder. Name a file in it, such as {path / 'backtest.svg'}.")
    if not folder.is_dir():
        raise BadInput(f"{path}: there is no folder {folder}. Make it, or choose another place.")
    if not os.access(folder, os.W_OK):
        raise BadInput(f"{path}: nothing may be written to {folder}. Mend its rights, or choose another place.")


def _watched(
    what: str, total: int | None, progress: Progress
) -> Callable[[Iterable[JudgedPost]], Iterator[JudgedPost]]:
    def watch(posts: Iterable[JudgedPost]) -> Iterator[JudgedPost]:
        task, count = progress.add_task(what, total=total), 0
        for post in posts:
            yield post
            count += 1
            if count % _AT_ONCE == 0:
                progress.update(task, completed=count)
        progress.update(task, completed=count, total=count)

    return watch


def _named(brands: Collection[str]) -> str:
    names = sorted(brands)
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more

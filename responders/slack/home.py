"""Draws App Home: what burns, what cannot wait, whose queue holds what, and the day's numbers. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale

from responders.queue_order import Scope, Show
from responders.slack import blocks as kit
from responders.slack.blocks import Block
from responders.slack.catalogue import Words
from responders.slack.escaping import Mrkdwn, escaped, one_line
from responders.slack.home_filters import ANY, CHANNEL, LANGUAGE, NEXT, PREVIOUS, SCOPE, SEE_ALL, SHOW, written
from responders.slack.home_views import DraftRow, HomeList, HomeRow, HomeView, Today
from responders.slack.interruption_words import own_lines
from responders.slack.rows import Rows, channel_name
from responders.slack.spans import span

HOME = "home"
REFRESH, TAKE, TAKE_IN, APPROVE_MANY = "home_refresh", "home_take", "home_take_in", "home_approve_many"

MOST_OPTIONS = 100
_NAME = 60


def home_view(
    view: HomeView, words: Words, zone: ZoneInfo, workspace_url: str, *, approves: bool = False, told: str = ""
) -> dict[str, Any]:
    """The view to publish. `approves`: whether approving several drafts together is there at all.

    `told` is a sentence about what the person has just done, not escaped.
    """
    drawn = _Drawn(view, words, zone, workspace_url)
    said = [kit.section(Mrkdwn(f"👉 {escaped(told, 2000)}"))] if told else []
    return {
        "type": "home",
        "callback_id": HOME,
        "private_metadata": written(view.filters),
        "blocks": [
            *said,
            *drawn.top(),
            *drawn.burning(),
            *drawn.due(),
            *drawn.drafts(approves),
            *drawn.lists(),
            *drawn.own(),
        ],
    }


def notice_view(key: str, words: Words) -> dict[str, Any]:
    """Home with one sentence and the button that tries again."""
    again = kit.actions([kit.button(words.plain("home.refresh"), REFRESH, {})])
    return {"type": "home", "callback_id": HOME, "blocks": [kit.section(words.mrkdwn(key)), again]}


class _Drawn:
    def __init__(self, view: HomeView, words: Words, zone: ZoneInfo, workspace_url: str) -> None:
        self._view, self._words, self._zone = view, words, zone
        self._rows = Rows(words, zone, workspace_url, view.at)

    def top(self) -> Iterable[Block]:
        view, words = self._view, self._words
        if view.muted is not None:
            until = words.date_token(view.muted.until, self._zone)
            by, reason = escaped(one_line(view.muted.by), _NAME), escaped(one_line(view.muted.reason), 300)
            yield kit.section(words.mrkdwn("home.muted", until=until, by=by, reason=reason))
        buttons = [kit.button(words.plain("home.refresh"), REFRESH, {})]
        if view.may_take_in:
            buttons.append(kit.button(words.plain("home.take_in"), TAKE_IN, {}))
        yield kit.actions(buttons)
        yield kit.context(words.mrkdwn("home.as_of", clock=words.clock(view.at, self._zone)))
        yield kit.header(words.plain("home.title.today"))
        yield kit.fields(self._numbers(view.today))

    def burning(self) -> Iterable[Block]:
        yield from self._list("fires", self._view.fires)

    def due(self) -> Iterable[Block]:
        if self._view.due.rows:
            yield from self._list("due", self._view.due)

    def drafts(self, approves: bool) -> Iterable[Block]:
        view, words = self._view, self._words
        if not view.drafts:
            return
        yield kit.header(words.plain("home.title.drafts", count=words.number(view.drafts_total)))
        for draft in view.drafts:
            yield kit.section(self._draft(draft))
        yield from self._more(view.drafts_total - len(view.drafts))
        if approves and view.may_approve_many:
            yield kit.actions([self._approve_many(view.drafts)])

    def lists(self) -> Iterable[Block]:
        view = self._view
        yield kit.divider()
        yield self._filters()
        for name, part in view.lists:
            yield from self._list(name, part, paged=view.filters.scope is not Scope.OVERVIEW)
        if view.pages > 1:
            yield from self._pages()

    def rest(self) -> Iterable[Block]:
        yield from self.lists()
        yield from self.own()

    def own(self) -> Iterable[Block]:
        """What the product cost this person's rest; nothing where it never reached them."""
        weeks = self._view.interrupted
        if weeks is not None and any(week.total for week in weeks):
            yield kit.context(Mrkdwn("\n".join(own_lines(*weeks, self._words))))

    def _list(self, name: str, part: HomeList, paged: bool = False) -> Iterable[Block]:
        words = self._words
        yield kit.header(words.plain(f"home.title.{name}", count=words.number(part.total)))
        if not part.rows:
            filters = self._view.filters
            narrowed = filters.channel or filters.language or filters.show is not Show.WAITING
            yield kit.context(
                words.mrkdwn("home.empty.filtered" if narrowed and name != "fires" else f"home.empty.{name}")
            )
        for row in part.rows:
            yield self._row(row)
        left = part.total - len(part.rows)
        if left <= 0 or paged:
            return
        if name in ("fires", "due"):
            yield from self._more(left)
        else:
            scope = Scope.ALL if name == "free" else Scope(name)
            label = words.plain("home.see_all", count=words.number(part.total))
            yield kit.actions([_button(label, f"{SEE_ALL}_{name}", scope.value)])

    def _row(self, row: HomeRow) -> Block:
        drawn = kit.section(self._rows.row(row))
        if self._view.may_take and row.owner_id is None:
            drawn["accessory"] = kit.button(self._words.plain("home.take"), TAKE, {"case": row.case_id})
        return drawn

    def _draft(self, draft: DraftRow) -> Mrkdwn:
        by, text = escaped(one_line(draft.by), _NAME), escaped(one_line(draft.text), 400)
        return Mrkdwn(f"{self._rows.headline(draft.row)}\n{self._words.mrkdwn('home.by', by=by, text=text)}")

    def _approve_many(self, drafts: Sequence[DraftRow]) -> Block:
        words, count = self._words, len(drafts)
        sure = kit.confirm(
            words.plain("home.approve_many.title"),
            words.counted("home.approve_many.text", count),
            words.plain("home.approve_many.yes"),
            words.plain("home.approve_many.no"),
        )
        label = words.plain("home.approve_many.button", count=words.number(count))
        read = [(draft.reply_id, draft.version) for draft in drafts]
        return _button(label, APPROVE_MANY, json.dumps(read)) | {"style": "primary", "confirm": sure}

    def _numbers(self, today: Today) -> list[Mrkdwn]:
        words, none = self._words, self._words.plain("home.today.none")
        oldest = (self._view.at - today.oldest).total_seconds() / 60 if today.oldest is not None else None
        values = {
            "came_in": words.number(today.came_in),
            "answered": words.number(today.answered),
            "median": span(today.median_minutes, words) if today.median_minutes is not None else none,
            "open": words.number(today.open),
            "oldest": span(oldest, words) if oldest is not None else none,
        }
        return [words.mrkdwn(f"home.today.{name}", value=value) for name, value in values.items()]

    def _filters(self) -> Block:
        view, words = self._view, self._words
        scopes = [one for one in Scope if one is not Scope.TEAMS or view.has_teams or view.filters.scope is one]
        choices = [
            _select(
                words,
                SCOPE,
                "scope",
                [(one.value, words.plain(f"home.scope.{one}")) for one in scopes],
                view.filters.scope,
            ),
            _select(
                words, SHOW, "show", [(one.value, words.plain(f"home.show.{one}")) for one in Show], view.filters.show
            ),
        ]
        if len(view.channels) > 1 or view.filters.channel:
            named = [(one, channel_name(one, words) or "?") for one in view.channels]
            choices.append(
                _select(
                    words, CHANNEL, "channel", [(ANY, words.plain("home.channel.any")), *named], view.filters.channel
                )
            )
        if len(view.languages) > 1 or view.filters.language:
            named = [(one, _language(one, words)) for one in view.languages]
            choices.append(
                _select(
                    words,
                    LANGUAGE,
                    "language",
                    [(ANY, words.plain("home.language.any")), *named],
                    view.filters.language,
                )
            )
        # A block of another name for other choices: Slack keeps what was chosen in a block that stays, and what we
        # set from elsewhere would not be shown.
        return kit.actions(choices) | {"block_id": f"filters {written(view.filters)}"[:255]}

    def _pages(self) -> Iterable[Block]:
        view, words = self._view, self._words
        at = view.filters.page
        buttons = []
        if at > 0:
            buttons.append(_button(words.plain("home.previous"), PREVIOUS, str(at - 1)))
        if at + 1 < view.pages:
            buttons.append(_button(words.plain("home.next"), NEXT, str(at + 1)))
        yield kit.context(words.mrkdwn("home.page", page=words.number(at + 1), pages=words.number(view.pages)))
        yield kit.actions(buttons)

    def _more(self, left: int) -> Iterable[Block]:
        if left > 0:
            yield kit.context(escaped(self._words.counted("home.more", left)))


def _language(code: str, words: Words) -> str:
    name = str(Locale(words.language).languages.get(code, code))
    return name[:1].upper() + name[1:]


def _button(label: str, action_id: str, value: str) -> Block:
    return kit.button(label, action_id, {}) | {"value": value}


def _select(words: Words, action_id: str, name: str, options: Sequence[tuple[str, str]], chosen: str) -> Block:
    made = [{"text": kit.plain(label, 75), "value": value[:150]} for value, label in options[:MOST_OPTIONS]]
    now = next((one for one in made if one["value"] == (str(chosen) or ANY)), None)
    drawn: Block = {
        "type": "static_select",
        "action_id": action_id,
        "placeholder": kit.plain(words.plain(f"home.{name}.label"), 150),
        "options": made,
    }
    return drawn | ({"initial_option": now} if now is not None else {})

"""The windows in which people work on a case: while it is fetched, filled, and the list behind a card's menu."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from responders.slack import blocks as kit
from responders.slack.blocks import Block
from responders.slack.catalogue import Words
from responders.slack.deeds import Deed, choices
from responders.slack.escaping import escaped, one_line
from responders.slack.working_forms import FORMS, About, Ground


def callback(deed: str) -> str:
    """The callback_id of a deed's window."""
    return f"work_{deed}"


def bare_window(deed: str, key: str, words: Words) -> Block:
    """A window with one sentence of the catalogue: while the case is fetched, or in its place."""
    return {
        "type": "modal",
        "callback_id": callback(deed),
        "title": kit.plain(words.plain(f"work.{deed}.title"), 24),
        "close": kit.plain(words.plain("work.done"), 24),
        "blocks": [kit.section(words.mrkdwn(f"work.{key}"))],
    }


def window(deed: str, ground: Ground) -> Block:
    """The deed's form for the case as it stands."""
    words = ground.words
    return {
        "type": "modal",
        "callback_id": callback(deed),
        "private_metadata": json.dumps(asdict(ground.about), separators=(",", ":")),
        "title": kit.plain(words.plain(f"work.{deed}.title"), 24),
        "submit": kit.plain(words.plain(f"work.{deed}.submit"), 24),
        "close": kit.plain(words.plain("work.cancel"), 24),
        "blocks": [_which(ground), *FORMS[deed](ground)],
    }


def more_window(others: Sequence[Deed], ground: Ground) -> Block:
    """The list behind a card's menu: each press fills this same window with the deed's form."""
    return {
        "type": "modal",
        "callback_id": callback(Deed.MORE),
        "private_metadata": json.dumps(asdict(ground.about), separators=(",", ":")),
        "title": kit.plain(ground.words.plain("work.more.title"), 24),
        "close": kit.plain(ground.words.plain("work.done"), 24),
        "blocks": [_which(ground), *choices(others, ground.about.case, ground.words)],
    }


def about_of(view: Mapping[str, Any]) -> About:
    """Which case a window was about."""
    return About(**json.loads(view["private_metadata"]))


def _which(ground: Ground) -> Block:
    """So that nobody writes into the wrong case."""
    about = escaped(one_line(ground.brief.about), 150)
    return kit.context(ground.words.mrkdwn("work.case", number=ground.brief.number, about=about))

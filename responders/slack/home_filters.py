"""What somebody chose to see in their Home: as the view carries it, and after the next press. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from responders.queue_order import Filters, Scope, Show

SCOPE, SHOW, CHANNEL, LANGUAGE = "home_scope", "home_show", "home_channel", "home_language"
CHOICES = (SCOPE, SHOW, CHANNEL, LANGUAGE)
SEE_ALL, PREVIOUS, NEXT = "home_see_all", "home_previous", "home_next"
ANY = "*"


def written(filters: Filters) -> str:
    """The filters as the view carries them."""
    chosen = (filters.scope.value, filters.show.value, filters.channel, filters.language, filters.page)
    return json.dumps(chosen, separators=(",", ":"))


def read(view: Mapping[str, Any] | None) -> Filters:
    """The filters that a view carries; the plain ones for a view that is not ours, or of another version."""
    try:
        scope, show, channel, language, page = json.loads((view or {}).get("private_metadata") or "")
        return Filters(Scope(scope), Show(show), str(channel), str(language), int(page))
    except (ValueError, TypeError):
        return Filters()


def chosen(view: Mapping[str, Any], action: Mapping[str, Any]) -> Filters:
    """The filters after a press: what stands in the view's choices, and what the press itself asks for.

    Any other list begins at its first page.
    """
    before = read(view)
    picked: dict[str, str] = {}
    for block in ((view.get("state") or {}).get("values") or {}).values():
        for action_id, state in block.items():
            option = state.get("selected_option")
            if action_id in CHOICES and option is not None:
                picked[action_id] = "" if option["value"] == ANY else str(option["value"])
    pressed, value = str(action.get("action_id")), str(action.get("value") or "")
    if pressed.startswith(SEE_ALL):
        picked[SCOPE] = value
    try:
        now = Filters(
            Scope(picked.get(SCOPE, before.scope)),
            Show(picked.get(SHOW, before.show)),
            picked.get(CHANNEL, before.channel),
            picked.get(LANGUAGE, before.language),
            before.page,
        )
    except ValueError:
        return before
    if pressed in (PREVIOUS, NEXT):
        return replace(now, page=int(value) if value.isdecimal() else 0)
    return now if now == before else replace(now, page=0)

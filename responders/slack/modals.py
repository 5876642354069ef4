"""The two windows people write in: the reply they edit, and the reason they reject one. And what they wrote there."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from responders.slack import blocks as kit
from responders.slack.actions import DraftView
from responders.slack.blocks import Block
from responders.slack.catalogue import Words
from responders.slack.escaping import escaped, one_line

EDIT = "edit_reply"
REJECT = "reject_reply"
TEXT, THEN, REASON, WORDS = "text", "then", "reason", "words"  # block ids, and the action ids in them
SLACK_INPUT_LIMIT = 3000
REASONS = ("answered_elsewhere", "handled_by_other", "no_reply_needed", "not_about_us", "spam", "other")


@dataclass(frozen=True)
class Target:
    """Which reply a press is about, and the channel in which to answer the person."""

    case: int
    reply: int
    version: int
    channel: str


def fits_window(draft: DraftView) -> bool:
    """False when Slack's text field cannot hold the draft."""
    return len(draft.text) <= SLACK_INPUT_LIMIT


def edit_window(draft: DraftView, target: Target, words: Words) -> Block:
    """The window with the reply's text; sending at once is preselected, so that edit and send are two clicks."""
    then = [option(words.plain(f"edit.{choice}"), choice) for choice in ("send", "save")]
    hint = words.plain(
        "edit.hint_public" if draft.public else "edit.hint",
        limit=words.counted("edit.limit", draft.limit),
        used=words.counted("edit.limit", draft.used),
    )
    text: Block = {
        "type": "plain_text_input",
        "action_id": TEXT,
        "multiline": True,
        "max_length": _longest(draft),
        "focus_on_load": True,
    }
    if draft.text:
        text["initial_value"] = draft.text
    choice: Block = {"type": "radio_buttons", "action_id": THEN, "options": then, "initial_option": then[0]}
    warnings = [
        kit.context(words.mrkdwn("title.warning", warning=escaped(one_line(warning), 250)))
        for warning in draft.warnings[:5]
    ]
    blocks = [
        field(TEXT, words.plain("edit.label"), text, hint=hint),
        *warnings,
        field(THEN, words.plain("edit.then"), choice),
    ]
    return form(EDIT, "edit", blocks, asdict(target), words)


def reject_window(target: Target, words: Words) -> Block:
    """The window that asks why: a complaint is never closed without a written reason."""
    reason: Block = {
        "type": "static_select",
        "action_id": REASON,
        "placeholder": kit.plain(words.plain("reject.choose"), 150),
        "options": [option(words.plain(f"reject.{code}"), code) for code in REASONS],
    }
    more: Block = {"type": "plain_text_input", "action_id": WORDS, "multiline": True, "max_length": 500}
    blocks = [
        field(REASON, words.plain("reject.why"), reason),
        field(WORDS, words.plain("reject.words"), more, hint=words.plain("reject.words_hint"), optional=True),
    ]
    return form(REJECT, "reject", blocks, asdict(target), words)


def target_of(view: Mapping[str, Any]) -> Target:
    """Which reply a submitted window was about."""
    return Target(**json.loads(view["private_metadata"]))


def written(view: Mapping[str, Any]) -> tuple[str, bool]:
    """The text of a submitted edit window, and whether to send it at once."""
    values = view["state"]["values"]
    chosen = (values[THEN][THEN].get("selected_option") or {}).get("value")
    return values[TEXT][TEXT].get("value") or "", chosen == "send"


def reason_given(view: Mapping[str, Any], words: Words) -> str | None:
    """The written reason of a submitted reject window; None when "other" was chosen without a word."""
    values = view["state"]["values"]
    chosen = values[REASON][REASON].get("selected_option") or {}
    own = (values[WORDS][WORDS].get("value") or "").strip()
    code = chosen.get("value")
    if code not in REASONS or code == "other":
        return own or None
    label = words.plain(f"reject.{code}")
    return f"{label}. {own}" if own else label


def _longest(draft: DraftView) -> int:
    """How much Slack lets people type. A channel that counts links as short takes more characters than its limit
    says, so there Slack's field only stops at its own end and the approval says what is too long."""
    if "://" in draft.text:
        return SLACK_INPUT_LIMIT
    return min(SLACK_INPUT_LIMIT, max(draft.limit, len(draft.text), 1))


def form(callback_id: str, texts: str, blocks: list[Block], about: Mapping[str, object], words: Words) -> Block:
    """A window to fill in; `texts` names its table of the catalogue, and `about` comes back with what is submitted."""
    return {
        "type": "modal",
        "callback_id": callback_id,
        "private_metadata": json.dumps(dict(about), separators=(",", ":")),
        "title": kit.plain(words.plain(f"{texts}.title"), 24),
        "submit": kit.plain(words.plain(f"{texts}.submit"), 24),
        "close": kit.plain(words.plain(f"{texts}.close"), 24),
        "blocks": blocks,
    }


def field(block_id: str, label: str, element: Block, hint: str | None = None, optional: bool = False) -> Block:
    """A labelled field of a form."""
    made: Block = {
        "type": "input",
        "block_id": block_id,
        "label": kit.plain(label, 2000),
        "element": element,
        "optional": optional,
    }
    if hint:
        made["hint"] = kit.plain(hint, 2000)
    return made


def option(label: str, value: str) -> Block:
    """One choice of a field."""
    return {"text": kit.plain(label, 75), "value": value}

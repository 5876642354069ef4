"""What was changed from one text to another, in words. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

from responders.slack.case_views import Change, Edit

MOST_WORDS = 800
"""Comparing takes the time of one length times the other; longer texts are compared up to here."""


def changes_between(before: str, after: str) -> Sequence[Change]:
    """The words that were swapped, added or removed, in the order of the text; none where only white space differs."""
    old, new = before.split()[:MOST_WORDS], after.split()[:MOST_WORDS]
    found = []
    for tag, start, end, start_now, end_now in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag != "equal":
            gone, come = " ".join(old[start:end]), " ".join(new[start_now:end_now])
            edit = Edit.ADDED if not gone else Edit.REMOVED if not come else Edit.SWAPPED
            found.append(Change(edit, gone, come))
    return _joined(found) if len(found) > 1 else found


def _joined(found: list[Change]) -> list[Change]:
    """Without changes of marks alone, unless there is nothing else: a moved full stop tells nobody anything."""
    telling = [one for one in found if _bare(one.before) != _bare(one.after)]
    return telling or found


def _bare(text: str) -> str:
    return re.sub(r"\W+", "", text).casefold()

"""Tells a giveaway or contest of our own by its words, so that its entries are not taken for questions."""

from __future__ import annotations

import re

_GIVEAWAY = re.compile(
    r"\b(?:arvo(?:mme|nta|nnan|ntaan|taan|nnassa)|arvonta\w*|kilpailu(?:mme|ssa|un)?|osallistu\w*"
    r"|utlott\w*|lott(?:ar|as|ning|a) ut|tävla\w*|tävling\w*|vinn en"
    r"|giveaway|give away|raffle|contest|win a|enter to win)\b",
    re.IGNORECASE,
)


def is_giveaway(post: str) -> bool:
    """True when our post invites people to take part in a draw or a contest, in fi, sv or en."""
    return _GIVEAWAY.search(post) is not None

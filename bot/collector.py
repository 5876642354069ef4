"""How often Python looks for objects that only hold each other."""

from __future__ import annotations

import gc


def look_seldom() -> None:
    """Lets the collector look after 10,000 new objects, where Python's own setting is 700.

    Heat keeps some 600 objects for each brand and frees them by itself: there is little to find, and much to look at.
    """
    gc.set_threshold(10_000)

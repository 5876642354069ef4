"""Reads one hot thread of a shelf again: its newest entries, down to those that were heard already."""

from __future__ import annotations

from datetime import datetime

from listener.posts import Post, ThreadPage
from listener.sources.facebook_posts import time_of
from listener.sources.facebook_reading import DEEP_CALLS, OVERLAP, PAUSE_PERCENT, pause_s
from listener.sources.facebook_shelf import Shelf


def thread_again(shelf: Shelf, thread_id: str, since: datetime) -> ThreadPage:
    """The thread's entries from a little before `since` on, in a few calls at most; the turns of the shelf find the
    rest. Raises what the client raises."""
    found: dict[str, Post] = {}
    after: str | None = None
    for _ in range(DEEP_CALLS):
        page = shelf.entries(thread_id, after)
        posts = [post for item in page.items if (post := shelf.entry(item, thread_id, False))]
        found |= {post.external_id: post for post in posts if post.created_at >= since - OVERLAP}
        times = [at for at in map(time_of, page.items) if at]
        after = page.after
        if not after or (times and min(times) < since - OVERLAP) or shelf.graph.usage.percent >= PAUSE_PERCENT:
            break
    posts = sorted(found.values(), key=lambda post: post.created_at, reverse=True)
    return ThreadPage(tuple(posts), pause_s(shelf.graph.usage))

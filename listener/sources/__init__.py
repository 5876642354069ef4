"""Where posts come from: each source by its name, imported when it is first used."""

from __future__ import annotations

SOURCES: dict[str, str] = {
    "x:mentions": "listener.sources.twitter:mentions_source",
    "x:search": "listener.sources.twitter:search_source",
    "x:dms": "listener.sources.twitter:dms_source",
    "facebook:feed": "listener.sources.facebook:FacebookFeed",
    "facebook:conversations": "listener.sources.facebook:FacebookConversations",
    "replay": "listener.sources.replay:Replay",
}

"""Where posts come from: each source by its name, imported when it is first used."""

from __future__ import annotations

SOURCES: dict[str, str] = {
    "x:mentions": "listener.sources.twitter:MentionsSource",
    "x:search": "listener.sources.twitter:SearchSource",
    "x:dms": "listener.sources.twitter:DmsSource",
    "facebook:feed": "listener.sources.facebook:FacebookFeed",
    "facebook:conversations": "listener.sources.facebook:FacebookConversations",
    "replay": "listener.sources.replay:Replay",
}

"""Where replies go: each publisher by its channel, imported when it is first used."""

from __future__ import annotations

PUBLISHERS: dict[str, str] = {
    "x": "responders.publishers.twitter:XPublisher",
    "facebook": "responders.publishers.facebook:FacebookPublisher",
}

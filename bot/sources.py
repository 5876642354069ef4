"""Builds the sources and publishers that the settings name, through the two dicts that list them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from typing import Any

from bot.settings import Secrets, Settings
from listener.posts import Source, ThreadReader
from listener.sources import SOURCES
from models.x_api import XKeys
from responders.ports import Publisher
from responders.publishers import PUBLISHERS


@dataclass(frozen=True)
class Timed:
    """A source and the pause between two reads of it."""

    source: Source
    interval_s: float


def _load(path: str) -> Any:
    module, _, name = path.partition(":")
    return getattr(import_module(module), name)


def _plain(secret: Any) -> str:
    return str(secret.get_secret_value()) if secret is not None else ""


def x_keys(secrets: Secrets) -> XKeys:
    """The four keys of the account; empty where nobody gave one."""
    return XKeys(
        consumer_key=_plain(secrets.x_consumer_key),
        consumer_secret=_plain(secrets.x_consumer_secret),
        access_token=_plain(secrets.x_access_token),
        access_token_secret=_plain(secrets.x_access_token_secret),
    )


def build_sources(settings: Settings, secrets: Secrets, since: datetime) -> dict[str, Timed]:
    """Every source by its name. Nothing older than `since` is heard on the first read."""
    built: dict[str, Timed] = {}
    if settings.x is not None:
        x = settings.x
        connect = _load("listener.sources.twitter:XConnection")
        connection = connect(x_keys(secrets), x.account_id, api_base=x.api_base)
        built["x:mentions"] = Timed(_load(SOURCES["x:mentions"])(connection, since=since), x.poll_seconds)
        if x.search:
            built["x:search"] = Timed(_load(SOURCES["x:search"])(connection, x.search, since=since), x.poll_seconds)
        if x.direct_messages:
            built["x:dms"] = Timed(_load(SOURCES["x:dms"])(connection, since=since), x.poll_seconds)
    if settings.facebook is not None:
        page = settings.facebook
        options = {
            "page_id": page.page_id,
            "token": _plain(secrets.facebook_page_token),
            "version": page.graph_version,
            "app_secret": _plain(secrets.facebook_app_secret) or None,
            "base_url": page.api_base,
            "since": since,
        }
        built["facebook:feed"] = Timed(_load(SOURCES["facebook:feed"])(**options), page.poll_seconds)
        if page.conversations:
            built["facebook:conversations"] = Timed(
                _load(SOURCES["facebook:conversations"])(**options), page.poll_seconds
            )
    if settings.replay is not None:
        built["replay"] = Timed(_load(SOURCES["replay"])(settings.replay.path, account="replay", complete=True), 5.0)
    return built


def thread_readers(sources: Mapping[str, Timed]) -> dict[str, ThreadReader]:
    """For each channel the source that can read one of its public conversations by itself."""
    public = {name: sources[name].source for name in ("x:mentions", "facebook:feed") if name in sources}
    return {name.partition(":")[0]: one for name, one in public.items() if isinstance(one, ThreadReader)}


def build_publishers(settings: Settings, secrets: Secrets) -> Mapping[str, Publisher]:
    """A publisher for every channel that the settings name."""
    built: dict[str, Publisher] = {}
    if settings.x is not None:
        built["x"] = _load(PUBLISHERS["x"])(
            x_keys(secrets), settings.x.account_id, api_base=settings.x.api_base, min_gap_s=settings.x.send_gap_seconds
        )
    if settings.facebook is not None:
        page = settings.facebook
        built["facebook"] = _load(PUBLISHERS["facebook"])(
            page_id=page.page_id,
            token=_plain(secrets.facebook_page_token),
            version=page.graph_version,
            app_secret=_plain(secrets.facebook_app_secret) or None,
            base_url=page.api_base,
        )
    return built

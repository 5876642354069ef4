"""Sends approved replies to X through tweepy, a public reply or a direct message, and finds them again."""

from __future__ import annotations

import logging
import threading
import time
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

import requests
import tweepy

from models.errors import OutcomeUnknown, PlatformError, Refused, TryLater
from models.transport import NotSent, PlatformSession
from models.x_api import XKeys, problem, until_reset_s, used_up
from responders.ports import Outgoing, Published
from responders.publishers.x_length import fits

logger = logging.getLogger(__name__)

_DM = "dm"
_CLOCKS_DIFFER = timedelta(seconds=10)  # X's stamps are whole seconds, and its clock is not ours
_READ_BACK_PAGES = 5
_POST_FIELDS = "created_at,entities,note_tweet,referenced_tweets"
_DM_FIELDS = "created_at,event_type,id,sender_id,text"

Json = Mapping[str, Any]


class XPublisher:
    """The Publisher for X. One per machine: it keeps `min_gap_s` between sends, because X blocks apps that burst."""

    channel = "x"

    def __init__(
        self,
        keys: XKeys,
        account: str,
        *,
        api_base: str | None = None,
        min_gap_s: float = 5.0,
        read_timeout_s: float = 30.0,
        wall_clock: Callable[[], float] = time.time,
    ) -> None:
        self._account = account
        self._wall_clock = wall_clock
        self._client = tweepy.Client(
            consumer_key=keys.consumer_key,
            consumer_secret=keys.consumer_secret,
            access_token=keys.access_token,
            access_token_secret=keys.access_token_secret,
            return_type=dict,
            wait_on_rate_limit=False,
        )
        self._session = PlatformSession(api_base, read_timeout_s=read_timeout_s)
        # Replies are minutes apart: on a kept connection that X dropped meanwhile, a send would end as unknown.
        self._session.headers["Connection"] = "close"
        self._client.session = self._session
        self._pace = _Pace(min_gap_s)

    def publish(self, outgoing: Outgoing) -> Published:
        """Sends it; see the port for what each error means."""
        kind = _DM if outgoing.place == _DM else "post"
        if kind == _DM and outgoing.recipient_id is None:
            raise Refused("no_recipient", "Nobody is named to receive this message; answer by hand on X.")
        if kind != _DM and not fits(outgoing.text):
            raise Refused("too_long", "Shorten the text: X counts 280, links as 23 and emoji as 2.")
        self._pace.take_turn(kind, self._wall_clock())
        try:
            data = self._write(lambda: self._send(outgoing))
        finally:
            last = self._session.last
            if last is not None and used_up(last.headers):
                self._pace.rest(kind, self._wall_clock() + (until_reset_s(last.headers, self._wall_clock()) or 0.0))
        id = data.get("dm_event_id") if kind == _DM else data.get("id")
        if not id:
            raise OutcomeUnknown("no_id", "X took the request but did not say what became of it; look at the thread.")
        logger.info("x published reply_id=%d external_id=%s", outgoing.reply_id, id)
        return self._published(str(id), outgoing)

    def find(self, outgoing: Outgoing) -> Published | None:
        """Our reply as X has it, by its place, parent and words; None when it is not there."""
        since = outgoing.not_before - _CLOCKS_DIFFER
        found = self._messages(outgoing, since) if outgoing.place == _DM else self._posts(outgoing, since)
        wanted = _words(outgoing.text)
        for item in found:
            if _words(_said(item)) == wanted:
                return self._published(str(item["id"]), outgoing)
        return None

    def _send(self, outgoing: Outgoing) -> object:
        if outgoing.place == _DM:
            return self._client.create_direct_message(participant_id=outgoing.recipient_id, text=outgoing.text)
        return self._client.create_tweet(text=outgoing.text, in_reply_to_tweet_id=outgoing.target_id)

    def _published(self, id: str, outgoing: Outgoing) -> Published:
        if outgoing.place == _DM:
            return Published(id, f"https://x.com/messages/{outgoing.thread_id}")
        return Published(id, f"https://x.com/i/status/{id}")

    def _write(self, call: Callable[[], object]) -> Json:
        """The `data` of X's answer. Whatever is not a clear yes or no is OutcomeUnknown."""
        unknown = OutcomeUnknown(
            "no_answer", "X did not say whether it took the reply; it is looked for in the thread."
        )
        try:
            answer = call()
        except NotSent as error:
            raise TryLater("unreachable", "X could not be reached; check this machine's network.") from error
        except (
            tweepy.TweepyException,
            requests.RequestException,
            AttributeError,
            KeyError,
            TypeError,
            ValueError,
        ) as error:
            # Beside tweepy's own errors: what it trips over when a body is not JSON, or not X's
            last = self._session.last
            if last is None or not 400 <= last.status < 500 or last.status == 408:  # 408: it gave up half way
                raise unknown from error
            raise self._problem(error) from error
        data = answer.get("data") if isinstance(answer, dict) else None
        if not isinstance(data, dict):
            raise unknown
        return data

    def _read(self, call: Callable[[], object]) -> Json:
        """An answer to read. Every failure is TryLater: a look that failed says nothing about the reply."""
        try:
            answer = call()
        except (
            tweepy.TweepyException,
            requests.RequestException,
            AttributeError,
            KeyError,
            TypeError,
            ValueError,
        ) as error:
            reason = self._problem(error)
            retry_after_s = reason.retry_after_s if isinstance(reason, TryLater) else None
            raise TryLater(reason.code, reason.advice, retry_after_s) from error
        if not isinstance(answer, dict):
            raise TryLater("no_answer", "X gave no readable answer; it usually passes.")
        return answer

    def _problem(self, error: Exception) -> PlatformError:
        last = self._session.last
        if last is None or last.status < 400:
            return TryLater("no_answer", "X gave no readable answer; it usually passes.")
        body = _body(error.response) if isinstance(error, tweepy.HTTPException) else None
        return problem(last.status, last.headers, body, self._wall_clock())

    def _posts(self, outgoing: Outgoing, since: datetime) -> Iterable[Json]:
        """Our own posts under the same parent, newest first. Our timeline is there at once; search lags behind."""

        def page(token: str | None) -> Json:
            return self._read(
                lambda: self._client.get_users_tweets(
                    self._account, user_auth=True, max_results=100, pagination_token=token, tweet_fields=_POST_FIELDS
                )
            )

        for item in _pages(page, since):
            references = item.get("referenced_tweets") or ()
            if any(one["type"] == "replied_to" and str(one["id"]) == outgoing.target_id for one in references):
                yield item

    def _messages(self, outgoing: Outgoing, since: datetime) -> Iterable[Json]:
        """Our own messages to the same person, newest first."""

        def page(token: str | None) -> Json:
            return self._read(
                lambda: self._client.get_direct_message_events(
                    participant_id=outgoing.recipient_id,
                    max_results=100,
                    pagination_token=token,
                    event_types="MessageCreate",
                    dm_event_fields=_DM_FIELDS,
                )
            )

        for item in _pages(page, since):
            if str(item.get("sender_id")) == self._account:
                yield item


class _Pace:
    """Whose turn it is to send: never sooner than `min_gap_s` after the last send, nor before X's window opens."""

    def __init__(self, min_gap_s: float) -> None:
        self._min_gap_s = min_gap_s
        self._lock = threading.Lock()
        self._next_at = 0.0
        self._rests_until: dict[str, float] = {}

    def take_turn(self, kind: str, now: float) -> None:
        """Returns when one may send now, and counts it as sent. Raises TryLater."""
        with self._lock:
            wait = max(self._next_at, self._rests_until.get(kind, 0.0)) - now
            if wait > 0:
                raise TryLater("pacing", "Replies to X leave a few seconds apart; nothing to do.", wait)
            self._next_at = now + self._min_gap_s

    def rest(self, kind: str, until: float) -> None:
        with self._lock:
            self._rests_until[kind] = until


def _pages(page: Callable[[str | None], Json], since: datetime) -> Iterable[Json]:
    """Items newer than `since`, newest page first, for as many pages as a read-back is worth."""
    token: str | None = None
    for _ in range(_READ_BACK_PAGES):
        answer = page(token)
        items = [item for item in answer.get("data") or () if datetime.fromisoformat(item["created_at"]) >= since]
        yield from items
        token = (answer.get("meta") or {}).get("next_token")
        if token is None or not items:
            return


def _said(item: Json) -> str:
    """The text as it was sent: X cuts long posts, shortens links and escapes three characters."""
    text = str((item.get("note_tweet") or {}).get("text") or item.get("text") or "")
    for link in (item.get("entities") or {}).get("urls") or ():
        text = text.replace(link["url"], link.get("expanded_url") or link["url"])
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _words(text: str) -> list[str]:
    """The words without the handles X puts in front of a reply, and without differences nobody sees."""
    words = unicodedata.normalize("NFC", text).split()
    while words and words[0].startswith("@"):
        words.pop(0)
    return words


def _body(response: requests.Response) -> object:
    try:
        return response.json()
    except ValueError:
        return None

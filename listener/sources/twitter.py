"""Reads X through tweepy: mentions, posts with a brand word, direct messages. One fetch is one API page."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial

import requests
import tweepy

from listener.posts import Cursor, Page, Post, ThreadPage
from listener.sources.twitter_posts import Includes, Json, message_of, post_of
from listener.sources.twitter_sweep import Sweep
from models.errors import PlatformError, Refused, TryLater
from models.transport import NotSent, PlatformSession
from models.x_api import XKeys, pace_s, problem, used_up

logger = logging.getLogger(__name__)

LONGEST_QUERY = 512
_THREAD_CALLS = 3
_THREAD_OVERLAP = timedelta(minutes=2)  # what X indexes later than that, the sweeps of mentions find
_POST_FIELDS = (
    "author_id,conversation_id,created_at,entities,in_reply_to_user_id,note_tweet,referenced_tweets,reply_settings"
)
_POSTS = {
    "expansions": "author_id,referenced_tweets.id",
    "tweet_fields": _POST_FIELDS,
    "user_fields": "created_at,name,public_metrics,username",
}
_MESSAGES = {
    "expansions": "sender_id",
    "dm_event_fields": "created_at,dm_conversation_id,event_type,id,sender_id,text",
    "event_types": "MessageCreate",
    "user_fields": "name,public_metrics,username",
}


class XConnection:
    """A way into X with our keys, for one account; the three sources may share it."""

    def __init__(
        self,
        keys: XKeys,
        account: str,
        *,
        api_base: str | None = None,
        read_timeout_s: float = 30.0,
        wall_clock: Callable[[], float] = time.time,
    ) -> None:
        self.account = account
        self.wall_clock = wall_clock
        # Dicts rather than tweepy's objects: building those, one malformed item would fail its whole page. Never
        # wait_on_rate_limit: it sleeps the thread, and without a reset header it calls itself until the stack ends.
        self.client = tweepy.Client(
            consumer_key=keys.consumer_key,
            consumer_secret=keys.consumer_secret,
            access_token=keys.access_token,
            access_token_secret=keys.access_token_secret,
            return_type=dict,
            wait_on_rate_limit=False,
        )
        self.session = PlatformSession(api_base, read_timeout_s=read_timeout_s)
        self.client.session = self.session

    def answer(self, ask: Callable[[], object]) -> Json:
        """One API call; its failures are TryLater, SignInAgain or Refused."""
        try:
            answer = ask()
        except NotSent as error:
            raise TryLater("unreachable", "X could not be reached; check this machine's network.") from error
        except tweepy.HTTPException as error:
            raise self._problem(_body(error.response)) from error
        except (requests.RequestException, AttributeError, KeyError, TypeError, ValueError) as error:
            # tweepy trips over bodies that are not JSON, or are JSON of another shape than X's
            raise self._problem(None) from error
        if not isinstance(answer, dict):
            raise self._problem(None)
        if "data" not in answer and "meta" not in answer:
            raise Refused("not_found", "X has no such account to read; check the account id in the settings.")
        return answer

    def _problem(self, body: object) -> PlatformError:
        last = self.session.last
        if last is not None and last.status >= 400:
            return problem(last.status, last.headers, body, self.wall_clock())
        return TryLater("no_answer", "X gave no readable answer; it usually passes.")


class XSource:
    """One of the three ways to read X: `ask` calls for a page by its token, `read` makes a Post of an item.

    Nothing older than the first `since` it was read with is delivered, which bounds the first sweep and its price.
    """

    def __init__(
        self,
        name: str,
        connection: XConnection,
        ask: Callable[[str | None], object],
        read: Callable[[Json, Includes, str], Post],
        overlap_minutes: float,
        since: datetime | None,
    ) -> None:
        self.name = name
        self._connection = connection
        self._ask = ask
        self._read = read
        self._overlap = timedelta(minutes=overlap_minutes)
        self._since = since

    def fetch(self, cursor: Cursor) -> Page:
        """The next page of this sweep, or the newest page when the last sweep is done."""
        sweep = Sweep.read(cursor, self._since)
        try:
            answer = self._connection.answer(lambda: self._ask(sweep.token))
        except Refused as refused:
            if sweep.token is None or refused.code != "invalid_request":
                raise
            logger.info("x sweep starts again source=%s reason=token_refused", self.name)
            sweep = sweep.restarted()
            answer = self._connection.answer(lambda: self._ask(None))
        posts = self._posts(answer)
        next_token = (answer.get("meta") or {}).get("next_token")
        sweep = sweep.after([post.created_at for post in posts], next_token, self._overlap)
        last = self._connection.session.last
        headers = last.headers if last else {}
        more = not sweep.done and not used_up(headers)
        posts = tuple(post for post in posts if sweep.wants(post.created_at))
        return Page(posts, sweep.cursor(), more, None if more else pace_s(headers, self._connection.wall_clock()))

    def fetch_thread(self, thread_id: str, since: datetime) -> ThreadPage:
        """One conversation; X bills posts read and holds back search, so only what is new is asked for."""
        found: list[Post] = []
        token: str | None = None
        for _ in range(_THREAD_CALLS):
            answer = self._connection.answer(partial(self._search_thread, thread_id, since, token))
            found += self._posts(answer)
            last = self._connection.session.last
            headers = last.headers if last else {}
            token = (answer.get("meta") or {}).get("next_token")
            if token is None or used_up(headers):
                break
        return ThreadPage(tuple(found), pace_s(headers, self._connection.wall_clock()))

    def _search_thread(self, thread_id: str, since: datetime, token: str | None) -> object:
        return self._connection.client.search_recent_tweets(
            f"conversation_id:{thread_id}",
            user_auth=True,
            max_results=100,
            start_time=since - _THREAD_OVERLAP,
            next_token=token,
            **_POSTS,
        )

    def _posts(self, answer: Json) -> tuple[Post, ...]:
        """Newest first and each once, whatever order X sent; what cannot be read is left out and logged."""
        errors = answer.get("errors") or ()
        if errors:  # what X withholds beside the data: suspended authors, deleted parents
            ids = ",".join(str(one.get("resource_id", "?")) for one in errors if isinstance(one, dict))
            logger.info("x partial answer source=%s missing=%d ids=%s", self.name, len(errors), ids)
        includes = Includes.of(answer)
        posts: dict[str, Post] = {}
        for item in answer.get("data") or ():
            try:
                post = self._read(item, includes, self._connection.account)
            except (AttributeError, KeyError, TypeError, ValueError) as error:
                id = item.get("id") if isinstance(item, dict) else None
                logger.warning("x item skipped source=%s id=%s reason=%s", self.name, id, type(error).__name__)
            else:
                posts[post.external_id] = post
        return tuple(sorted(posts.values(), key=lambda post: int(post.external_id), reverse=True))


def mentions_source(
    connection: XConnection, *, page_size: int = 100, overlap_minutes: float = 30.0, since: datetime | None = None
) -> XSource:
    """Posts that name our account, replies to us among them; X reaches back 800 of them."""

    def ask(token: str | None) -> object:
        return connection.client.get_users_mentions(
            connection.account, user_auth=True, max_results=page_size, pagination_token=token, **_POSTS
        )

    return XSource("x:mentions", connection, ask, post_of, overlap_minutes, since)


def search_source(
    connection: XConnection,
    words: Sequence[str],
    *,
    page_size: int = 100,
    overlap_minutes: float = 30.0,
    since: datetime | None = None,
) -> XSource:
    """Posts of the last seven days with a brand word, reposts among them: they count as spread.

    Raises ValueError for words that make no query X would take.
    """
    query = search_query(words)

    def ask(token: str | None) -> object:
        return connection.client.search_recent_tweets(
            query, user_auth=True, max_results=page_size, next_token=token, **_POSTS
        )

    return XSource("x:search", connection, ask, post_of, overlap_minutes, since)


def dms_source(
    connection: XConnection, *, page_size: int = 100, overlap_minutes: float = 30.0, since: datetime | None = None
) -> XSource:
    """Direct messages of the last thirty days, both sides; X's encrypted chats are not among them."""

    def ask(token: str | None) -> object:
        return connection.client.get_direct_message_events(
            max_results=page_size, pagination_token=token, user_auth=True, **_MESSAGES
        )

    return XSource("x:dms", connection, ask, message_of, overlap_minutes, since)


def search_query(words: Sequence[str]) -> str:
    """One X query for any of the words and phrases. X matches whole words: name the inflected forms you want.

    Raises ValueError when there is no word, or the query is longer than X takes.
    """
    phrases = [" ".join(word.replace('"', " ").split()) for word in words]
    query = " OR ".join(f'"{phrase}"' for phrase in phrases if phrase)
    if not query:
        raise ValueError("name at least one word to search X for")
    if len(query) > LONGEST_QUERY:
        raise ValueError(f"the search words make a query of {len(query)} characters; X takes {LONGEST_QUERY}")
    return query


def _body(response: requests.Response) -> object:
    try:
        return response.json()
    except ValueError:
        return None

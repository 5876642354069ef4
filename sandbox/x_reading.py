"""What one can read from the stand-in of X: who we are, mentions, search, our own posts, direct messages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from itertools import islice

from flask import Flask, Response, g, jsonify, request

from sandbox.faults import Faults
from sandbox.x_answers import (
    DM_EXPANSIONS,
    TWEET_EXPANSIONS,
    Json,
    checked,
    dm_event,
    forbidden,
    invalid,
    missing,
    tweet,
    user,
)
from sandbox.x_query import BadQuery, matcher
from sandbox.x_world import XWorld

_OBJECTS = ("expansions", "max_results", "media.fields", "place.fields", "poll.fields", "tweet.fields", "user.fields")
_BETWEEN = ("end_time", "since_id", "start_time", "until_id")
_SEARCH_DAYS = 7
_MENTIONS_BACK = 800
_DM_DAYS = 30


class Reading:
    """The GET routes under `/2`."""

    def __init__(self, world: XWorld, faults: Faults, clock: Callable[[], datetime]) -> None:
        self._world = world
        self._faults = faults
        self._clock = clock

    def install(self, app: Flask) -> None:
        app.add_url_rule("/2/users/me", "me", self._me)
        app.add_url_rule("/2/users/<id>/mentions", "mentions", self._mentions)
        app.add_url_rule("/2/users/<id>/tweets", "timeline", self._timeline)
        app.add_url_rule("/2/tweets/search/recent", "search", self._search)
        app.add_url_rule("/2/dm_events", "dm_events", self._dm_events)
        app.add_url_rule("/2/dm_conversations/with/<other>/dm_events", "dm_events__with", self._dm_events)

    def _me(self) -> Response:
        _user_context()
        asked = checked(request.args, ("expansions", "tweet.fields", "user.fields"), (1, 1), "pinned_tweet_id")
        me = self._world.user(self._world.me)
        assert me is not None
        return jsonify(data=user(me, asked.get("user.fields", ())))

    def _mentions(self, id: str) -> Response:
        asked = checked(request.args, (*_OBJECTS, *_BETWEEN, "pagination_token"), (5, 100), TWEET_EXPANSIONS)
        found = [post for post in self._world.posts() if id in post["mentions"].values()][:_MENTIONS_BACK]
        return self._posts(list(_between(found, asked)), asked, "pagination_token")

    def _timeline(self, id: str) -> Response:
        asked = checked(request.args, (*_OBJECTS, *_BETWEEN, "exclude", "pagination_token"), (5, 100), TWEET_EXPANSIONS)
        found = [post for post in self._world.posts() if post["author_id"] == id]
        return self._posts(list(_between(found, asked)), asked, "pagination_token")

    def _search(self) -> Response:
        names = (*_OBJECTS, *_BETWEEN, "query", "next_token", "pagination_token", "sort_order")
        asked = checked(request.args, names, (10, 100), TWEET_EXPANSIONS)
        try:
            matches = matcher(asked.get("query", ""))
        except BadQuery as error:
            raise invalid("query", asked.get("query", ""), str(error)) from None
        since = (self._clock() - timedelta(days=_SEARCH_DAYS)).strftime("%Y-%m-%dT%H:%M:%S")
        below = _read_token(asked["next_token"], "next_token")[1] if "next_token" in asked else 1 << 63
        recent = (post for post in self._world.posts() if post["created_at"] >= since and int(post["id"]) < below)
        found = (post for post in _between(recent, asked) if matches(self._for_search(post)))
        return self._posts(list(islice(found, asked["max_results"] + 1)), asked, "next_token")

    def _for_search(self, post: Json) -> Json:
        author = self._world.user(post["author_id"])
        handle = author["username"].lower() if author else ""
        named = {handle.lower() for handle in post["mentions"]}
        return post | {
            "author_handle": handle,
            "mention_handles": named,
            "text": post["long_text"] or post["text"],
        }

    def _posts(self, found: list[Json], asked: Json, page_by: str) -> Response:
        page, older, newer = _page(found, asked, page_by)
        meta: Json = {"result_count": len(page)}
        if page:
            meta |= {"newest_id": page[0]["id"], "oldest_id": page[-1]["id"]}
        if page and page[-1] is not found[-1]:
            meta["next_token"] = older
        if page_by in asked and page and page_by == "pagination_token":
            meta["previous_token"] = newer
        fields = asked.get("tweet.fields", ())
        page = self._disturbed(page)
        answer: Json = {"data": [tweet(post, fields) for post in page]} if page else {}
        includes, errors = self._expanded(page, asked)
        if includes:
            answer["includes"] = includes
        if errors:
            answer["errors"] = errors
        return jsonify(answer | {"meta": meta})

    def _expanded(self, page: list[Json], asked: Json) -> tuple[Json, list[Json]]:
        wanted, fields = asked.get("expansions", ()), asked.get("tweet.fields", ())
        errors: dict[str, Json] = {}
        others: dict[str, Json] = {}
        people: dict[str, str] = {}
        if "author_id" in wanted:
            people |= {post["author_id"]: "author_id" for post in page}
        if "in_reply_to_user_id" in wanted:
            people |= {post["in_reply_to_user_id"]: "in_reply_to_user_id" for post in page}
        if "referenced_tweets.id" in wanted or "referenced_tweets.id.author_id" in wanted:
            for id in [post[key] for post in page for key in ("reposts", "quotes", "in_reply_to") if post[key]]:
                other = self._world.post(id)
                if other is None:
                    errors[id] = missing(id, "referenced_tweets.id", "tweet")
                else:
                    others[id] = other
        if "referenced_tweets.id.author_id" in wanted:
            people |= {other["author_id"]: "referenced_tweets.id.author_id" for other in others.values()}
        users = []
        for id, parameter in people.items():
            person = self._world.user(id) if id else None
            if person and not person["withheld"]:
                users.append(user(person, asked.get("user.fields", ())))
            elif id:
                errors[id] = missing(id, parameter, "user")
        includes: Json = {"users": users} if users else {}
        if others:
            includes["tweets"] = [tweet(other, fields) for other in others.values()]
        return includes, list(errors.values())

    def _dm_events(self, other: str | None = None) -> Response:
        _user_context()
        names = (
            "dm_event.fields",
            "event_types",
            "expansions",
            "max_results",
            "media.fields",
            "pagination_token",
            "tweet.fields",
            "user.fields",
        )
        asked = checked(request.args, names, (1, 100), DM_EXPANSIONS)
        since = (self._clock() - timedelta(days=_DM_DAYS)).strftime("%Y-%m-%dT%H:%M:%S")
        found = [event for event in self._world.dms(other) if event["created_at"] >= since]
        page, older, newer = _page(found, asked, "pagination_token")
        meta: Json = {"result_count": len(page)}
        if page:  # X gives a next token here even when the next page is going to be empty
            meta |= {"next_token": older, "previous_token": newer}
        page = self._disturbed(page)
        answer: Json = {"data": [dm_event(event, asked.get("dm_event.fields", ())) for event in page]} if page else {}
        if "sender_id" in asked.get("expansions", ()):
            senders = [self._world.user(id) for id in dict.fromkeys(event["sender_id"] for event in page)]
            users = [user(one, asked.get("user.fields", ())) for one in senders if one and not one["withheld"]]
            if users:
                answer["includes"] = {"users": users}
        return jsonify(answer | {"meta": meta})

    def _disturbed(self, page: list[Json]) -> list[Json]:
        fault = self._faults.strike(("duplicate", "shuffle"))
        if fault is None:
            return page
        return [*page, *page] if fault.kind == "duplicate" else page[1::2][::-1] + page[::2]


def _user_context() -> None:
    if g.caller != "user":
        raise forbidden("Authenticating with OAuth 2.0 Application-Only is forbidden for this endpoint.")


def _between(posts: Iterable[Json], asked: Json) -> Iterator[Json]:
    since, until = int(asked.get("since_id", 0)), int(asked.get("until_id", 1 << 63))
    start, end = asked.get("start_time", "")[:19], asked.get("end_time", "9999")[:19]
    return (post for post in posts if since < int(post["id"]) < until and start <= post["created_at"][:19] < end)


def _page(found: list[Json], asked: Json, page_by: str) -> tuple[list[Json], str, str]:
    """The page that the token points at, and tokens for the older and the newer one. Tokens hold to ids, so posts that
    arrive in between do not shift the pages."""
    size: int = asked["max_results"]
    token = asked.get(page_by)
    if token:
        way, id = _read_token(token, page_by)
        if way == "n":
            found = [one for one in found if int(one["id"]) < id]
        else:
            found = [one for one in found if int(one["id"]) > id][-size:]
    page = found[:size]
    return page, _token("n", page[-1]["id"]) if page else "", _token("p", page[0]["id"]) if page else ""


def _token(way: str, id: str) -> str:
    return f"{way}{int(id):x}"


def _read_token(token: str, name: str) -> tuple[str, int]:
    try:
        way, id = token[0], int(token[1:], 16)
    except ValueError:
        way, id = "", 0
    if way not in ("n", "p"):
        raise invalid(name, token, f"Invalid '{name}':[{token}]. Value must be a token returned by this endpoint.")
    return way, id

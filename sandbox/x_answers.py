"""The shapes of X API v2 answers: errors, checked parameters, posts, users and messages with the asked fields only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sandbox.x_text import escaped

Json = dict[str, Any]

TWEET_FIELDS = (
    "article,attachments,author_id,card_uri,community_id,context_annotations,conversation_id,created_at,"
    "display_text_range,edit_controls,edit_history_tweet_ids,entities,geo,id,in_reply_to_user_id,lang,media_metadata,"
    "non_public_metrics,note_tweet,organic_metrics,possibly_sensitive,promoted_metrics,public_metrics,"
    "referenced_tweets,reply_settings,scopes,source,suggested_source_links,text,withheld"
)
USER_FIELDS = (
    "affiliation,confirmed_email,connection_status,created_at,description,entities,id,is_identity_verified,location,"
    "most_recent_tweet_id,name,parody,pinned_tweet_id,profile_banner_url,profile_image_url,protected,public_metrics,"
    "receives_your_dm,subscription,subscription_type,url,username,verified,verified_followers_count,verified_type,"
    "withheld"
)
DM_FIELDS = (
    "attachments,created_at,dm_conversation_id,entities,event_type,id,participant_ids,referenced_tweets,sender_id,text"
)
TWEET_EXPANSIONS = "author_id,referenced_tweets.id,referenced_tweets.id.author_id,in_reply_to_user_id"
DM_EXPANSIONS = "sender_id,participant_ids"
LIST_PARAMETERS: Mapping[str, str] = {
    "tweet.fields": TWEET_FIELDS,
    "user.fields": USER_FIELDS,
    "dm_event.fields": DM_FIELDS,
    "event_types": "MessageCreate,ParticipantsJoin,ParticipantsLeave",
}


class Refusal(Exception):
    """An answer other than 2xx; `body` is what X sends with it."""

    def __init__(self, status: int, body: Json) -> None:
        super().__init__(status)
        self.status = status
        self.body = body


def invalid(name: str, value: str, message: str) -> Refusal:
    return Refusal(
        400,
        {
            "errors": [{"parameters": {name: [value]}, "message": message}],
            "title": "Invalid Request",
            "detail": "One or more parameters to your request was invalid.",
            "type": "https://api.twitter.com/2/problems/invalid-request",
        },
    )


def problem(status: int, title: str, detail: str) -> Refusal:
    return Refusal(status, {"title": title, "detail": detail, "type": "about:blank", "status": status})


def forbidden(detail: str) -> Refusal:
    return problem(403, "Forbidden", detail)


def checked(given: Mapping[str, str], known: Iterable[str], bounds: tuple[int, int], expansions: str) -> Json:
    """The parameters, lists split and `max_results` a number. Raises Refusal for anything X would not take."""
    known = list(known)
    read: Json = {"max_results": min(max(10, bounds[0]), bounds[1])}
    for name, value in given.items():
        if name not in known:
            raise invalid(name, value, f"The query parameter [{name}] is not one of [{','.join(known)}]")
        allowed = expansions if name == "expansions" else LIST_PARAMETERS.get(name)
        if allowed is not None:
            read[name] = value.split(",")
            for item in read[name]:
                if item not in allowed.split(","):
                    message = f"The `{name}` query parameter value [{item}] is not one of [{allowed}]"
                    raise invalid(name, item, message)
        elif name == "max_results":
            low, high = bounds
            if not value.isdecimal() or not low <= int(value) <= high:
                message = f"The `max_results` query parameter value [{value}] is not between {low} and {high}"
                raise invalid(name, value, message)
            read[name] = int(value)
        elif name in ("since_id", "until_id") and not value.isdecimal():
            raise invalid(name, value, f"The `{name}` query parameter value [{value}] is not valid")
        else:
            read[name] = value
    return read


def tweet(post: Json, fields: Iterable[str]) -> Json:
    """A post as X sends it: id, text and edit history, and what else was asked and is there."""
    references = [
        {"type": kind, "id": post[key]}
        for kind, key in (("retweeted", "reposts"), ("quoted", "quotes"), ("replied_to", "in_reply_to"))
        if post[key]
    ]
    mentions = [_named(post["text"], handle, id) for handle, id in post["mentions"].items()]
    entities = {"mentions": mentions, "urls": post["urls"]}
    extra: Json = {
        "author_id": post["author_id"],
        "conversation_id": post["conversation_id"],
        "created_at": post["created_at"],
        "entities": {kind: found for kind, found in entities.items() if found},
        "in_reply_to_user_id": post["in_reply_to_user_id"],
        "note_tweet": {"text": post["long_text"]} if post["long_text"] else None,
        "referenced_tweets": references,
        "reply_settings": post["reply_settings"],
    }
    base = {"edit_history_tweet_ids": [post["id"]], "id": post["id"], "text": escaped(post["text"])}
    return base | {name: extra[name] for name in fields if extra.get(name)}


def _named(text: str, handle: str, id: str) -> Json:
    start = max(text.lower().find("@" + handle.lower()), 0)  # past the cut of a long text it is not there
    return {"start": start, "end": start + len(handle) + 1, "username": handle, "id": id}


def user(person: Json, fields: Iterable[str]) -> Json:
    counts = {"followers_count": person["followers"], "following_count": 0, "tweet_count": 0, "listed_count": 0}
    extra = {"created_at": person["created_at"], "public_metrics": counts}
    base = {name: person[name] for name in ("id", "name", "username")}
    return base | {name: extra[name] for name in fields if name in extra}


def dm_event(event: Json, fields: Iterable[str]) -> Json:
    base = {"event_type": event["event_type"], "id": event["id"], "text": escaped(event["text"])}
    return base | {name: event[name] for name in fields if name in event and name not in base}


def missing(id: str, parameter: str, kind: str) -> Json:
    """The partial error that X sends beside the data for something that is gone or withheld."""
    return {
        "value": id,
        "detail": f"Could not find {kind} with {parameter}: [{id}].",
        "title": "Not Found Error",
        "resource_type": kind,
        "parameter": parameter,
        "resource_id": id,
        "type": "https://api.twitter.com/2/problems/resource-not-found",
    }

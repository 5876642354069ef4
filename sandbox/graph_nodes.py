"""Turns what stands on the Page into Graph's answers: the fields of a node, and pages of an edge with cursors."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping
from typing import Any

from sandbox.graph_errors import bad_parameter, unknown_field
from sandbox.graph_fields import Field, parse_fields
from sandbox.graph_world import GraphWorld
from sandbox.store import Document

LARGEST_PAGE = 100
PERSON = ("id", "name", "email")
FIELDS = {
    "Page": ("id", "name"),
    "Post": [
        "id",
        "message",
        "from",
        "created_time",
        "updated_time",
        "permalink_url",
        "status_type",
        "is_hidden",
        "comments",
    ],
    "Comment": [
        "id",
        "message",
        "from",
        "created_time",
        "parent",
        "permalink_url",
        "can_comment",
        "is_hidden",
        "comments",
    ],
    "Conversation": ["id", "updated_time", "participants", "can_reply", "link", "messages"],
    "Message": ["id", "message", "from", "to", "created_time"],
}
DEFAULTS = {
    "Page": "id,name",
    "Post": "created_time,message,id",
    "Comment": "created_time,from,message,id",
    "Conversation": "id,link,updated_time",
    "Message": "id,created_time",
}
EDGE_ARGUMENTS = {
    "feed": {"limit", "after"},
    "comments": {"limit", "after", "filter", "order", "summary"},
    "conversations": {"limit", "after", "platform"},
    "messages": {"limit", "after"},
}

Rearrange = Callable[[list[Document]], list[Document]]  # what a fault does to the items of a page


class Nodes:
    """Answers for one world. `rearrange` lets a fault double or shuffle the items of a page."""

    def __init__(self, world: GraphWorld, rearrange: Rearrange) -> None:
        self._world = world
        self._rearrange = rearrange

    def node(self, object_id: str, fields: str | None) -> Document:
        """One object by id. Raises GraphError 100/33 when there is none."""
        if object_id in ("me", self._world.page_id):
            page = {"id": self._world.page_id, "name": self._world.page_name}
            return self._shown("Page", page, parse_fields(fields or DEFAULTS["Page"]))
        if object_id.startswith("t_"):
            kind, found = "Conversation", self._world.conversation(object_id)
        elif object_id.startswith(f"{self._world.page_id}_"):
            kind, found = "Post", self._world.post(object_id)
        else:
            kind, found = "Comment", self._world.comment(object_id)
        return self._shown(kind, found, parse_fields(fields or DEFAULTS[kind]))

    def edge(self, object_id: str, edge: str, arguments: Mapping[str, str], url: str) -> Document:
        """One page of an edge; `url` is what its `next` link starts with."""
        fields = parse_fields(arguments["fields"]) if "fields" in arguments else ()
        given = {name: value for name, value in arguments.items() if name != "fields"}
        for name in given.keys() - EDGE_ARGUMENTS[edge]:
            raise bad_parameter(f"Unexpected parameter {name} on edge {edge}")
        return self._edge(object_id, edge, given, fields, url)

    def _edge(
        self, object_id: str, edge: str, arguments: Mapping[str, str], fields: tuple[Field, ...], url: str
    ) -> Document:
        kind, items, newest_first, by = self._items(object_id, edge, arguments)
        limit = _limit(arguments.get("limit", "25"))
        items.sort(key=lambda item: _place(item, by), reverse=newest_first)
        if "after" in arguments:
            mark = _mark(arguments["after"])
            items = [item for item in items if (_place(item, by) < mark if newest_first else _place(item, by) > mark)]
        shown, rest = items[:limit], items[limit:]
        answer: Document = {
            "data": [self._shown(kind, item, fields or parse_fields(DEFAULTS[kind])) for item in self._rearrange(shown)]
        }
        if shown:
            answer["paging"] = {
                "cursors": {"before": _cursor(_place(shown[0], by)), "after": _cursor(_place(shown[-1], by))}
            }
            if rest:
                answer["paging"]["next"] = f"{url}&limit={limit}&after={answer['paging']['cursors']['after']}"
        if arguments.get("summary") in ("true", "1", "total_count"):
            post = self._world.post(object_id) if kind == "Comment" and "_" in object_id else {"can_comment": True}
            total = len(self._items(object_id, edge, arguments)[1])
            order = "reverse_chronological" if newest_first else "chronological"
            answer["summary"] = {"order": order, "total_count": total, "can_comment": post["can_comment"]}
        return answer

    def _items(self, object_id: str, edge: str, arguments: Mapping[str, str]) -> tuple[str, list[Document], bool, str]:
        """What the edge holds: node kind, items, whether newest first, and the time it is ordered by."""
        world = self._world
        if edge == "feed":
            return "Post", world.store.all("posts"), True, "created_time"
        if edge == "conversations":
            if arguments.get("platform", "messenger") != "messenger":
                raise bad_parameter("Param platform must be messenger")
            return "Conversation", world.store.all("conversations"), True, "updated_time"
        if edge == "messages":
            world.conversation(object_id)
            return "Message", world.messages_of(object_id), True, "created_time"
        order = arguments.get("order", "chronological")
        if order not in ("chronological", "reverse_chronological"):
            raise bad_parameter("Param order must be one of {chronological, reverse_chronological}")
        filtered = arguments.get("filter", "toplevel")
        if filtered not in ("toplevel", "stream"):
            raise bad_parameter("Param filter must be one of {toplevel, stream}")
        if object_id.startswith(f"{world.page_id}_"):
            world.post(object_id)
            found = world.comments_of(object_id)
            if filtered == "toplevel":
                found = [comment for comment in found if comment["parent_id"] is None]
        else:
            world.comment(object_id)
            found = [
                comment
                for comment in world.comments_of(world.post_of_comment(object_id))
                if comment["parent_id"] == object_id
            ]
        return "Comment", found, order == "reverse_chronological", "created_time"

    def _shown(self, kind: str, item: Document, fields: tuple[Field, ...]) -> Document:
        shown: Document = {}
        for wanted in fields:
            if wanted.name not in FIELDS[kind]:
                raise unknown_field(wanted.name, kind)
            value = self._value(kind, item, wanted)
            if value is not None:
                shown[wanted.name] = value
        shown.setdefault("id", item["id"])
        return shown

    def _value(self, kind: str, item: Document, wanted: Field) -> Any:
        if wanted.name in ("comments", "messages"):
            for name in wanted.arguments.keys() - EDGE_ARGUMENTS[wanted.name]:
                raise bad_parameter(f"Unexpected modifier {name} on field {wanted.name}")
            url = f"https://graph.facebook.com/{item['id']}/{wanted.name}?access_token=REDACTED"
            return self._edge(item["id"], wanted.name, wanted.arguments, wanted.children, url)
        if wanted.name == "from":
            return item["from"] and _part(item["from"], wanted.children or _names("id", "name"))
        if wanted.name == "to":
            return {"data": [_part(person, wanted.children or _names("id", "name")) for person in item["to"]["data"]]}
        if wanted.name == "participants":
            us = {"id": self._world.page_id, "name": self._world.page_name}
            return {"data": [_part(person, wanted.children or _names("id", "name")) for person in (item["person"], us)]}
        if wanted.name == "link":
            return f"/{self._world.page_id}/inbox/{item['id'].removeprefix('t_')}/"
        if kind == "Comment" and wanted.name == "parent":
            parent = item["parent_id"] and self._world.store.get(f"comments:{item['post_id']}", item["parent_id"])
            return parent and self._shown("Comment", parent, wanted.children or parse_fields(DEFAULTS["Comment"]))
        if kind == "Comment" and wanted.name == "can_comment":
            # A reply takes no replies of its own: they go to the comment it stands under.
            return item["parent_id"] is None and self._world.post(item["post_id"])["can_comment"]
        return item[wanted.name]


def _names(*names: str) -> tuple[Field, ...]:
    return tuple(Field(name) for name in names)


def _part(person: Document, fields: tuple[Field, ...]) -> Document:
    for wanted in fields:
        if wanted.name not in PERSON:
            raise unknown_field(wanted.name, "User")
    return {wanted.name: person[wanted.name] for wanted in fields if wanted.name in person}


def _limit(text: str) -> int:
    if not text.isdigit() or int(text) > LARGEST_PAGE:
        raise bad_parameter(f"Param limit must be a number from 0 to {LARGEST_PAGE}")
    return int(text)


def _place(item: Document, by: str) -> tuple[str, int, str]:
    """Where an item stands in an edge, also after its neighbours are gone: by time, then by id."""
    return item[by], len(item["id"]), item["id"]


def _cursor(place: tuple[str, int, str]) -> str:
    return base64.urlsafe_b64encode("|".join(map(str, place)).encode()).decode()


def _mark(cursor: str) -> tuple[str, int, str]:
    try:
        time, length, item_id = base64.urlsafe_b64decode(cursor).decode().split("|")
        return time, int(length), item_id
    except (ValueError, binascii.Error) as error:
        raise bad_parameter("Invalid cursors values") from error

"""What stands on the stand-in's Page: posts, comments, conversations, and the rules for adding to them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from sandbox.graph_errors import GraphError, bad_parameter, no_such_object, window_closed
from sandbox.store import Document, Store

LONGEST_COMMENT = 8000
LONGEST_MESSAGE = 2000
WINDOWS = {"RESPONSE": timedelta(hours=24), "MESSAGE_TAG": timedelta(days=7)}


class GraphWorld:
    """One Page with its visitors. Ids look like Graph's: `page_post`, `post_comment`, `t_...`, `m_...`."""

    def __init__(self, store: Store, clock: Callable[[], datetime], page_id: str, page_name: str) -> None:
        self.store = store
        self.clock = clock
        self.page_id = page_id
        self.page_name = page_name
        self.human_agent_granted = True
        self.page_restricted = False

    # what people do

    def add_visitor_post(
        self, message: str, author_id: str | None, author_name: str = "", at: datetime | None = None
    ) -> str:
        """Somebody writes on the Page; `author_id` None is an author that Graph withholds. Returns the post's id."""
        return self._add_post(message, _person(author_id, author_name), "wall_post", at)

    def add_own_post(self, message: str, at: datetime | None = None) -> str:
        return self._add_post(message, self._us(), "mobile_status_update", at)

    def add_comment(
        self, object_id: str, message: str, author_id: str | None, author_name: str = "", at: datetime | None = None
    ) -> str:
        """Somebody comments on a post, or replies to a comment. Returns the comment's id."""
        return self._add_comment(object_id, message, _person(author_id, author_name), at)

    def add_message(self, person_id: str, person_name: str, message: str, at: datetime | None = None) -> str:
        """Somebody writes to the Page in Messenger. Returns the message's id."""
        with self.store.transaction():
            known = self.store.get("conversation_of", person_id)
            if known is None:
                number = self.store.next_number("conversation", 122_100_000_000_001)
                known = {"id": f"t_{number}"}
                self.store.put("conversation_of", person_id, known)
                person = {"id": person_id, "name": person_name, "email": f"{person_id}@facebook.com"}
                self.store.put(
                    "conversations",
                    known["id"],
                    {"id": known["id"], "person": person, "can_reply": True, "updated_time": "", "last_heard": ""},
                )
            conversation = self.conversation(known["id"])
            return self._add_message(conversation, message, by_us=False, at=at)

    def delete_comment(self, comment_id: str) -> None:
        """The comment is gone; replies to it stay, their parent no longer readable."""
        self.store.delete(f"comments:{self.post_of_comment(comment_id)}", comment_id)

    def delete_post(self, post_id: str) -> None:
        self.store.delete("posts", post_id)

    def close_comments(self, post_id: str) -> None:
        """From now on nobody can comment on the post."""
        self.store.put("posts", post_id, self.post(post_id) | {"can_comment": False})

    # what the API's callers do

    def publish_comment(self, object_id: str, message: str) -> str:
        """The Page comments. Raises GraphError as Graph would."""
        if not message.strip():
            raise bad_parameter("Param message must be a non-empty string", 1705)
        if len(message) > LONGEST_COMMENT:
            raise bad_parameter(f"Param message must be at most {LONGEST_COMMENT} characters long")
        with self.store.transaction():
            if not self._post_under(object_id)["can_comment"]:
                raise GraphError(200, "Permissions error: comments are turned off", 1446036, status=403)
            return self._add_comment(object_id, message, self._us(), None)

    def send_message(self, person_id: str, message: str, messaging_type: str, tag: str | None) -> str:
        """The Page answers in Messenger, within the window. Raises GraphError as Graph would."""
        if self.page_restricted:
            raise GraphError(10, "The Page is restricted from sending messages.", 1893063, status=403)
        if not message:
            raise bad_parameter("The message is empty.", 2018034)
        if len(message) > LONGEST_MESSAGE:
            raise bad_parameter(f"Length of param message[text] must be less than or equal to {LONGEST_MESSAGE}")
        if messaging_type not in WINDOWS or (messaging_type == "RESPONSE" and tag):
            raise bad_parameter("Param messaging_type must be RESPONSE, or MESSAGE_TAG with a tag")
        if messaging_type == "MESSAGE_TAG" and tag != "HUMAN_AGENT":
            raise bad_parameter("The message tag is missing or no longer supported", 2018199)
        if tag and not self.human_agent_granted:
            raise GraphError(10, "The app lacks the Human Agent feature", status=403)
        with self.store.transaction():
            known = self.store.get("conversation_of", person_id)
            if known is None:
                raise bad_parameter("No matching user found", 2018001)
            conversation = self.conversation(known["id"])
            heard = datetime.fromisoformat(conversation["last_heard"])
            if self.clock() - heard > WINDOWS[messaging_type]:
                raise window_closed()
            return self._add_message(conversation, message, by_us=True, at=None)

    # reading

    def post(self, post_id: str) -> Document:
        found = self.store.get("posts", post_id)
        if found is None:
            raise no_such_object(post_id)
        return found

    def comment(self, comment_id: str) -> Document:
        found = self.store.get(f"comments:{self.post_of_comment(comment_id)}", comment_id)
        if found is None:
            raise no_such_object(comment_id)
        return found

    def conversation(self, conversation_id: str) -> Document:
        found = self.store.get("conversations", conversation_id)
        if found is None:
            raise no_such_object(conversation_id)
        return found

    def comments_of(self, post_id: str) -> list[Document]:
        return self.store.all(f"comments:{post_id}")

    def messages_of(self, conversation_id: str) -> list[Document]:
        return self.store.all(f"messages:{conversation_id}")

    def post_of_comment(self, comment_id: str) -> str:
        return f"{self.page_id}_{comment_id.partition('_')[0]}"

    # keeping

    def _us(self) -> Document:
        return {"id": self.page_id, "name": self.page_name}

    def _post_under(self, object_id: str) -> Document:
        if object_id.startswith(f"{self.page_id}_"):
            return self.post(object_id)
        self.comment(object_id)
        return self.post(self.post_of_comment(object_id))

    def _add_post(self, message: str, author: Document | None, status_type: str, at: datetime | None) -> str:
        with self.store.transaction():
            number = self.store.next_number("post", 122_095_000_000_001)
            post_id = f"{self.page_id}_{number}"
            time = self._time(at)
            self.store.put(
                "posts",
                post_id,
                {
                    "id": post_id,
                    "message": message,
                    "from": author,
                    "status_type": status_type,
                    "created_time": time,
                    "updated_time": time,
                    "can_comment": True,
                    "is_hidden": False,
                    "permalink_url": f"https://www.facebook.com/{self.page_id}/posts/{number}",
                },
            )
            return post_id

    def _add_comment(self, object_id: str, message: str, author: Document | None, at: datetime | None) -> str:
        with self.store.transaction():
            post = self._post_under(object_id)
            top = None
            if object_id != post["id"]:
                # Graph nests one level: an answer to a reply stands beside it, under the top comment.
                top = self.comment(object_id)["parent_id"] or object_id
            short = post["id"].partition("_")[2]
            number = self.store.next_number("comment", 830_000_000_000_001)
            comment_id = f"{short}_{number}"
            time = self._time(at)
            self.store.put(
                f"comments:{post['id']}",
                comment_id,
                {
                    "id": comment_id,
                    "post_id": post["id"],
                    "parent_id": top,
                    "message": message,
                    "from": author,
                    "created_time": time,
                    "is_hidden": False,
                    "permalink_url": f"{post['permalink_url']}?comment_id={number}",
                },
            )
            self.store.put("posts", post["id"], post | {"updated_time": max(time, post["updated_time"])})
            return comment_id

    def _add_message(self, conversation: Document, message: str, by_us: bool, at: datetime | None) -> str:
        number = self.store.next_number("message", 1)
        message_id = f"m_Sandbox{number:012d}"
        time = self._time(at)
        person = conversation["person"]
        us = self._us() | {"email": f"{self.page_id}@facebook.com"}
        self.store.put(
            f"messages:{conversation['id']}",
            message_id,
            {
                "id": message_id,
                "message": message,
                "from": us if by_us else person,
                "to": {"data": [person if by_us else us]},
                "created_time": time,
            },
        )
        heard = conversation["last_heard"] if by_us else max(time, conversation["last_heard"])
        updated = max(time, conversation["updated_time"])
        self.store.put(
            "conversations", conversation["id"], conversation | {"updated_time": updated, "last_heard": heard}
        )
        return message_id

    def _time(self, at: datetime | None) -> str:
        return (at or self.clock()).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S+0000")


def _person(author_id: str | None, name: str) -> Document | None:
    return None if author_id is None else {"id": author_id, "name": name}

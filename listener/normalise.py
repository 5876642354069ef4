"""A platform's post as the row we keep: storable text, a key that copies share, and times in UTC."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from datetime import datetime
from typing import Any

from listener.posts import Place, Post

_LINKS_AND_HANDLES = re.compile(
    r"https?://\S+|\bwww\.\S+|(?<![\w.-])[\w-]{1,63}(?:\.[\w-]{1,63}){0,4}\.[a-z]{2,24}/\S*|\brt\s+@\w+|[@#]\w+",
    re.IGNORECASE,
)
_NOT_WORDS = re.compile(r"[\W_]+")
_STRETCHED = re.compile(r"([^\W\d_])\1{2,}")
_UNSEEN = ("Cf", "Me", "Mn")  # invisible characters and marks put over letters; a letter with its own mark is one
_LONG_WORDS = 5
_NOT_STORABLE = re.compile("[\x00\ud800-\udfff]")


def mention_values(post: Post, thread_id: int, received_at: datetime) -> dict[str, Any]:
    """The columns of the mention that keeps `post`."""
    author, words = post.author, copied_words(post.text)
    from_us = post.from_us or post.place is Place.OWN_POST
    return {
        "thread_id": thread_id,
        "channel": post.channel,
        "account": post.account,
        "external_id": post.external_id,
        "parent_external_id": post.parent_id,
        "place": str(post.place),
        "author_id": author.external_id if author else None,
        "author_name": storable(author.name) if author else None,
        "author_handle": storable(author.handle) if author and author.handle else None,
        "author_followers": author.followers if author else None,
        "author_created_at": author.created_at if author else None,
        "text": storable(post.text),
        "text_key": text_key(words, post),
        "words": len(words),
        "permalink": post.permalink,
        "is_share": post.is_share,
        "from_us": from_us,
        "replyable": str(post.replyable),
        "created_at": post.created_at,
        "received_at": received_at,
        # What we said ourselves is context: there is nothing to judge in it, and it heats nothing.
        "judged_at": received_at if from_us else None,
        "heated_at": received_at if from_us else None,
    }


def storable(text: str) -> str:
    """The text with what no database can keep replaced: lone surrogates and NUL become U+FFFD."""
    return _NOT_STORABLE.sub("\ufffd", text)


def copied_words(text: str) -> list[str]:
    """What copies of a text have in common.

    Links, handles, case, spacing, invisible characters and marks, stretched letters ("paskaaaa"), "RT @somebody", and
    the numbers that a program puts at the ends of each copy of a longer text, tell no copies apart.
    """
    folded = unicodedata.normalize("NFKC", _LINKS_AND_HANDLES.sub(" ", storable(text))).casefold()
    seen = "".join(c for c in folded if unicodedata.category(c) not in _UNSEEN)
    return _without_numbers_at_the_ends(_STRETCHED.sub(r"\1\1", _NOT_WORDS.sub(" ", seen)).split())


def text_key(words: list[str], post: Post) -> str:
    """Equal for posts with the same copied words; one without words (a sticker, one emoji) is a copy of nothing.

    A stored key must be equal for equal words: whoever changes this makes the stored keys anew, as migration 0006 did.
    """
    source = " ".join(words) if words else f"{post.channel}/{post.external_id}"
    return hashlib.blake2b(source.encode(), digest_size=12).hexdigest()


def _without_numbers_at_the_ends(words: list[str]) -> list[str]:
    """A short text keeps them: "Tilaus 1234" and "Tilaus 5678" are two people's orders."""
    first, last = 0, len(words)
    while last and any(map(str.isdigit, words[last - 1])):
        last -= 1
    while first < last and any(map(str.isdigit, words[first])):
        first += 1
    return words[first:last] if last - first >= _LONG_WORDS else words

"""A customer's new message as a reply in its card's thread."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from responders.ports import Card
from responders.slack import blocks as kit
from responders.slack.blocks import Block
from responders.slack.catalogue import words_for
from responders.slack.escaping import escaped, one_line
from responders.slack.said import byline, quoted
from responders.slack.views import CardPost

MOST = 2000


def post_card(post: CardPost, language: str, zone: ZoneInfo) -> Card:
    """Who said it, when, and their words; the rest is a link away."""
    words = words_for(language)
    blocks: list[Block] = [kit.context(byline(post, words, zone)), *quoted(post.text, MOST, post.permalink, words)]
    return Card(blocks, escaped(one_line(post.text) or one_line(post.author) or "–", 200))

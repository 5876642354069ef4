"""Other people's words on a card: the comments behind an alert, the conversation's last posts, and texts as quotes."""

from __future__ import annotations

from collections.abc import Iterable
from zoneinfo import ZoneInfo

from responders.slack import blocks as kit
from responders.slack.blocks import Block
from responders.slack.catalogue import Words
from responders.slack.escaping import Mrkdwn, escaped, link, one_line, safe_url
from responders.slack.views import CardPost, CaseView, Subject

LONGEST_LINK = 1500


def comments_behind(view: CaseView, words: Words, zone: ZoneInfo, most: int, length: int) -> Iterable[Block]:
    """The newest `most` comments behind the alert: whose, when, the way there and the first `length` characters."""
    shown = view.evidence[-most:] if most else ()
    if not shown:
        return
    yield kit.divider()
    yield kit.section(words.mrkdwn("title.evidence"))
    for post in shown:
        url = safe_url(post.permalink)
        there = [link(url, words.mrkdwn("title.open_post"))] if url and len(url) < LONGEST_LINK else []
        yield kit.context(dotted([_signed(post, words), words.date_token(post.at, zone), *there]))
        first = one_line(post.text)
        yield from kit.quotes(first if len(first) <= length else f"{_cut(first, length)} …")
    negatives = view.counts.negatives if view.counts is not None else 0
    left = max(negatives, len(view.evidence)) - len(shown)
    if left > 0:
        yield kit.context(linked(words.counted("count.more_negative", left), view.permalink))


def conversation(view: CaseView, words: Words, zone: ZoneInfo, most: int, length: int) -> Iterable[Block]:
    """The last `most` posts, each with its first `length` characters, and how many came before them."""
    if not view.posts:
        return
    shown = view.posts[-most:] if most else ()
    yield kit.divider()
    yield kit.section(words.mrkdwn("title.posts"))
    said = view.counts.posts if view.counts is not None and view.subject is Subject.THREAD else 0
    earlier = max(len(view.posts), said) - len(shown)
    if earlier > 0:
        yield kit.context(linked(words.counted("count.earlier", earlier), view.permalink))
    for post in shown:
        yield kit.context(byline(post, words, zone))
        yield from quoted(post.text, length, post.permalink or view.permalink, words)


def talk(view: CaseView, words: Words, zone: ZoneInfo, most: int, length: int) -> Iterable[Block]:
    """A customer's conversation without a title; of a single post of theirs the card has told the author and time."""
    shown = view.posts[-most:] if most else ()
    alone = len(view.posts) == 1 and not view.posts[0].from_us
    for post in shown:
        if not alone:
            yield kit.context(byline(post, words, zone))
        yield from quoted(post.text, length, post.permalink or view.permalink, words)


def quoted(text: str, limit: int, url: str | None, words: Words) -> Iterable[Block]:
    """The text as a quote, cut to `limit` characters, with how much is left and the way to it."""
    shown = _cut(text, limit)
    yield from kit.quotes(shown)
    left = len(text) - len(shown)
    if left:
        yield kit.context(linked(words.counted("count.more", left), url))


def linked(label: str, url: str | None) -> Mrkdwn:
    """Our own words as a link, or as they are where there is no address to open."""
    safe = safe_url(url)
    return link(safe, escaped(label)) if safe else escaped(label)


def dotted(parts: Iterable[Mrkdwn]) -> Mrkdwn:
    """The parts on one line."""
    return Mrkdwn(" · ".join(parts))


def byline(post: CardPost, words: Words, zone: ZoneInfo) -> Mrkdwn:
    """Who said it, when, and in which tone."""
    parts = [_signed(post, words), words.date_token(post.at, zone)]
    if post.from_us:
        parts[0] = Mrkdwn(f"{parts[0]} ({words.mrkdwn('title.us')})")
    elif post.sentiment is not None and words.has(f"sentiment.{post.sentiment}"):
        parts.append(words.mrkdwn(f"sentiment.{post.sentiment}"))
    return dotted(parts)


def _signed(post: CardPost, words: Words) -> Mrkdwn:
    return Mrkdwn(f"*{escaped(one_line(post.author), 100) or words.mrkdwn('title.unknown_writer')}*")


def _cut(text: str, limit: int) -> str:
    """At most `limit` characters, ended at a word where one ends nearby."""
    if len(text) <= limit:
        return text
    space = text.rfind(" ", limit - 40, limit)
    return text[: space if space > 0 else limit]

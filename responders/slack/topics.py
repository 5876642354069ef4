"""A topic in the words of the card: that many complain of the same, and of what."""

from __future__ import annotations

from responders.slack.catalogue import Words
from responders.slack.escaping import Mrkdwn, escaped
from responders.slack.views import CaseView


def topic_line(view: CaseView, words: Words) -> Mrkdwn:
    """That it is the same complaint from many, with the words that mark it where there are any."""
    if not view.topic_words:
        return words.mrkdwn("topic.unnamed")
    return words.mrkdwn("topic.named", words=_listed(view))


def spoken_topic(view: CaseView, words: Words) -> Mrkdwn:
    """The same within a sentence; empty for what is no topic, or has no words."""
    return words.mrkdwn("topic.spoken", words=_listed(view)) if view.topic_words else Mrkdwn("")


def _listed(view: CaseView) -> Mrkdwn:
    return escaped(", ".join(view.topic_words), 150)

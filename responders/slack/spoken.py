"""The card as a notification reads it aloud: two or three plain sentences."""

from __future__ import annotations

from models.states import ReplyState
from responders.slack.catalogue import Words
from responders.slack.escaping import Mrkdwn, escaped, one_line
from responders.slack.heard import spoken_risks
from responders.slack.topics import spoken_topic
from responders.slack.views import CaseView, Kind, Way


def spoken(view: CaseView, words: Words) -> Mrkdwn:
    """What it is about, how big it is, what is at risk, and what it waits for."""
    said = escaped(one_line(view.about), 200) or spoken_topic(view, words)
    about = _sentence(said or escaped(one_line(view.brand), 200))
    sentences: list[Mrkdwn] = []
    if view.kind is Kind.ALERT and view.level is not None:
        sentences.append(words.mrkdwn(f"spoken.{view.level}", about=about))
        if view.counts is not None:
            counts = {
                "posts": words.counted("count.posts", view.counts.posts),
                "negatives": words.counted("count.negatives", view.counts.negatives),
                "people": words.counted("count.people", view.counts.people),
            }
            sentences.append(words.mrkdwn("spoken.counts", **counts))
    else:
        name = escaped(one_line(view.who.name), 100) if view.who else ""
        channel = f"channel.{view.channel}"
        sentences.append(
            words.mrkdwn(
                "spoken.dm" if view.place == "dm" else "spoken.contact",
                name=name or words.mrkdwn("title.unknown_writer").capitalize(),
                channel=words.mrkdwn(channel) if words.has(channel) else escaped(one_line(view.channel), 60),
                about=about,
            )
        )
    sentences += spoken_risks(view, words)
    if view.reply is not None:
        sentences.append(_state(view, words))
    return Mrkdwn(" ".join(sentences))


def _state(view: CaseView, words: Words) -> Mrkdwn:
    assert view.reply is not None
    if view.reply.state is ReplyState.DRAFTED and view.route.way is not Way.API:
        return words.mrkdwn("spoken.drafted_by_hand")
    by = escaped(one_line(view.reply.by or ""), 100) or words.mrkdwn("state.someone")
    return words.mrkdwn(f"spoken.{view.reply.state}", by=by)


def _sentence(text: Mrkdwn) -> Mrkdwn:
    return text if text[-1:] in (".", "!", "?", "…") else Mrkdwn(f"{text}.")

"""What the judge heard, in the words of the card: what it is about, which risks, and where it does not know."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from babel import Locale

from responders.slack import blocks as kit
from responders.slack.blocks import Block
from responders.slack.catalogue import Words
from responders.slack.escaping import Mrkdwn, link, safe_url
from responders.slack.views import CaseView, Heard

MOST_TOPICS = 3


def topic_field(view: CaseView, words: Words) -> Iterable[Mrkdwn]:
    """The contact reasons, the clearest first."""
    topics = topics_named(view, words)
    if topics:
        yield words.mrkdwn("heard.topics", topics=Mrkdwn(", ".join(topics)))


def topics_named(view: CaseView, words: Words) -> list[Mrkdwn]:
    """The contact reasons in words, the clearest first."""
    return _named("topic", view.topics, words)[:MOST_TOPICS]


def risk_line(view: CaseView, words: Words) -> Iterable[Block]:
    """The risks, each in a few words, with the way to the newest post that carries one."""
    risks = _named("risk", view.risks, words)
    if not risks:
        return
    line = words.mrkdwn(f"heard.risks.{_number(risks)}", risks=Mrkdwn(" · ".join(risks)))
    url = safe_url(view.risk_permalink)
    yield kit.section(Mrkdwn(f"{line} · {link(url, words.mrkdwn('heard.open_risk'))}") if url else line)


def unsure_line(view: CaseView, words: Words) -> Iterable[Block]:
    """Why the judge does not stand behind what it says of the text."""
    key = f"heard.unsure.{view.unsure}"
    if view.unsure is not None and words.has(key):
        language = Locale(words.language).languages.get(view.language) or words.plain("heard.unsure.some_language")
        yield kit.context(words.mrkdwn(key, language=language))


def spoken_risks(view: CaseView, words: Words) -> Iterable[Mrkdwn]:
    """The risks that call for a person, as one sentence."""
    risks = _named("risk", [risk for risk in view.risks if risk.calls], words)
    if risks:
        yield words.mrkdwn(f"heard.spoken.{_number(risks)}", risks=Mrkdwn(", ".join(risks)))


def _named(kind: str, found: Sequence[Heard], words: Words) -> list[Mrkdwn]:
    """Each in words, with how many posts say it; a name that we have no words for is left out."""
    named = []
    for one in found:
        if words.has(f"heard.{kind}.{one.name}"):
            name = words.mrkdwn(f"heard.{kind}.{one.name}")
            named.append(name if one.posts is None else Mrkdwn(f"{name} ({words.number(one.posts)})"))
    return named


def _number(found: Sequence[Mrkdwn]) -> str:
    return "one" if len(found) == 1 else "other"

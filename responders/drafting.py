"""Suggested replies for one post, best first: a playbook's own words, its slots filled, with what spoke for it.

A draft's `why` holds codes that cards put into words:

    words:<the customer's words>   when-words of the playbook found in the post
    earlier:<the customer's words> the same, in what the customer wrote before
    reason:<contact reason>        the judge heard this reason
    flag:<risk flag>               the judge saw this risk
    heated                         the thread runs hot in public
    angry                          anger, and no cause that we can read
    unhappy                        a complaint, and no cause that we can read
    asks                           a plain question
    happy                          plain praise
    always                         it fits every message
    language:<code>                we do not write the customer's language, so this is in the shop's first one
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

from responders.customer_words import asks
from responders.lengths import Limit
from responders.likely import LIKELY, likely
from responders.playbooks.playbook import LANGUAGES, Fits, Playbook
from responders.profile import ShopProfile
from responders.slots import fill, plain_greeting, slot_values
from responders.whenwords import Match, Word, matches, words_of

_NONE: Mapping[str, float] = MappingProxyType({})

MOST_DRAFTS = 6
_URGENT = 85  # playbooks from this priority on (injury, legal) go before everything their words compete with
_PRAISE = "praise"
_BY_REASON = 0.5  # how much a reason without words says; one when-word says 1.0
_BY_REASON_LIKE = 0.4  # the judge tells what it is about and no more, so the sentiment has to agree better
_TOO_UNLIKE = 0.2  # below this chance of the right sentiment a playbook would jar: no "lovely to hear" to a complaint


@dataclass(frozen=True)
class Matter:
    """What is to be answered. `earlier` are the same customer's earlier texts in this conversation, oldest first.

    `place` is the listener's: mention, search, visitor_post, comment, dm. The three probabilities and `arousal` are
    the judge's, `reasons` and `flags` too when it gives them. `heated` marks a thread that runs hot.
    """

    channel: str
    place: str
    language: str
    text: str
    negative: float
    neutral: float
    positive: float
    arousal: float
    author: str | None = None
    earlier: tuple[str, ...] = ()
    heated: bool = False
    reasons: Mapping[str, float] = field(default_factory=lambda: _NONE)
    flags: Mapping[str, float] = field(default_factory=lambda: _NONE)

    @property
    def in_public(self) -> bool:
        return self.place != "dm"


@dataclass(frozen=True)
class Draft:
    """A reply to approve. With `missing` it cannot be sent, its text is empty, and the slots named are to be given.

    `missing` may also hold "length": the words do not fit the channel. `hand_over` asks that somebody who may decide
    reads it first.
    """

    playbook_id: str
    language: str
    text: str
    why: tuple[str, ...]
    score: float
    missing: tuple[str, ...] = ()
    hand_over: bool = False


def suggest(
    matter: Matter, playbooks: Sequence[Playbook], profile: ShopProfile, limit: Limit, now: datetime
) -> tuple[Draft, ...]:
    """The drafts that fit, those that can be sent first, each part best first; the same matter, the same drafts."""
    language = matter.language if matter.language in LANGUAGES else profile.languages[0]
    said, before = words_of(matter.text), tuple(words_of(text) for text in matter.earlier)
    broadest = _broadest(playbooks)
    drafts = []
    for playbook in playbooks:
        score, why = _fit(playbook, matter, said, before, broadest.get(playbook.reason) == playbook.id)
        if why:
            if language != matter.language:
                why = (*why, f"language:{matter.language}")
            drafts.append(_draft(playbook, matter, profile, language, limit, now, score, why))
    drafts.sort(key=lambda draft: (bool(draft.missing), -draft.score, draft.playbook_id))
    ready = [draft for draft in drafts if not draft.missing]
    return (*ready[:MOST_DRAFTS], *drafts[len(ready) :])


def _broadest(playbooks: Sequence[Playbook]) -> Mapping[str | None, str]:
    """Each reason's playbook for when nothing narrower is known: the one of the lowest priority."""
    speaking = [playbook for playbook in playbooks if playbook.fits in (Fits.WORDS, Fits.HAPPY) and playbook.reason]
    speaking.sort(key=lambda playbook: (-playbook.priority, playbook.id))
    return {playbook.reason: playbook.id for playbook in speaking}


def _fit(
    playbook: Playbook, matter: Matter, said: Sequence[Word], before: Sequence[Sequence[Word]], broadest: bool
) -> tuple[float, tuple[str, ...]]:
    """How well it fits and why; no reasons means that it does not."""
    if ("public" if matter.in_public else "dm") not in playbook.places:
        return 0.0, ()
    if playbook.reason == _PRAISE and _complains(matter):
        return 0.0, ()
    if playbook.fits is Fits.HEATED:
        return (6.0 + playbook.priority / 50, ("heated",)) if matter.heated else (0.0, ())
    if any(matches(_phrases(playbook.unless, matter.language), words) for words in (said, *before)):
        return 0.0, ()
    likeness = sum(getattr(matter, sentiment) for sentiment in playbook.sentiments)
    urgent = playbook.priority >= _URGENT
    if likeness < _TOO_UNLIKE and not urgent:
        return 0.0, ()
    strength, why = _evidence(playbook, matter, said, before)
    if not why:
        strength, why = _mood(playbook, matter)
    if not why and broadest and likeness >= _BY_REASON_LIKE:
        strength, why = _reason_alone(playbook, matter)
    if not why:
        return 0.0, ()
    # However sure the judge is, words count for a third: a sharp complaint can be told in a friendly voice.
    score = strength * (0.35 + 0.65 * min(1.0, likeness)) + playbook.priority / 50 + (3.0 if urgent else 0.0)
    return round(score, 4), why


def _evidence(
    playbook: Playbook, matter: Matter, said: Sequence[Word], before: Sequence[Sequence[Word]]
) -> tuple[float, tuple[str, ...]]:
    phrases = _phrases(playbook.when, matter.language)
    now_found = matches(phrases, said)
    strength = _strength(now_found)
    why = [f"words:{match.words}" for match in now_found[:2]]
    # What the customer said before still tells what "haloo?" is about, but the latest words weigh more.
    earlier_found = [match for words in before for match in matches(phrases, words)]
    if earlier_found:
        best = max(earlier_found, key=lambda match: match.weight)
        strength += 0.5 * best.weight
        why.append(f"earlier:{best.words}")
    heard = matter.reasons.get(playbook.reason or "", 0.0)
    if heard >= LIKELY and why:
        strength += 1.5 * heard
        why.append(f"reason:{playbook.reason}")
    risk = matter.flags.get(playbook.flag or "", 0.0)
    if risk >= LIKELY:
        strength += 2.0 * risk
        why.append(f"flag:{playbook.flag}")
    return strength, tuple(dict.fromkeys(why))


def _reason_alone(playbook: Playbook, matter: Matter) -> tuple[float, tuple[str, ...]]:
    heard = matter.reasons.get(playbook.reason or "", 0.0)
    return (_BY_REASON * heard, (f"reason:{playbook.reason}",)) if heard >= LIKELY else (0.0, ())


def _complains(matter: Matter) -> bool:
    """Whether delight would jar: more complaint than praise, or something to solve heard louder than the praise."""
    if matter.negative > matter.positive:
        return True
    louder = any(matter.reasons[name] > matter.reasons.get(_PRAISE, 0.0) for name in _causes(matter))
    return louder and matter.negative >= _TOO_UNLIKE


def _causes(matter: Matter) -> tuple[str, ...]:
    return tuple(name for name in likely(matter.reasons) if name != _PRAISE)


def _phrases(phrases: Mapping[str, tuple[str, ...]], language: str) -> tuple[str, ...]:
    if language in LANGUAGES:
        return phrases[language]
    # Norwegian and Danish read much like Swedish, and people mix: when in doubt, listen in every language.
    return tuple(phrase for known in LANGUAGES for phrase in phrases[known])


def _strength(found: Sequence[Match]) -> float:
    return sum(float(match.weight * 0.5**rank) for rank, match in enumerate(found[:3]))


def _mood(playbook: Playbook, matter: Matter) -> tuple[float, tuple[str, ...]]:
    match playbook.fits:
        case Fits.ASKS if matter.negative < 0.5 and any(map(str.isalpha, matter.text)) and asks(matter.text):
            return 0.5, ("asks",)
        case Fits.HAPPY if matter.positive >= 0.6:
            return 1.5, ("happy",)
        case Fits.ANGRY | Fits.UNHAPPY if matter.negative >= 0.5 and matter.arousal >= 0.6:
            return 0.3 if _causes(matter) else 1.5, ("angry",)  # an answer to the cause goes first where it is heard
        case Fits.UNHAPPY if matter.negative >= 0.5:
            return 0.3, ("unhappy",)
        case Fits.ALWAYS:
            return 0.0, ("always",)
    return 0.0, ()


def _draft(
    playbook: Playbook,
    matter: Matter,
    profile: ShopProfile,
    language: str,
    limit: Limit,
    now: datetime,
    score: float,
    why: tuple[str, ...],
) -> Draft:
    values = slot_values(profile, language, playbook.reason, matter.author, (*matter.earlier, matter.text), now)
    missing = tuple(slot for slot in playbook.needs if slot not in values)
    text = "" if missing else _worded(playbook, matter, profile, language, limit, values)
    if not text and not missing:
        missing = ("length",)
    return Draft(playbook.id, language, text, why, score, missing, playbook.hand_over)


def _worded(
    playbook: Playbook, matter: Matter, profile: ShopProfile, language: str, limit: Limit, values: Mapping[str, str]
) -> str:
    """The text, without its extras when the channel is too short for them; "" when even that does not fit."""
    wording = playbook.wording[language, "public" if matter.in_public else "dm"]
    question = fill(playbook.question.get(language, ()), values)
    signature = profile.signature.get(language, "").strip()
    bare = {slot: value for slot, value in values.items() if slot != "notice"}
    nameless = {**bare, "greeting": plain_greeting(language)}
    for extra, known in ((question, values), ("", values), ("", bare), ("", nameless)):
        text = " ".join(part for part in (fill(wording, known), extra) if part)
        if signature:
            text += ("\n" if matter.in_public else "\n\n") + signature
        if not limit.over(text):
            return text
    return ""

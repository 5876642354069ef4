"""Why heat rose: a code with its numbers, and the same as a clause that a person understands.

Reasons travel between the workers and in the database as JSON; files and cards both have them said here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from models.carried_words import WORDS as CARRIED_WORDS
from models.coordination_words import WORDS as COORDINATION_WORDS
from models.numbers import Number
from models.numbers import english as _english
from models.numbers import nordic as _nordic

Numbers = Mapping[str, Number]


@dataclass(frozen=True)
class Reason:
    """One reason: a stable code and the numbers that belong to it."""

    code: str
    numbers: Numbers = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        return {"code": self.code, "numbers": dict(self.numbers)}

    @staticmethod
    def from_json(body: Mapping[str, Any]) -> Reason:
        return Reason(str(body["code"]), dict(body.get("numbers") or {}))


def say(reason: Reason, language: str) -> str:
    """The reason as one clause in `fi`, `sv` or `en` (also for any other language); an unknown code as it stands."""
    sentence = _SPEECH.get(language, _SPEECH["en"]).get(reason.code)
    return sentence(reason.numbers) if sentence else reason.code.replace("_", " ")


def _int(numbers: Numbers, key: str) -> int:
    return int(numbers[key])


def _span(minutes: int) -> str:
    """47 min, 2 h 5 min, 14 h: the same signs are read in all three languages."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{rest} min"
    return f"{hours} h {rest} min" if rest and hours < 12 else f"{hours} h"


def _fi_within(minutes: int) -> str:
    if minutes % 60:
        return "minuutissa" if minutes == 1 else f"{minutes} minuutissa"
    return "tunnissa" if minutes == 60 else f"{minutes // 60} tunnissa"


def _fi_thread_pace(n: Numbers) -> str:
    posts, people = _int(n, "posts"), _int(n, "people")
    said = "1 kielteinen viesti" if posts == 1 else f"{_nordic(posts)} kielteistä viestiä"
    who = "yhdeltä ihmiseltä" if people == 1 else f"{_nordic(people)} eri ihmiseltä"
    usual = _nordic(n["usual_people"])
    return f"{said} {who} {_fi_within(_int(n, 'minutes'))}, tavallisen päivän kiivaimmassa ketjussa {usual}"


def _fi_topic_pace(n: Numbers) -> str:
    posts, people = _int(n, "posts"), _int(n, "people")
    said = "1 kielteinen viesti" if posts == 1 else f"{_nordic(posts)} kielteistä viestiä"
    who = "yhdeltä ihmiseltä" if people == 1 else f"{_nordic(people)} eri ihmiseltä"
    usual = _nordic(n["usual_people"])
    within = _fi_within(_int(n, "minutes"))
    return f"samasta asiasta {said} {who} {within}, tavallisena päivänä enintään {usual} ihmiseltä"


def _fi_brand_pace(n: Numbers) -> str:
    people = _int(n, "people")
    who = "yhdeltä ihmiseltä" if people == 1 else f"{_nordic(people)} eri ihmiseltä"
    return f"kielteisiä viestejä {who} {_fi_within(_int(n, 'minutes'))}, tavallisesti {_nordic(n['usual'])}"


def _fi_history(n: Numbers) -> str:
    hours = _int(n, "hours")
    return (
        f"historiaa on vasta {hours} h, joten arvio on epävarma"
        if hours
        else "historiaa ei vielä ole, arvio on epävarma"
    )


def _sv_within(minutes: int) -> str:
    if minutes % 60:
        return "på en minut" if minutes == 1 else f"på {minutes} minuter"
    return "på en timme" if minutes == 60 else f"på {minutes // 60} timmar"


def _sv_people(people: int) -> str:
    return "en person" if people == 1 else f"{_nordic(people)} olika personer"


def _sv_thread_pace(n: Numbers) -> str:
    posts = _int(n, "posts")
    said = "1 negativt inlägg" if posts == 1 else f"{_nordic(posts)} negativa inlägg"
    usual = _nordic(n["usual_people"])
    return (
        f"{said} från {_sv_people(_int(n, 'people'))} {_sv_within(_int(n, 'minutes'))}, "
        f"i en vanlig dags hetaste tråd {usual}"
    )


def _sv_topic_pace(n: Numbers) -> str:
    posts, usual = _int(n, "posts"), _nordic(n["usual_people"])
    said = "1 negativt inlägg" if posts == 1 else f"{_nordic(posts)} negativa inlägg"
    return (
        f"{said} om samma sak från {_sv_people(_int(n, 'people'))} {_sv_within(_int(n, 'minutes'))}, "
        f"en vanlig dag från högst {usual}"
    )


def _sv_brand_pace(n: Numbers) -> str:
    return (
        f"negativa inlägg från {_sv_people(_int(n, 'people'))} {_sv_within(_int(n, 'minutes'))}, "
        f"vanligtvis {_nordic(n['usual'])}"
    )


def _sv_history(n: Numbers) -> str:
    hours = _int(n, "hours")
    return (
        f"historiken är bara {hours} h lång, så bedömningen är osäker"
        if hours
        else "ingen historik än, bedömningen är osäker"
    )


def _en_within(minutes: int) -> str:
    if minutes % 60:
        return "in a minute" if minutes == 1 else f"in {minutes} minutes"
    return "in an hour" if minutes == 60 else f"in {minutes // 60} hours"


def _en_people(people: int) -> str:
    return "one person" if people == 1 else f"{_english(people)} different people"


def _en_thread_pace(n: Numbers) -> str:
    posts = _int(n, "posts")
    said = "1 negative post" if posts == 1 else f"{_english(posts)} negative posts"
    usual = _english(n["usual_people"])
    return (
        f"{said} from {_en_people(_int(n, 'people'))} {_en_within(_int(n, 'minutes'))}; "
        f"an ordinary day's hottest thread has {usual}"
    )


def _en_topic_pace(n: Numbers) -> str:
    posts, usual = _int(n, "posts"), _english(n["usual_people"])
    said = "1 negative post" if posts == 1 else f"{_english(posts)} negative posts"
    return (
        f"{said} about the same thing from {_en_people(_int(n, 'people'))} {_en_within(_int(n, 'minutes'))}; "
        f"on an ordinary day from at most {usual}"
    )


def _en_brand_pace(n: Numbers) -> str:
    return (
        f"negative posts from {_en_people(_int(n, 'people'))} {_en_within(_int(n, 'minutes'))}, "
        f"usually {_english(n['usual'])}"
    )


def _en_history(n: Numbers) -> str:
    hours = _int(n, "hours")
    return (
        f"only {hours} h of history, so the reading is unsure" if hours else "no history yet, so the reading is unsure"
    )


_SPEECH: Mapping[str, Mapping[str, Callable[[Numbers], str]]] = {
    "fi": {
        "thread_pace": _fi_thread_pace,
        "topic_pace": _fi_topic_pace,
        "brand_pace": _fi_brand_pace,
        "thread_share": lambda n: f"ketjun viesteistä {n['percent']} % kielteisiä",
        "brand_share": lambda n: (
            f"viime tunnin viesteistä {n['percent']} % kielteisiä, tavallisesti {n['usual_percent']} %"
        ),
        "unanswered": lambda n: f"sivullamme ilman vastausta {_span(_int(n, 'minutes'))}",
        "heated": lambda n: f"{_nordic(n['of'])} kielteisestä viestistä {_nordic(n['posts'])} on kiihtyneitä",
        "copies": lambda n: (
            f"lisäksi {_nordic(n['posts'])} jakoa tai saman tekstin kopiota, joita ei laskettu uusiksi kirjoittajiksi"
        ),
        "gap": lambda n: f"sitä ennen {n['hours']} tuntiin ei kuulunut mitään, joten arvio on epävarmempi",
        "little_history": _fi_history,
        **CARRIED_WORDS["fi"],
        **COORDINATION_WORDS["fi"],
    },
    "sv": {
        "thread_pace": _sv_thread_pace,
        "topic_pace": _sv_topic_pace,
        "brand_pace": _sv_brand_pace,
        "thread_share": lambda n: f"{n['percent']} % av inläggen i tråden är negativa",
        "brand_share": lambda n: (
            f"{n['percent']} % av inläggen den senaste timmen är negativa, vanligtvis {n['usual_percent']} %"
        ),
        "unanswered": lambda n: f"obesvarat på vår sida i {_span(_int(n, 'minutes'))}",
        "heated": lambda n: f"{_nordic(n['posts'])} av {_nordic(n['of'])} negativa inlägg är upprörda",
        "copies": lambda n: (
            f"dessutom {_nordic(n['posts'])} delningar eller kopior, som inte räknats som nya skribenter"
        ),
        "gap": lambda n: f"innan dess hördes ingenting på {n['hours']} timmar, så bedömningen är osäkrare",
        "little_history": _sv_history,
        **CARRIED_WORDS["sv"],
        **COORDINATION_WORDS["sv"],
    },
    "en": {
        "thread_pace": _en_thread_pace,
        "topic_pace": _en_topic_pace,
        "brand_pace": _en_brand_pace,
        "thread_share": lambda n: f"{n['percent']}% of the thread's posts are negative",
        "brand_share": lambda n: (
            f"{n['percent']}% of the last hour's posts are negative, usually {n['usual_percent']}%"
        ),
        "unanswered": lambda n: f"unanswered on our own page for {_span(_int(n, 'minutes'))}",
        "heated": lambda n: f"{_english(n['posts'])} of {_english(n['of'])} negative posts are heated",
        "copies": lambda n: f"besides {_english(n['posts'])} shares or copies, not counted as new authors",
        "gap": lambda n: f"nothing was heard for {n['hours']} hours before this, so the reading is less sure",
        "little_history": _en_history,
        **CARRIED_WORDS["en"],
        **COORDINATION_WORDS["en"],
    },
}

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.reasons import Reason, say

PACE = {"posts": 14, "people": 11, "minutes": 20, "usual_people": 1.2}


@pytest.mark.parametrize(
    ("language", "code", "numbers", "words"),
    [
        ("fi", "thread_pace", PACE,
         "14 kielteistä viestiä 11 eri ihmiseltä 20 minuutissa, tavallisen päivän kiivaimmassa ketjussa 1,2"),
        ("sv", "thread_pace", PACE,
         "14 negativa inlägg från 11 olika personer på 20 minuter, i en vanlig dags hetaste tråd 1,2"),
        ("en", "thread_pace", PACE,
         "14 negative posts from 11 different people in 20 minutes; an ordinary day's hottest thread has 1.2"),
        ("fi", "thread_pace", {"posts": 1, "people": 1, "minutes": 1, "usual_people": 3.0},
         "1 kielteinen viesti yhdeltä ihmiseltä minuutissa, tavallisen päivän kiivaimmassa ketjussa 3"),
        ("fi", "topic_pace", PACE | {"minutes": 180},
         "samasta asiasta 14 kielteistä viestiä 11 eri ihmiseltä 3 tunnissa, "
         "tavallisena päivänä enintään 1,2 ihmiseltä"),
        ("sv", "topic_pace", PACE,
         "14 negativa inlägg om samma sak från 11 olika personer på 20 minuter, en vanlig dag från högst 1,2"),
        ("en", "topic_pace", PACE,
         "14 negative posts about the same thing from 11 different people in 20 minutes; "
         "on an ordinary day from at most 1.2"),
        ("fi", "brand_pace", {"people": 1204, "minutes": 180, "usual": 6.1},
         "kielteisiä viestejä 1\u00a0204 eri ihmiseltä 3 tunnissa, tavallisesti 6,1"),
        ("sv", "brand_pace", {"people": 52, "minutes": 60, "usual": 6.1},
         "negativa inlägg från 52 olika personer på en timme, vanligtvis 6,1"),
        ("fi", "unanswered", {"minutes": 47}, "sivullamme ilman vastausta 47 min"),
        ("sv", "unanswered", {"minutes": 125}, "obesvarat på vår sida i 2 h 5 min"),
        ("en", "reach", {"followers": 25000}, "an author with 25,000 followers joined in: one level up"),
        ("fi", "reach", {"followers": 25000},
         "mukana kirjoittaja, jolla on 25\u00a0000 seuraajaa: taso nousee yhden pykälän"),
        ("fi", "little_history", {"hours": 0}, "historiaa ei vielä ole, arvio on epävarma"),
        ("fi", "brand_share", {"percent": 61, "usual_percent": 22},
         "viime tunnin viesteistä 61 % kielteisiä, tavallisesti 22 %"),
        ("fi", "heated", {"posts": 5, "of": 9}, "9 kielteisestä viestistä 5 on kiihtyneitä"),
        ("de", "copies", {"posts": 40}, "besides 40 shares or copies, not counted"),
        ("fi", "a_later_code", {}, "a later code"),
        ("fi", "copy_wave", {"posts": 1400, "accounts": 38, "minutes": 20},
         "sama teksti 1\u00a0400 viestissä 38 tililtä 20 minuutissa: näyttää järjestetyltä"),
        ("fi", "copy_wave", {"posts": 40, "accounts": 12, "minutes": 1, "withheld": 28},
         "sama teksti 40 viestissä ainakin 12 tililtä minuutissa: näyttää järjestetyltä"),
        ("sv", "copy_wave", {"posts": 40, "accounts": 0, "minutes": 20, "withheld": 40},
         "samma text i 40 inlägg på 20 minuter, skribenterna är inte kända: ser organiserat ut"),
        ("en", "copy_wave", {"posts": 40, "accounts": 38, "minutes": 20},
         "the same text in 40 posts from 38 accounts in 20 minutes: looks organised"),
        ("fi", "rhythm", {"posts": 20, "seconds": 60},
         "20 viestiä hyvin tasaisesti noin 60 sekunnin välein: näyttää ajastetulta"),
        ("sv", "rhythm", {"posts": 20, "seconds": 300},
         "20 inlägg mycket jämnt med ungefär 5 minuters mellanrum: ser schemalagt ut"),
        ("en", "rhythm", {"posts": 90, "seconds": 0},
         "90 posts very evenly less than a second apart: looks scheduled"),
        ("fi", "new_accounts", {"percent": 62, "of": 40},
         "62 % niistä 40 tilistä, joiden ikä tiedetään, on alle 30 päivää vanhoja"),
        ("sv", "accounts_opened_together", {"percent": 62, "of": 40, "days": 7},
         "av de 40 konton vars ålder är känd är 62 % öppnade inom samma 7 dagar"),
        ("en", "established_accounts", {"percent": 97, "of": 40},
         "97% of the 40 accounts whose age is known are at least 30 days old: these may be customers"),
        ("fi", "ages_unknown", {}, "tilien ikää ei tiedetä"),
        ("fi", "calls_to_act", {"posts": 5}, "5 viestiä kehottaa muita välttämään meitä tai levittämään sanaa"),
        ("en", "calls_to_act", {"posts": 1}, "1 post tells others to stay away or to spread the word"),
    ],
)  # fmt: skip
def test_a_reason_is_said_as_people_say_it(language, code, numbers, words):
    assert say(Reason(code, numbers), language) == words


CODES = {
    "thread_pace": ("posts", "people", "minutes", "usual_people"),
    "brand_pace": ("people", "minutes", "usual"),
    "thread_share": ("percent",),
    "brand_share": ("percent", "usual_percent"),
    "unanswered": ("minutes",),
    "reach": ("followers",),
    "heated": ("posts", "of"),
    "copies": ("posts",),
    "gap": ("hours",),
    "little_history": ("hours",),
    "copy_wave": ("posts", "accounts", "minutes"),
    "rhythm": ("posts", "seconds"),
    "new_accounts": ("percent", "of"),
    "accounts_opened_together": ("percent", "of", "days"),
    "established_accounts": ("percent", "of"),
    "ages_unknown": (),
    "calls_to_act": ("posts",),
}


@settings(deadline=None)
@given(st.sampled_from(sorted(CODES)), st.integers(1, 10**6), st.sampled_from(["fi", "sv", "en"]))
def test_every_code_is_said_in_every_language_and_survives_json(code, number, language):
    reason = Reason(code, dict.fromkeys(CODES[code], number))
    assert Reason.from_json(json.loads(json.dumps(reason.to_json()))) == reason
    words = say(reason, language)
    assert words
    assert "{" not in words
    assert "_" not in words
    assert words != code.replace("_", " ")

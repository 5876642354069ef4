import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.reasons import Reason, say

QUICK = {"posts": 38, "shares": 12, "minutes": 15, "usual": 4}
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
        ("fi", "reach", {"followers": 25000}, "mukana on kirjoittaja, jolla on 25\u00a0000 seuraajaa"),
        ("fi", "reach", {"followers": 25000, "step": 1},
         "mukana on kirjoittaja, jolla on 25\u00a0000 seuraajaa, ja jo siksi tilannetta seurataan"),
        ("fi", "reach", {"followers": 25000, "step": 2},
         "mukana on kirjoittaja, jolla on 25\u00a0000 seuraajaa, ja siksi taso on yhden pykälän korkeampi"),
        ("sv", "reach", {"followers": 25000, "step": 0}, "en skribent med 25\u00a0000 följare är med"),
        ("sv", "reach", {"followers": 25000, "step": 3},
         "en skribent med 25\u00a0000 följare är med, och därför är nivån ett steg högre"),
        ("en", "reach", {"followers": 25000, "step": 1},
         "an author with 25,000 followers joined in, which alone is worth a watch"),
        ("en", "reach", {"followers": 25000, "step": 2},
         "an author with 25,000 followers joined in, which puts the level one step higher"),
        ("fi", "thread_traffic", QUICK,
         "38 viestiä ja 12 jakoa 15 minuutissa, tavallisen päivän vilkkaimmassa ketjussa 4"),
        ("fi", "topic_traffic", QUICK | {"posts": 1, "shares": 1},
         "samasta asiasta 1 viesti ja 1 jako 15 minuutissa, tavallisena päivänä enintään 4"),
        ("fi", "brand_traffic", QUICK | {"posts": 0}, "12 jakoa 15 minuutissa, tavallisena päivänä enintään 4"),
        ("sv", "thread_traffic", QUICK,
         "38 inlägg och 12 delningar på 15 minuter, i en vanlig dags livligaste tråd 4"),
        ("en", "brand_traffic", QUICK, "38 negative posts and 12 shares in 15 minutes; on an ordinary day at most 4"),
        ("fi", "thread_readers", {"followers": 84000, "usual": 3000},
         "kirjoittajilla ja jakajilla on yhteensä 84\u00a0000 seuraajaa, "
         "tavallisen päivän luetuimmassa ketjussa 3\u00a0000"),
        ("sv", "readers", {"followers": 84000, "usual": 3000},
         "de som skriver och delar har sammanlagt 84\u00a0000 följare, en vanlig dag högst 3\u00a0000"),
        ("fi", "newcomers", {"new": 15, "of": 18, "usual_percent": 40},
         "18 kielteisestä kirjoittajasta 15 on meille uusia, tavallisesti 40 %"),
        ("fi", "newcomers", {"new": 18, "of": 18, "usual_percent": 40},
         "kaikki 18 kielteistä kirjoittajaa ovat meille uusia, tavallisesti 40 %"),
        ("en", "newcomers", {"new": 15, "of": 18, "usual_percent": 40},
         "15 of 18 negative authors are new to us, usually 40%"),
        ("fi", "channels", {"channels": 2, "people": 27, "most": 14},
         "leviää 2 kanavassa yhtä aikaa: 27 kielteistä kirjoittajaa, vilkkaimmassa kanavassa 14"),
        ("sv", "channels", {"channels": 2, "people": 27, "most": 14},
         "sprids i 2 kanaler samtidigt: 27 negativa skribenter, 14 i den livligaste"),
        ("fi", "little_history", {"hours": 0}, "historiaa ei vielä ole, arvio on epävarma"),
        ("fi", "brand_share", {"percent": 61, "usual_percent": 22},
         "viime tunnin viesteistä 61 % kielteisiä, tavallisesti 22 %"),
        ("fi", "heated", {"posts": 5, "of": 9}, "9 kielteisestä viestistä 5 on kiihtyneitä"),
        ("de", "copies", {"posts": 40}, "besides 40 shares or copies, not counted as new authors"),
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
    "thread_traffic": ("posts", "shares", "minutes", "usual"),
    "topic_traffic": ("posts", "shares", "minutes", "usual"),
    "brand_traffic": ("posts", "shares", "minutes", "usual"),
    "thread_readers": ("followers", "usual"),
    "readers": ("followers", "usual"),
    "newcomers": ("new", "of", "usual_percent"),
    "channels": ("channels", "people", "most"),
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

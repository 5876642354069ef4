"""How it is said that negative talk is carried further: shares, readers, newcomers, channels, a widely read author."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from models.numbers import Number, english, nordic

Numbers = Mapping[str, Number]


def _fi_quick(n: Numbers, one: str, many: str) -> str:
    """38 viestiä ja 12 jakoa 15 minuutissa."""
    posts, shares = int(n["posts"]), int(n["shares"])
    said = [one if posts == 1 else f"{nordic(posts)} {many}"] if posts else []
    said += ["1 jako" if shares == 1 else f"{nordic(shares)} jakoa"] if shares else []
    return f"{' ja '.join(said)} {nordic(n['minutes'])} minuutissa"


def _sv_quick(n: Numbers, one: str, many: str) -> str:
    posts, shares = int(n["posts"]), int(n["shares"])
    said = [one if posts == 1 else f"{nordic(posts)} {many}"] if posts else []
    said += ["1 delning" if shares == 1 else f"{nordic(shares)} delningar"] if shares else []
    return f"{' och '.join(said)} på {nordic(n['minutes'])} minuter"


def _en_quick(n: Numbers, one: str, many: str) -> str:
    posts, shares = int(n["posts"]), int(n["shares"])
    said = [one if posts == 1 else f"{english(posts)} {many}"] if posts else []
    said += ["1 share" if shares == 1 else f"{english(shares)} shares"] if shares else []
    return f"{' and '.join(said)} in {english(n['minutes'])} minutes"


def _fi_newcomers(n: Numbers) -> str:
    usual = f"tavallisesti {n['usual_percent']} %"
    if n["new"] == n["of"]:
        return f"kaikki {nordic(n['of'])} kielteistä kirjoittajaa ovat meille uusia, {usual}"
    are = "on meille uusi" if n["new"] == 1 else "on meille uusia"
    return f"{nordic(n['of'])} kielteisestä kirjoittajasta {nordic(n['new'])} {are}, {usual}"


def _sv_newcomers(n: Numbers) -> str:
    usual = f"vanligtvis {n['usual_percent']} %"
    if n["new"] == n["of"]:
        return f"alla {nordic(n['of'])} negativa skribenter är nya för oss, {usual}"
    are = "är ny" if n["new"] == 1 else "är nya"
    return f"{nordic(n['new'])} av {nordic(n['of'])} negativa skribenter {are} för oss, {usual}"


def _en_newcomers(n: Numbers) -> str:
    usual = f"usually {n['usual_percent']}%"
    if n["new"] == n["of"]:
        return f"all {english(n['of'])} negative authors are new to us, {usual}"
    are = "is" if n["new"] == 1 else "are"
    return f"{english(n['new'])} of {english(n['of'])} negative authors {are} new to us, {usual}"


_FI_STEP = ("", ", ja jo siksi tilannetta seurataan", *(", ja siksi taso on yhden pykälän korkeampi",) * 2)
_SV_STEP = ("", ", och redan därför bevakas läget", *(", och därför är nivån ett steg högre",) * 2)
_EN_STEP = ("", ", which alone is worth a watch", *(", which puts the level one step higher",) * 2)


def _step(n: Numbers, said: tuple[str, ...]) -> str:
    """What the author did to the level: nothing, a watch, or one step up to warning or outrage."""
    return said[int(n.get("step", 0))]


WORDS: Mapping[str, Mapping[str, Callable[[Numbers], str]]] = {
    "fi": {
        "thread_traffic": lambda n: (
            f"{_fi_quick(n, '1 viesti', 'viestiä')}, tavallisen päivän vilkkaimmassa ketjussa {nordic(n['usual'])}"
        ),
        "topic_traffic": lambda n: (
            f"samasta asiasta {_fi_quick(n, '1 viesti', 'viestiä')}, tavallisena päivänä enintään {nordic(n['usual'])}"
        ),
        "brand_traffic": lambda n: (
            f"{_fi_quick(n, '1 kielteinen viesti', 'kielteistä viestiä')}, "
            f"tavallisena päivänä enintään {nordic(n['usual'])}"
        ),
        "thread_readers": lambda n: (
            f"kirjoittajilla ja jakajilla on yhteensä {nordic(n['followers'])} seuraajaa, "
            f"tavallisen päivän luetuimmassa ketjussa {nordic(n['usual'])}"
        ),
        "readers": lambda n: (
            f"kirjoittajilla ja jakajilla on yhteensä {nordic(n['followers'])} seuraajaa, "
            f"tavallisena päivänä enintään {nordic(n['usual'])}"
        ),
        "newcomers": _fi_newcomers,
        "channels": lambda n: (
            f"leviää {nordic(n['channels'])} kanavassa yhtä aikaa: {nordic(n['people'])} kielteistä kirjoittajaa, "
            f"vilkkaimmassa kanavassa {nordic(n['most'])}"
        ),
        "reach": lambda n: f"mukana on kirjoittaja, jolla on {nordic(n['followers'])} seuraajaa{_step(n, _FI_STEP)}",
    },
    "sv": {
        "thread_traffic": lambda n: (
            f"{_sv_quick(n, '1 inlägg', 'inlägg')}, i en vanlig dags livligaste tråd {nordic(n['usual'])}"
        ),
        "topic_traffic": lambda n: (
            f"{_sv_quick(n, '1 inlägg', 'inlägg')} om samma sak, en vanlig dag högst {nordic(n['usual'])}"
        ),
        "brand_traffic": lambda n: (
            f"{_sv_quick(n, '1 negativt inlägg', 'negativa inlägg')}, en vanlig dag högst {nordic(n['usual'])}"
        ),
        "thread_readers": lambda n: (
            f"de som skriver och delar har sammanlagt {nordic(n['followers'])} följare, "
            f"i en vanlig dags mest lästa tråd {nordic(n['usual'])}"
        ),
        "readers": lambda n: (
            f"de som skriver och delar har sammanlagt {nordic(n['followers'])} följare, "
            f"en vanlig dag högst {nordic(n['usual'])}"
        ),
        "newcomers": _sv_newcomers,
        "channels": lambda n: (
            f"sprids i {nordic(n['channels'])} kanaler samtidigt: {nordic(n['people'])} negativa skribenter, "
            f"{nordic(n['most'])} i den livligaste"
        ),
        "reach": lambda n: f"en skribent med {nordic(n['followers'])} följare är med{_step(n, _SV_STEP)}",
    },
    "en": {
        "thread_traffic": lambda n: (
            f"{_en_quick(n, '1 post', 'posts')}; an ordinary day's liveliest thread has {english(n['usual'])}"
        ),
        "topic_traffic": lambda n: (
            f"{_en_quick(n, '1 post', 'posts')} about the same thing; on an ordinary day at most {english(n['usual'])}"
        ),
        "brand_traffic": lambda n: (
            f"{_en_quick(n, '1 negative post', 'negative posts')}; on an ordinary day at most {english(n['usual'])}"
        ),
        "thread_readers": lambda n: (
            f"those who write and share have {english(n['followers'])} followers in all; "
            f"an ordinary day's most read thread has {english(n['usual'])}"
        ),
        "readers": lambda n: (
            f"those who write and share have {english(n['followers'])} followers in all; "
            f"on an ordinary day at most {english(n['usual'])}"
        ),
        "newcomers": _en_newcomers,
        "channels": lambda n: (
            f"spreading in {english(n['channels'])} channels at once: {english(n['people'])} negative authors, "
            f"{english(n['most'])} in the busiest"
        ),
        "reach": lambda n: f"an author with {english(n['followers'])} followers joined in{_step(n, _EN_STEP)}",
    },
}

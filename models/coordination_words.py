"""How it is said that posts look organised: counts alone, no account, and never as a fact that machines wrote them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from models.numbers import Number, english, nordic

Numbers = Mapping[str, Number]


def _fi_copy_wave(n: Numbers) -> str:
    posts, accounts, minutes = int(n["posts"]), int(n["accounts"]), int(n["minutes"])
    what = "sama teksti yhdessä viestissä" if posts == 1 else f"sama teksti {nordic(posts)} viestissä"
    least = "ainakin " if n.get("withheld") else ""
    who = f" {least}yhdeltä tililtä" if accounts == 1 else f" {least}{nordic(accounts)} tililtä"
    within = "minuutissa" if minutes == 1 else f"{nordic(minutes)} minuutissa"
    unknown = "" if accounts else ", kirjoittajia ei tiedetä"
    return f"{what}{who if accounts else ''} {within}{unknown}: näyttää järjestetyltä"


def _sv_copy_wave(n: Numbers) -> str:
    posts, accounts, minutes = int(n["posts"]), int(n["accounts"]), int(n["minutes"])
    what = "samma text i ett inlägg" if posts == 1 else f"samma text i {nordic(posts)} inlägg"
    least = "minst " if n.get("withheld") else ""
    who = f" från {least}ett konto" if accounts == 1 else f" från {least}{nordic(accounts)} konton"
    within = "på en minut" if minutes == 1 else f"på {nordic(minutes)} minuter"
    unknown = "" if accounts else ", skribenterna är inte kända"
    return f"{what}{who if accounts else ''} {within}{unknown}: ser organiserat ut"


def _en_copy_wave(n: Numbers) -> str:
    posts, accounts, minutes = int(n["posts"]), int(n["accounts"]), int(n["minutes"])
    what = "the same text in one post" if posts == 1 else f"the same text in {english(posts)} posts"
    least = "at least " if n.get("withheld") else ""
    who = f" from {least}one account" if accounts == 1 else f" from {least}{english(accounts)} accounts"
    within = "in a minute" if minutes == 1 else f"in {english(minutes)} minutes"
    unknown = "" if accounts else ", authors not known"
    return f"{what}{who if accounts else ''} {within}{unknown}: looks organised"


def _fi_rhythm(n: Numbers) -> str:
    seconds = int(n["seconds"])
    gap = {0: "alle sekunnin", 1: "noin sekunnin"}.get(seconds, f"noin {nordic(seconds)} sekunnin")
    if seconds >= 120:
        gap = f"noin {nordic(round(seconds / 60))} minuutin"
    return f"{nordic(n['posts'])} viestiä hyvin tasaisesti {gap} välein: näyttää ajastetulta"


def _sv_rhythm(n: Numbers) -> str:
    seconds = int(n["seconds"])
    gap = {0: "mindre än en sekunds", 1: "ungefär en sekunds"}.get(seconds, f"ungefär {nordic(seconds)} sekunders")
    if seconds >= 120:
        gap = f"ungefär {nordic(round(seconds / 60))} minuters"
    return f"{nordic(n['posts'])} inlägg mycket jämnt med {gap} mellanrum: ser schemalagt ut"


def _en_rhythm(n: Numbers) -> str:
    seconds = int(n["seconds"])
    gap = {0: "less than a second", 1: "about a second"}.get(seconds, f"about {english(seconds)} seconds")
    if seconds >= 120:
        gap = f"about {english(round(seconds / 60))} minutes"
    return f"{english(n['posts'])} posts very evenly {gap} apart: looks scheduled"


def _fi_known(n: Numbers) -> str:
    return f"{n['percent']} % niistä {nordic(n['of'])} tilistä, joiden ikä tiedetään, on"


def _sv_known(n: Numbers) -> str:
    return f"av de {nordic(n['of'])} konton vars ålder är känd är {n['percent']} %"


def _en_known(n: Numbers) -> str:
    return f"{n['percent']}% of the {english(n['of'])} accounts whose age is known"


def _fi_calls(n: Numbers) -> str:
    posts = int(n["posts"])
    what = "1 viesti kehottaa" if posts == 1 else f"{nordic(posts)} viestiä kehottaa"
    return f"{what} muita välttämään meitä tai levittämään sanaa"


def _en_calls(n: Numbers) -> str:
    posts = int(n["posts"])
    what = "1 post tells" if posts == 1 else f"{english(posts)} posts tell"
    return f"{what} others to stay away or to spread the word"


WORDS: Mapping[str, Mapping[str, Callable[[Numbers], str]]] = {
    "fi": {
        "copy_wave": _fi_copy_wave,
        "rhythm": _fi_rhythm,
        "new_accounts": lambda n: f"{_fi_known(n)} alle 30 päivää vanhoja",
        "accounts_opened_together": lambda n: f"{_fi_known(n)} avattu saman {nordic(n['days'])} päivän aikana",
        "established_accounts": lambda n: f"{_fi_known(n)} vähintään 30 päivää vanhoja: mukana voi olla asiakkaita",
        "ages_unknown": lambda _: "tilien ikää ei tiedetä",
        "calls_to_act": _fi_calls,
    },
    "sv": {
        "copy_wave": _sv_copy_wave,
        "rhythm": _sv_rhythm,
        "new_accounts": lambda n: f"{_sv_known(n)} yngre än 30 dagar",
        "accounts_opened_together": lambda n: f"{_sv_known(n)} öppnade inom samma {nordic(n['days'])} dagar",
        "established_accounts": lambda n: f"{_sv_known(n)} minst 30 dagar gamla: det kan vara kunder",
        "ages_unknown": lambda _: "kontonas ålder är inte känd",
        "calls_to_act": lambda n: f"{nordic(n['posts'])} inlägg uppmanar andra att undvika oss eller sprida ordet",
    },
    "en": {
        "copy_wave": _en_copy_wave,
        "rhythm": _en_rhythm,
        "new_accounts": lambda n: f"{_en_known(n)} are less than 30 days old",
        "accounts_opened_together": lambda n: f"{_en_known(n)} were opened within the same {english(n['days'])} days",
        "established_accounts": lambda n: f"{_en_known(n)} are at least 30 days old: these may be customers",
        "ages_unknown": lambda _: "the accounts' age is not known",
        "calls_to_act": _en_calls,
    },
}

"""Our own words in Finnish, Swedish and English, with numbers and times written as that language writes them."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from babel.dates import format_datetime
from babel.numbers import format_decimal

from responders.slack.escaping import Mrkdwn, escaped

LANGUAGES = ("fi", "sv", "en")

# Slack draws a date token in the reader's own zone, but any words in it in Slack's own interface language, which is
# seldom Finnish or Swedish ("today klo 11:42"). So there the day is ours and only the time of day is Slack's, except
# near midnight, where the next country's day may be another one: then both are Slack's, in figures.
_DAY_AND_TIME_FORMS = {"fi": "{day} klo {{time}}", "sv": "{day} kl. {{time}}"}
_MIDNIGHT_FORM = "{date_num} {time}"
_ENGLISH_FORM = "{date_short_pretty} at {time}"
_MIDNIGHT_HOURS = (22, 23, 0, 1)
_DAY_FORMATS = {"fi": "ccc d.M.", "sv": "ccc d/M"}
_DATE_FORMATS = {"fi": "ccc d.M. 'klo' H.mm", "sv": "ccc d/M 'kl.' H:mm", "en": "ccc d MMM, HH:mm"}
_TIME_FORMATS = {"fi": "'klo' H.mm", "sv": "'kl.' H:mm", "en": "HH:mm"}


@dataclass(frozen=True)
class Words:
    """The catalogue of one language. Keys are dotted paths of its TOML files."""

    language: str
    texts: Mapping[str, str]

    def has(self, key: str) -> bool:
        return key in self.texts

    def plain(self, key: str, **slots: object) -> str:
        """The text for a plain_text field."""
        return self.texts[key].format(**slots)

    def mrkdwn(self, key: str, **slots: object) -> Mrkdwn:
        """The text for a mrkdwn field; every slot that is not Mrkdwn already is escaped."""
        safe = {name: slot if isinstance(slot, Mrkdwn) else escaped(str(slot)) for name, slot in slots.items()}
        return Mrkdwn(self.texts[key].format(**safe))

    def counted(self, key: str, count: int) -> str:
        """The text with a number in it, in the singular or the plural."""
        return self.plain(f"{key}.{'one' if count == 1 else 'other'}", count=self.number(count))

    def number(self, value: int) -> str:
        return str(format_decimal(value, locale=self.language))

    def moment(self, at: datetime, zone: ZoneInfo) -> str:
        """Day and time in the shop's zone: ti 10.11. klo 11.42."""
        return _babel(at, _DATE_FORMATS[self.language], zone, self.language)

    def clock(self, at: datetime, zone: ZoneInfo) -> str:
        """The time of day in the shop's zone: klo 11.42."""
        return _babel(at, _TIME_FORMATS[self.language], zone, self.language)

    def date_token(self, at: datetime, zone: ZoneInfo) -> Mrkdwn:
        """Slack's date token, which shows the time in the reader's own zone, with `moment` as its fallback."""
        if self.language == "en":
            token = _ENGLISH_FORM
        elif at.astimezone(zone).hour in _MIDNIGHT_HOURS:
            token = _MIDNIGHT_FORM
        else:
            day = _babel(at, _DAY_FORMATS[self.language], zone, self.language)
            token = _DAY_AND_TIME_FORMS[self.language].format(day=day)
        return Mrkdwn(f"<!date^{int(at.timestamp())}^{token}|{self.moment(at, zone)}>")


@cache
def words_for(language: str) -> Words:
    """The catalogue of `language`; raises ValueError for one we do not speak."""
    if language not in LANGUAGES:
        raise ValueError(f"no Slack texts in {language!r}; choose one of {', '.join(LANGUAGES)}")
    texts: dict[str, str] = {}
    for path in sorted((Path(__file__).with_name("texts") / language).glob("*.toml")):
        found = dict(_flat(tomllib.loads(path.read_text("utf-8"))))
        twice = texts.keys() & found.keys()
        if twice:
            raise ValueError(f"{path}: {min(twice)} stands in another file of the language too")
        texts |= found
    return Words(language, texts)


def _flat(table: Mapping[str, object], prefix: str = "") -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for name, value in table.items():
        if isinstance(value, dict):
            found += _flat(value, f"{prefix}{name}.")
        else:
            found.append((prefix + name, str(value)))
    return found


def _babel(at: datetime, form: str, zone: ZoneInfo, language: str) -> str:
    return format_datetime(at.astimezone(zone), form, locale=language).replace("\u202f", " ")

"""The settings of who we are: the shop, as customers know it."""

from __future__ import annotations

from datetime import date
from typing import Literal
from zoneinfo import ZoneInfo, available_timezones

from pydantic import Field, field_validator

from bot.section import Section

Language = Literal["fi", "sv", "en"]


class NoticeSettings(Section):
    """A dated notice, such as longer delivery times before Christmas; both days are included."""

    reason: str = Field(description="The contact reason whose answers quote it, such as delivery.")
    first_day: date = Field(description="First day, as 2026-11-20.")
    last_day: date = Field(description="Last day.")
    text: dict[Language, str] = Field(description="A whole sentence per language.")


class ShopSettings(Section):
    """Who we are. Drafts take their facts from here and nowhere else; what is missing is never invented."""

    name: str = Field(min_length=1, description="The shop's name as customers know it.")
    languages: tuple[Language, ...] = Field(
        ("fi",),
        min_length=1,
        description="The shop's languages; the first answers customers whose own we do not write.",
    )
    timezone: str = Field("Europe/Helsinki", description="The zone of all times shown to people.")
    phone: str | None = Field(None, description="Customer service's phone number.")
    email: str | None = Field(None, description="Customer service's e-mail address.")
    contact_form: str | None = Field(None, description="Link to the contact form.")
    help_page: str | None = Field(None, description="Link to the help pages.")
    return_page: str | None = Field(None, description="Link to the page that tells how to return something.")
    privacy_page: str | None = Field(None, description="Link to the privacy notice.")
    return_days: int | None = Field(None, ge=14, description="Days to return; the law gives at least 14.")
    opening_hours: dict[Language, str] = Field(
        {}, description='Customer service hours in words, per language: {fi = "ma-pe 9-16"}.'
    )
    signature: dict[Language, str] = Field({}, description='How replies are signed: {fi = "– Anna / Nuotiopuoti"}.')
    notices: tuple[NoticeSettings, ...] = Field((), description="Dated notices that answers quote by themselves.")

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        if value not in available_timezones():
            raise ValueError(f'"{value}" is not a time zone; write it as in "Europe/Helsinki"')
        return value

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

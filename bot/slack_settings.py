"""The settings of Slack: where people see cards, who is called, when the digest comes, and by which door we hear."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from bot.oncall_settings import Day
from bot.roles_settings import SlackId
from bot.section import Section
from bot.shop_settings import Language

PlaceId = Annotated[str, Field(pattern=r"^[CGUWS][A-Z0-9]+$")]  # of a channel, a person or a user group


class SlackSettings(Section):
    """Where people see cards and decide."""

    alert_channel: str = Field(description="Channel id for alerts, such as C0123ABCD.")
    contact_channel: str = Field(description="Channel id for contacts that need an answer; may be the same.")
    heartbeat_channel: str | None = Field(
        None,
        description="Channel id for the one message by which we see that presses come through; the alert channel when "
        "it is not set.",
    )
    card_language: Language = Field("fi", description="The language of cards.")
    channel_languages: dict[str, Language] = Field(
        {}, description='Channels whose cards are in another language, by id: {C0123ABCD = "sv"}.'
    )
    call: tuple[SlackId, ...] = Field(
        (),
        description="Who is mentioned when an alert reaches warning or outrage, while [oncall] has no chains: Slack "
        "ids of people and user groups. Empty: nobody.",
    )
    digest: Annotated[str, Field(pattern=r"^(|([01]\d|2[0-3]):[0-5]\d)$")] = Field(
        "", description='When the morning digest comes, in the shop\'s zone: "08:30". Empty: never.'
    )
    digest_days: tuple[Day, ...] = Field(
        ("mon", "tue", "wed", "thu", "fri"), min_length=1, description="The weekdays on which it comes."
    )
    digest_to: tuple[PlaceId, ...] = Field(
        (),
        description="Where it goes: ids of channels, or of people and user groups for direct messages. Empty: the "
        "channel for contacts.",
    )
    thread_posts: bool = Field(
        False,
        description="Whether what a customer writes after their card was posted also comes as replies in its thread, "
        "once each, without mentioning anybody.",
    )
    digest_when_calm: bool = Field(True, description="Whether a morning on which nothing waits gets its one line.")
    door: Literal["socket", "http"] = Field(
        "socket", description="socket: no public address needed. http: Slack calls us."
    )
    http_port: int = Field(8065, ge=0, le=65535, description="Loopback port of the http door; 0 takes any free one.")
    api_base: str | None = Field(None, description="Another address for the API; for rehearsals.")


class SlackSoFar(SlackSettings):
    """[slack] while it is being filled in: the channels may be missing."""

    alert_channel: str = ""
    contact_channel: str = ""

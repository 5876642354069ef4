"""The settings of an outrage's own channel in Slack."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from bot.section import Section

PersonId = Annotated[str, Field(pattern=r"^[UW][A-Z0-9]+$")]


class OutrageChannelSettings(Section):
    """A channel of its own for each outrage, with a pinned summary; needs the scopes channels:manage and pins:write."""

    enabled: bool = Field(False, description="Open one when an alert reaches outrage.")
    invite: tuple[PersonId, ...] = Field((), description="Slack ids of people to invite beside those on duty.")
    update_minutes: int = Field(
        30, ge=5, le=24 * 60, description="How long nobody may have written in it before an update is asked for."
    )
    when_over: Literal["archive", "keep"] = Field(
        "archive",
        description="archive: the channel is archived when the case is closed. keep: its summary is unpinned.",
    )

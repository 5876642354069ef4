"""The shop's settings: one TOML file, and secrets from the environment or a folder of files. The only reader of both.

Every problem is found in one go and told as a sentence that names the key and the way out.
"""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import Any, Literal, Self, TypeVar

from pydantic import BaseModel, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.oncall_settings import OnCallSettings, oncall_problems
from bot.outrage_channel_settings import OutrageChannelSettings
from bot.roles_settings import RoleSettings, TeamSettings
from bot.section import Section
from bot.settings_problems import sentence_of
from bot.shop_settings import ShopSettings
from bot.slack_settings import SlackSettings, SlackSoFar
from classifier.heat.policy import Sensitivity
from classifier.verdict import Label

GraphVersion = Literal["v24.0", "v25.0", "v26.0"]
Kind = TypeVar("Kind", bound=BaseModel)


class SettingsProblem(ValueError):
    """The settings cannot be used; `problems` holds one sentence for each thing to mend."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class StoreSettings(Section):
    """Where everything is kept."""

    url: str = Field(
        "sqlite:///var/palovahti.db",
        pattern=r"^sqlite:///.+",
        description="The database file, as sqlite:///folder/name.db (four slashes for a path from the root).",
    )


class JudgeSettings(Section):
    """Which model reads the texts."""

    name: Literal["onnx", "transformer", "lexicon"] = Field(
        "onnx",
        description="onnx: the shipped model. transformer: your own Hugging Face folder, meant when `model` names one. "
        "lexicon: word lists.",
    )
    model: Path | None = Field(None, description="The folder of your own Hugging Face model.")
    labels: dict[str, Label] = Field(
        {},
        description="Which side each of your model's labels stands for, when they are not called negative, neutral and "
        'positive: {LABEL_0 = "negative", LABEL_1 = "positive"}. Several may stand for one side.',
    )
    threads: int = Field(2, ge=1, le=64, description="Processor threads the judge may use.")

    @model_validator(mode="before")
    @classmethod
    def _a_model_means_the_transformer(cls, values: Any) -> Any:
        return {"name": "transformer", **values} if isinstance(values, dict) and values.get("model") else values

    @model_validator(mode="after")
    def _model_and_labels_are_read(self) -> Self:
        if self.name != "transformer" and (self.model or self.labels):
            given = "model" if self.model else "labels"
            raise ValueError(
                f"has {given}, which only the transformer judge reads; "
                f'set judge.name to "transformer", or remove {given}'
            )
        return self


class XSettings(Section):
    """Our account on X."""

    account_id: str = Field(pattern=r"^\d+$", description="The account's numeric user id.")
    username: str = Field(pattern=r"^\w{1,15}$", description="The account's handle, without @.")
    search: list[str] = Field(default_factory=list, description="Brand words to search for beside mentions.")
    direct_messages: bool = Field(True, description="Read and answer direct messages.")
    poll_seconds: float = Field(60, gt=0, description="Pause between two reads of a source.")
    send_gap_seconds: float = Field(5, ge=0, description="Least pause between two replies; X blocks apps that burst.")
    api_base: str | None = Field(None, description="Another address for the API; for rehearsals.")


class FacebookSettings(Section):
    """Our Page on Facebook."""

    page_id: str = Field(pattern=r"^\d+$", description="The Page's numeric id.")
    page_name: str = Field(min_length=1, description="The Page's name.")
    graph_version: GraphVersion = Field("v26.0", description="Version of the Graph API.")
    conversations: bool = Field(True, description="Read and answer Messenger conversations.")
    human_agent: bool = Field(
        False, description="Meta has granted the Human Agent feature: answers up to 7 days instead of 24 hours."
    )
    poll_seconds: float = Field(30, gt=0, description="Pause between two reads of a source.")
    api_base: str | None = Field(None, description="Another address for the API; for rehearsals.")


class OutrageSettings(Section):
    """What counts as an outrage when we look back: alerts are graded by it afterwards."""

    least_people: int = Field(
        20, ge=2, description="So many different negative people more than usual, in one thread, one topic or in all."
    )
    times_hourly: float = Field(
        2.0, ge=0, description="And so many times the mentions of a usual hour: a large shop's outrage is larger."
    )
    within_hours: int = Field(24, ge=1, le=72, description="Within so many hours.")
    negative_share: float = Field(0.45, gt=0, le=1, description="Least negative share of those who came on top.")


class HeatSettings(Section):
    """How heat is read."""

    sensitivity: Sensitivity = Field(
        Sensitivity.NORMAL,
        description="quiet: fewer false alerts, later. keen: earlier, with more of them. `palovahti alerts` tells what "
        "each had done.",
    )
    outrage: OutrageSettings = Field(default_factory=OutrageSettings)

    answer_within_minutes: int = Field(
        20, ge=1, le=24 * 60, description="How soon a heating thread on our own page should have our answer."
    )


class ReplaySettings(Section):
    """A recorded stream read as a source. Its posts are judged and alerted; nobody is answered."""

    path: Path = Field(description="The JSONL file, as in docs/replay-format.md.")


class ReportSettings(Section):
    """What reports say of the staff."""

    per_person: bool = Field(
        False,
        description="Whether the weekly report names how often each person was interrupted. Monitoring of employees "
        "has its own rules in law; read docs/privacy.md first.",
    )


class PlaybookSettings(Section):
    """The shop's own playbooks, beside the shipped ones."""

    folder: Path | None = Field(None, description="A folder of playbooks that replace or add to the shipped ones.")


class Settings(Section):
    """The whole file."""

    shop: ShopSettings
    slack: SlackSettings
    store: StoreSettings = Field(default_factory=StoreSettings)
    judge: JudgeSettings = Field(default_factory=JudgeSettings)
    x: XSettings | None = None
    facebook: FacebookSettings | None = None
    replay: ReplaySettings | None = None
    heat: HeatSettings = Field(default_factory=HeatSettings)
    playbooks: PlaybookSettings = Field(default_factory=PlaybookSettings)
    roles: RoleSettings = Field(default_factory=RoleSettings)
    teams: tuple[TeamSettings, ...] = Field((), description="The teams that cases are given to.")
    oncall: OnCallSettings = Field(default_factory=OnCallSettings)
    reports: ReportSettings = Field(default_factory=ReportSettings)
    outrage_channel: OutrageChannelSettings = Field(default_factory=OutrageChannelSettings)


class Secrets(BaseSettings):
    """Tokens, from variables named PALOVAHTI_... or files of that name (lower case) in PALOVAHTI_SECRETS_DIR."""

    model_config = SettingsConfigDict(env_prefix="PALOVAHTI_", extra="ignore")

    x_consumer_key: SecretStr | None = None
    x_consumer_secret: SecretStr | None = None
    x_access_token: SecretStr | None = None
    x_access_token_secret: SecretStr | None = None
    facebook_page_token: SecretStr | None = None
    facebook_app_secret: SecretStr | None = None
    slack_bot_token: SecretStr | None = None
    slack_app_token: SecretStr | None = None
    slack_signing_secret: SecretStr | None = None
    pagerduty_routing_key: SecretStr | None = None
    opsgenie_api_key: SecretStr | None = None
    smtp_password: SecretStr | None = None


def read_settings(path: Path) -> Settings:
    """The settings of the file. Raises SettingsProblem with a sentence for everything that is wrong with it."""
    settings = _validated(path, Settings, _values(path))
    problems = oncall_problems(settings.oncall, settings.shop.zone)
    if settings.x is None and settings.facebook is None and settings.replay is None:
        problems.append("no source is set. Add a section [x], [facebook] or [replay].")
    if problems:
        raise SettingsProblem([f"{path}: {problem}" for problem in problems])
    return settings


def read_judge_settings(path: Path) -> JudgeSettings:
    """The file's [judge] alone, for judging files: a file that holds nothing else will do. Raises SettingsProblem."""
    return _validated(path, _JudgeAlone, _values(path)).judge


def read_slack_so_far(path: Path) -> SlackSoFar:
    """The file's [slack] as far as it goes, the defaults while there is no file. Raises SettingsProblem."""
    return _validated(path, _SlackAlone, _values(path)).slack if path.exists() else SlackSoFar()


class _SlackAlone(BaseModel):
    slack: SlackSoFar = Field(default_factory=SlackSoFar)


class _JudgeAlone(BaseModel):
    judge: JudgeSettings = Field(default_factory=JudgeSettings)


def _values(path: Path) -> dict[str, Any]:
    try:
        raw = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise SettingsProblem(
            [f"{path}: there is no such file. Copy palovahti.example.toml to {path} and fill it in."]
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsProblem([f"{path}: cannot be read ({type(error).__name__}). Save it as UTF-8 text."]) from None
    try:
        return tomllib.loads(raw)
    except tomllib.TOMLDecodeError as error:
        raise SettingsProblem(
            [f"{path}: this is not valid TOML: {error}. Look for a missing quote or bracket there."]
        ) from None


def _validated(path: Path, kind: type[Kind], values: dict[str, Any]) -> Kind:
    try:
        return kind.model_validate(values)
    except ValidationError as error:
        raise SettingsProblem([sentence_of(path, problem, Settings) for problem in error.errors()]) from None


def read_secrets() -> Secrets:
    """The tokens. Raises SettingsProblem when the secrets folder is named but missing."""
    folder = os.environ.get("PALOVAHTI_SECRETS_DIR")
    if folder is None:
        return Secrets()
    if not Path(folder).is_dir():
        raise SettingsProblem([f"PALOVAHTI_SECRETS_DIR: {folder} is not a folder. Create it or unset the variable."])
    values: dict[str, Any] = {
        name: text.strip()
        for name in Secrets.model_fields
        for text in [_read(Path(folder) / f"palovahti_{name}")]
        if text is not None
    }
    return Secrets(**values)


def missing_secrets(settings: Settings, secrets: Secrets) -> list[str]:
    """One sentence for each token that the settings need and nobody gave."""
    wanted: list[str] = ["slack_bot_token"]
    wanted.append("slack_app_token" if settings.slack.door == "socket" else "slack_signing_secret")
    if settings.x is not None:
        wanted += ["x_consumer_key", "x_consumer_secret", "x_access_token", "x_access_token_secret"]
    if settings.facebook is not None:
        wanted += ["facebook_page_token"]
    if settings.oncall.uses("pagerduty"):
        wanted.append("pagerduty_routing_key")
    if settings.oncall.uses("opsgenie"):
        wanted.append("opsgenie_api_key")
    if settings.oncall.smtp is not None and settings.oncall.smtp.username:
        wanted.append("smtp_password")
    return [
        f"PALOVAHTI_{name.upper()} is not set. Put the token in that variable, or in a file palovahti_{name} "
        f"in the folder PALOVAHTI_SECRETS_DIR."
        for name in wanted
        if not (given := getattr(secrets, name)) or not given.get_secret_value().strip()
    ]


def _read(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.is_file() else None

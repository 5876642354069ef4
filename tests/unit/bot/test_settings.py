"""Settings: every problem at once, each with its key and the way out; secrets from variables or files, never shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.settings import Secrets, SettingsProblem, missing_secrets, read_secrets, read_settings

EXAMPLE = Path(__file__).parents[3] / "palovahti.example.toml"
GOOD = """
[shop]
name = "Nuotiopuoti"
[slack]
alert_channel = "C1"
contact_channel = "C2"
[facebook]
page_id = "104500000000001"
page_name = "Nuotiopuoti"
"""


def a_file(folder: Path, text: str) -> Path:
    path = folder / "palovahti.toml"
    path.write_text(text, encoding="utf-8")
    return path


def problems(folder: Path, text: str) -> list[str]:
    with pytest.raises(SettingsProblem) as raised:
        read_settings(a_file(folder, text))
    return raised.value.problems


def problem(folder: Path, text: str) -> str:
    [only] = problems(folder, text)
    return only


def test_the_example_is_complete_and_right() -> None:
    settings = read_settings(EXAMPLE)
    assert (settings.shop.name, settings.shop.languages, settings.shop.return_days) == (
        "Nuotiopuoti", ("fi", "sv", "en"), 30,
    )  # fmt: skip
    assert settings.x is not None
    assert settings.facebook is not None


def test_three_sections_are_enough(tmp_path: Path) -> None:
    settings = read_settings(a_file(tmp_path, GOOD))
    assert (settings.judge.name, settings.slack.door, settings.x) == ("onnx", "socket", None)


def test_everything_that_is_wrong_is_told_at_once(tmp_path: Path) -> None:
    told = problems(
        tmp_path,
        '[shop]\nname = ""\nretrun_days = 30\ntimezone = "Europe/Helsingfors"\n[slack]\nalert_channel = "C1"\n'
        '[facebook]\npage_id = "nuotiopuoti"\npage_name = "N"\ngraph_version = "v19.0"\npoll_seconds = "often"\n',
    )
    for words in (
        'shop.name = "" must not be empty',
        "shop.retrun_days is not a setting we know; check its spelling, or remove it",
        'shop.timezone = "Europe/Helsingfors" "Europe/Helsingfors" is not a time zone',
        "slack.contact_channel is missing; add it",
        'facebook.page_id = "nuotiopuoti" does not have the right form',
        "facebook.graph_version = \"v19.0\" must be one of 'v24.0', 'v25.0' or 'v26.0'",
        'facebook.poll_seconds = "often" must be a number',
    ):
        assert sum(words in sentence for sentence in told) == 1, words
    assert len(told) == 7
    assert all(str(tmp_path / "palovahti.toml") in sentence for sentence in told)


def test_a_sentence_says_what_the_setting_is_for(tmp_path: Path) -> None:
    assert problem(tmp_path, GOOD.replace('page_name = "Nuotiopuoti"\n', "")).endswith("It is: The Page's name.")


def test_a_token_pasted_into_the_file_is_refused_and_not_shown(tmp_path: Path) -> None:
    told = problem(tmp_path, GOOD.replace("[slack]", '[slack]\nbot_token = "xoxb-1-2"'))
    assert "slack.bot_token is not a setting we know" in told
    assert "xoxb" not in told


def test_broken_toml_is_told_with_its_line(tmp_path: Path) -> None:
    told = problem(tmp_path, '[shop]\nname = "Nuotiopuoti\n')
    assert "this is not valid TOML" in told
    assert "line 2" in told
    assert "Look for a missing quote" in told


@pytest.mark.parametrize("value", ["inf", "nan", "0", "-1"])
def test_a_pause_must_be_one(tmp_path: Path, value: str) -> None:
    assert "facebook.poll_seconds" in problem(tmp_path, GOOD + f"poll_seconds = {value}\n")


def test_without_a_source_there_is_nothing_to_do(tmp_path: Path) -> None:
    assert "no source is set. Add a section [x], [facebook] or [replay]" in problem(
        tmp_path, GOOD.split("[facebook]")[0]
    )


def test_a_missing_file_says_where_to_begin(tmp_path: Path) -> None:
    with pytest.raises(SettingsProblem, match=r"there is no such file\. Copy palovahti\.example\.toml to"):
        read_settings(tmp_path / "nothing.toml")


def test_a_file_in_another_encoding_is_told(tmp_path: Path) -> None:
    path = tmp_path / "palovahti.toml"
    path.write_bytes('[shop]\nname = "Härkä"'.encode("latin-1"))
    with pytest.raises(SettingsProblem, match="Save it as UTF-8"):
        read_settings(path)


def test_tokens_come_from_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PALOVAHTI_SLACK_BOT_TOKEN", "xoxb-1")
    secrets = read_secrets()
    assert secrets.slack_bot_token is not None
    assert secrets.slack_bot_token.get_secret_value() == "xoxb-1"
    assert "xoxb" not in repr(secrets)


def test_tokens_come_from_a_folder_and_lose_their_line_break(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "palovahti_facebook_page_token").write_text("EAAB1\n")
    monkeypatch.setenv("PALOVAHTI_SECRETS_DIR", str(tmp_path))
    monkeypatch.setenv("PALOVAHTI_SLACK_BOT_TOKEN", "xoxb-1")
    secrets = read_secrets()
    assert secrets.facebook_page_token is not None
    assert secrets.facebook_page_token.get_secret_value() == "EAAB1"
    assert secrets.slack_bot_token is not None


def test_a_secrets_folder_that_is_not_there_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PALOVAHTI_SECRETS_DIR", str(tmp_path / "none"))
    with pytest.raises(SettingsProblem, match=r"PALOVAHTI_SECRETS_DIR: .*none is not a folder"):
        read_secrets()


def test_every_missing_token_is_named_with_its_variable_and_file() -> None:
    told = missing_secrets(read_settings(EXAMPLE), Secrets())
    assert len(told) == 7
    assert told[0].startswith("PALOVAHTI_SLACK_BOT_TOKEN is not set. Put the token in that variable, or in a file")
    assert any("PALOVAHTI_SLACK_APP_TOKEN" in sentence for sentence in told)
    assert not any("SIGNING" in sentence for sentence in told)


def test_an_empty_token_is_no_token(tmp_path: Path) -> None:
    settings = read_settings(a_file(tmp_path, GOOD.replace("[slack]", '[slack]\ndoor = "http"')))
    told = missing_secrets(
        settings, Secrets(slack_bot_token="xoxb-1", slack_signing_secret=" ", facebook_page_token="")
    )
    assert [sentence.split()[0] for sentence in told] == [
        "PALOVAHTI_SLACK_SIGNING_SECRET", "PALOVAHTI_FACEBOOK_PAGE_TOKEN",
    ]  # fmt: skip

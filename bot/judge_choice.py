"""Which judge reads: the one that the settings name, unless the command line names another."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import make_url

from bot.settings import JudgeSettings, SettingsProblem, StoreSettings, read_judge_settings
from classifier.judges import load_judge
from classifier.judges.manifest import WeightsError
from classifier.judges.shop import FILE, read_shop_heads
from classifier.verdict import Judge


def judge_of(settings: JudgeSettings, store: StoreSettings | None = None) -> Judge:
    """The judge that the settings name, loaded; with a store, as the shop has taught it.

    Raises SettingsProblem, also when the model's folder cannot be used.
    """
    try:
        if settings.name == "onnx":
            shop = read_shop_heads(shop_file(store)) if store else None
            return load_judge("onnx", threads=settings.threads, shop=shop)
        if settings.name == "transformer":
            if settings.model is None:
                raise SettingsProblem(["judge.model is missing; the transformer judge needs the folder of your model."])
            return load_judge(
                "transformer", folder=settings.model, threads=settings.threads, labels=settings.labels or None
            )
        return load_judge(settings.name)
    except WeightsError as error:
        raise SettingsProblem([str(error)]) from error


def shop_file(store: StoreSettings) -> Path:
    """Where what the shop teaches its judge is kept: beside its store."""
    return Path(make_url(store.url).database or "").parent / FILE


def choose_judge(name: str | None, path: Path, *, needed: bool) -> JudgeSettings:
    """What `palovahti judge` reads with: the judge of that name, or else the one of the settings in `path`.

    Without a settings file, unless one is `needed`, it is the shipped judge.
    """
    if name in ("onnx", "lexicon"):
        return JudgeSettings.model_validate({"name": name})
    settings = read_judge_settings(path) if needed or path.exists() else JudgeSettings()
    if name == "transformer" and settings.model is None:
        raise SettingsProblem(
            [f"{path}: judge.model is missing; the transformer judge needs the folder of your model."]
        )
    return settings

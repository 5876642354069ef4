"""The documentation says what the code does."""

from __future__ import annotations

import re
import tomllib
from importlib.util import find_spec

import pytest

from bot.docs import DOCS, pages, verbs
from bot.settings import Settings, read_settings

ROOT = DOCS.parent


@pytest.mark.parametrize("name", sorted(pages()))
def test_a_page_made_from_code_is_up_to_date(name: str) -> None:
    assert (DOCS / name).read_text(encoding="utf-8") == pages()[name], "run `make docs`"


def test_the_example_settings_are_valid() -> None:
    assert read_settings(ROOT / "palovahti.example.toml").shop.name == "Nuotiopuoti"


def test_the_example_shows_every_setting_but_those_for_rehearsals() -> None:
    text = (ROOT / "palovahti.example.toml").read_text(encoding="utf-8")
    shown = tomllib.loads(re.sub(r"(?m)^# (\[|\w+ = )", r"\1", text))
    for section, field in Settings.model_fields.items():
        kinds = [field.annotation, *getattr(field.annotation, "__args__", ())]
        model = next(kind for kind in kinds if hasattr(kind, "model_fields"))
        wanted = set(model.model_fields) - {"api_base"} - ({"model"} if section == "judge" else set())
        tables = shown[section] if isinstance(shown[section], list) else [shown[section]]
        assert wanted <= {key for table in tables for key in table}, section


def test_every_command_is_in_the_readme() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [name for name, _, _ in verbs() if f"palovahti {name}" not in readme] == []


def test_no_link_between_our_pages_is_broken() -> None:
    broken = []
    for page in [*ROOT.glob("*.md"), *DOCS.rglob("*.md"), *(ROOT / "benchmarks").glob("*.md")]:
        for target in re.findall(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            if not (page.parent / target).exists():
                broken.append(f"{page.relative_to(ROOT)} -> {target}")
    assert broken == []


def test_no_page_or_module_leaves_work_undone() -> None:
    marks = re.compile(r"\b(TODO|FIXME|XXX)\b")
    left = [
        str(path.relative_to(ROOT))
        for folder in ("bot", "classifier", "listener", "models", "responders", "sandbox", "docs")
        for path in (ROOT / folder).rglob("*")
        if path.suffix in (".py", ".md", ".js", ".html", ".toml") and marks.search(path.read_text(encoding="utf-8"))
    ]
    assert left == []


def test_every_module_that_the_makefile_runs_can_be_run() -> None:
    ours = re.findall(r"python -m ((?:bot|classifier)[\w.]*)", (ROOT / "Makefile").read_text(encoding="utf-8"))
    assert ours
    for name in ours:
        spec = find_spec(name)
        assert spec is not None, name
        assert spec.submodule_search_locations is None or find_spec(f"{name}.__main__"), name

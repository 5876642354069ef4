"""The judges by name; each is imported on first use, so that a light one costs no heavy import."""

from importlib import import_module
from typing import cast

from classifier.verdict import Judge

JUDGES: dict[str, str] = {
    "onnx": "classifier.judges.onnx:OnnxJudge",
    "transformer": "classifier.judges.transformer:TransformerJudge",
    "lexicon": "classifier.judges.lexicon:LexiconJudge",
}


def load_judge(name: str, **options: object) -> Judge:
    """Return a ready judge; the options are the keyword arguments of its class.

    Raises ValueError for a name that is not in `JUDGES`.
    """
    if name not in JUDGES:
        raise ValueError(f"There is no judge called {name!r}: choose one of {', '.join(JUDGES)}.")
    module, _, attribute = JUDGES[name].partition(":")
    return cast(Judge, getattr(import_module(module), attribute)(**options))

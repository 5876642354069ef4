"""Which labels of somebody else's model stand for negative, neutral and positive."""

from collections.abc import Mapping, Sequence

from classifier.judges.manifest import WeightsError
from classifier.verdict import Label

HINT = 'Say in the settings which side each stands for: [judge.labels] LABEL_0 = "negative".'


def sides_of(names: Sequence[str], mapping: Mapping[str, Label] | None) -> dict[Label, list[int]]:
    """Return the places of the labels of each side; several may stand for one, and neutral may have none.

    Without a mapping the labels must be called negative, neutral and positive. Names are compared without case. Raises
    WeightsError with a sentence that names every label that is left over, on either hand.
    """
    given = {name.casefold(): side for name, side in (mapping or {side.value: side for side in Label}).items()}
    unmapped = [name for name in names if name.casefold() not in given]
    if unmapped:
        raise WeightsError(f"the model's {_listed(unmapped)} for no side. {HINT}")
    known = {name.casefold() for name in names}
    surplus = [name for name in mapping or {} if name.casefold() not in known]
    if surplus:
        raise WeightsError(f"judge.labels names {', '.join(surplus)}, but the model has only {', '.join(names)}.")
    places = {side: [place for place, name in enumerate(names) if given[name.casefold()] is side] for side in Label}
    for side in (Label.NEGATIVE, Label.POSITIVE):
        if not places[side]:
            raise WeightsError(f"none of the model's labels ({', '.join(names)}) stands for {side}. {HINT}")
    return places


def _listed(names: Sequence[str]) -> str:
    return f"label {names[0]} stands" if len(names) == 1 else f"labels {', '.join(names)} stand"

"""The shop's own correction to the shipped judge's heads, learnt from what its people put right; one file.

The network stays as it is. What is added to its logits is linear in the embedding that its own heads stand on, so the
file is small, says which weights it was made for, and is of no use beside others.
"""

import hashlib
import json
import logging
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np

from classifier.judges.calibration import LOGITS
from classifier.judges.manifest import Manifest
from classifier.judges.ngrams import Floats

logger = logging.getLogger(__name__)

FILE = "judge-shop.npz"
NETWORK = "model.onnx"


@dataclass(frozen=True)
class ShopHeads:
    """What the shop adds to each logit: `weight` (20, 384) times the embedding, and `bias` (20,)."""

    weight: Floats
    bias: Floats
    made_for: str  # version of the shipped judge
    network: str  # checksum of the network it stands on
    made_at: str  # ISO 8601, UTC
    corrections: int
    figures: Mapping[str, Any] = field(default_factory=dict)

    @property
    def version(self) -> str:
        """The version of the shipped judge with these heads: onnx-2.0.1+shop.2026-11-22."""
        return f"{self.made_for}+shop.{self.made_at[:10]}"

    def fits(self, manifest: Manifest) -> bool:
        """True for the very weights it was made for."""
        return self.made_for == manifest.version and self.network == manifest.files.get(NETWORK)

    def added(self, embedding: Floats) -> Floats:
        """Return what comes on top of the logits of one text."""
        on_top: Floats = self.weight @ embedding + self.bias
        return on_top

    def save(self, path: Path) -> None:
        """Write the file whole or not at all; an older one is replaced. Raises OSError."""
        said = {
            "made_for": self.made_for,
            "network": self.network,
            "made_at": self.made_at,
            "corrections": self.corrections,
            "figures": dict(self.figures),
            "checksum": _checksum(self.weight, self.bias),
        }
        manifest = np.frombuffer(json.dumps(said).encode("utf-8"), np.uint8)
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(path.name + ".part")
        try:
            with part.open("wb") as file:
                np.savez(file, weight=self.weight, bias=self.bias, manifest=manifest)
                file.flush()
                os.fsync(file.fileno())
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)


def read_shop_heads(path: Path) -> ShopHeads | None:
    """Return what the shop has taught its judge, or None when there is no file or (with a log line) it is damaged."""
    if not path.exists():
        return None
    try:
        return _read(path)
    except (OSError, ValueError, KeyError, TypeError, EOFError, BadZipFile) as error:
        logger.warning("shop heads left aside file=%s why=damaged error=%s", path.name, type(error).__name__)
        return None


def _read(path: Path) -> ShopHeads:
    with path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
        weight, bias = stored["weight"], stored["bias"]
        said = json.loads(stored["manifest"].tobytes().decode("utf-8"))
    if weight.ndim != 2 or weight.shape[0] != LOGITS or bias.shape != (LOGITS,):
        raise ValueError("of another form")
    if said.pop("checksum") != _checksum(weight, bias):
        raise ValueError("changed or cut short")
    return ShopHeads(weight, bias, **said)


def _checksum(weight: Floats, bias: Floats) -> str:
    return hashlib.sha256(weight.tobytes() + bias.tobytes()).hexdigest()

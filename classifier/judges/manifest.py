"""What a folder of weights says of itself, checked before anything is loaded from it."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from classifier.judges.calibration import Calibration

FILE = "manifest.json"
WEIGHTS = Path(__file__).parents[1] / "weights"


class WeightsError(ValueError):
    """The folder of weights is incomplete or was changed; the message names the file and the way out."""


@dataclass(frozen=True)
class Manifest:
    """Version, checksums and measured figures of a folder of weights."""

    version: str
    files: dict[str, str]  # name -> sha256
    max_tokens: int
    calibration: Calibration


def read_manifest(folder: Path) -> Manifest:
    """Return the manifest after comparing every file's checksum with it."""
    path = folder / FILE
    if not path.exists():
        raise WeightsError(f"There are no weights in {folder}: {FILE} is missing. Restore the folder or name another.")
    try:
        read = json.loads(path.read_text(encoding="utf-8"))
        manifest = Manifest(
            version=read["version"],
            files=read["files"],
            max_tokens=read["max_tokens"],
            calibration=Calibration(**read["calibration"]),
        )
    except (ValueError, KeyError, TypeError) as error:
        raise WeightsError(f"{path} cannot be read ({error}): restore it from the release.") from error
    for name, expected in manifest.files.items():
        check(folder / name, expected)
    return manifest


def check(path: Path, expected: str) -> None:
    """Raise WeightsError unless the file is there, unchanged."""
    if not path.exists():
        raise WeightsError(f"{path} is missing: restore it from the release, or export the weights again.")
    found = sha256_of(path)
    if found != expected:
        raise WeightsError(
            f"{path} has checksum {found[:12]}, but {FILE} says {expected[:12]}: "
            "the file was changed or cut short. Restore it from the release, or export the weights again."
        )


def sha256_of(path: Path) -> str:
    """Return the checksum of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()

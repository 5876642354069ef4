"""A shipped file as a network to train on: `python -m classifier.training.restore --out RUN/final`.

`artefact.py` backwards: the 8-bit weights become numbers again. What rounding lost stays lost: the network says what
the file says, but for the rounding of what flows between its maps. Where the weights of a run are kept, go on from
those.
"""

import argparse
import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from tokenizers import Tokenizer
from torch import nn
from transformers import BertConfig, BertModel

from classifier.judges.manifest import WEIGHTS, read_manifest
from classifier.judges.ngrams import FILE as NGRAMS
from classifier.judges.ngrams import Floats
from classifier.training.model import HEADS, JudgeNet
from classifier.training.train import HISTORY, read_trained

Kept = dict[str, Floats]
ATTENTION = "MultiHeadAttention"


def main() -> None:
    """Read the arguments and restore."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--weights", type=Path, default=WEIGHTS, help="folder of shipped weights")
    parser.add_argument("--out", type=Path, required=True, help="`final` folder to write, for --start of the training")
    options = parser.parse_args()
    restore(options.weights, options.out)


def restore(weights: Path, out: Path) -> None:
    """Write network, tokenizer, letter patterns and history; raises WeightsError on changed files."""
    manifest = read_manifest(weights)
    net = read_onnx(weights / "model.onnx")
    out.mkdir(parents=True, exist_ok=True)
    net.save(out)
    Tokenizer.from_file(str(weights / "tokenizer.json")).save(str(out / "tokenizer.json"))
    shutil.copy(weights / NGRAMS, out / NGRAMS)
    history = [*read_trained(weights), {"restored_from": manifest.version, "minutes": 0}]
    (out / HISTORY).write_text(json.dumps(history, indent=1) + "\n", encoding="utf-8")


def read_onnx(path: Path) -> JudgeNet:
    """Return the network of a file that `write_onnx` wrote."""
    graph = onnx.load(path).graph
    kept: Kept = {one.name: numpy_helper.to_array(one) for one in graph.initializer}
    attention = next(node for node in graph.node if node.op_type == ATTENTION)
    norm = next(node for node in graph.node if node.op_type == "LayerNormalization")
    pieces, width = kept["table"].shape
    config = BertConfig(
        vocab_size=pieces,
        hidden_size=width,
        num_hidden_layers=sum(node.op_type == ATTENTION for node in graph.node),
        num_attention_heads=_option(attention, "num_heads"),
        intermediate_size=kept["layer0.widen"].shape[1],
        max_position_embeddings=len(kept["places"]),
        type_vocab_size=1,
        layer_norm_eps=_option(norm, "epsilon"),
        pad_token_id=1,
        hidden_act="gelu",
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
    )
    encoder = BertModel(config, add_pooling_layer=False)
    encoder.set_attn_implementation("eager")
    state = _embeddings(kept)
    for number in range(config.num_hidden_layers):
        mine = f"encoder.layer.{number}."
        state |= {mine + name: values for name, values in _layer(kept, f"layer{number}").items()}
    missing, unexpected = encoder.load_state_dict(state, strict=False)
    if unexpected or any(not name.endswith("_ids") for name in missing):
        raise ValueError(f"{path} does not fill the encoder: missing {missing}, unexpected {unexpected}.")
    net = JudgeNet(encoder)
    _fill_heads(net, kept)
    return net.eval()


def _embeddings(kept: Kept) -> dict[str, torch.Tensor]:
    """Places and the one type of text are summed in the file; they stay summed."""
    return {
        "embeddings.word_embeddings.weight": _tensor(kept["table"] * kept["table.scale"]),
        "embeddings.position_embeddings.weight": _tensor(kept["places"]),
        "embeddings.token_type_embeddings.weight": torch.zeros(1, kept["places"].shape[1]),
        **_norm("embeddings.LayerNorm", kept, "norm"),
    }


def _layer(kept: Kept, name: str) -> dict[str, torch.Tensor]:
    attention = f"{name}.attention"
    query_bias, key_bias, value_bias = np.split(kept[f"{attention}.bias"], 3)
    linear = {
        "attention.self.query": (f"{attention}.query", query_bias),
        "attention.self.key": (f"{attention}.key", key_bias),
        "attention.self.value": (f"{attention}.value", value_bias),
        "attention.output.dense": (f"{name}.project", kept[f"{name}.project.bias"]),
        "intermediate.dense": (f"{name}.widen", kept[f"{name}.widen.bias"]),
        "output.dense": (f"{name}.narrow", kept[f"{name}.narrow.bias"]),
    }
    state = {f"{at}.weight": _tensor(_whole(kept, map).T) for at, (map, _) in linear.items()}
    state |= {f"{at}.bias": _tensor(bias) for at, (_, bias) in linear.items()}
    state |= _norm("attention.output.LayerNorm", kept, f"{name}.norm")
    return state | _norm("output.LayerNorm", kept, f"{name}.last_norm")


def _fill_heads(net: JudgeNet, kept: Kept) -> None:
    weights = np.split(kept["heads.weight"], np.cumsum(list(HEADS.values()))[:-1])
    biases = np.split(kept["heads.bias"], np.cumsum(list(HEADS.values()))[:-1])
    for name, weight, bias in zip(HEADS, weights, biases, strict=True):
        head = net.heads[name]
        assert isinstance(head, nn.Linear)
        head.load_state_dict({"weight": _tensor(weight), "bias": _tensor(bias)})


def _whole(kept: Kept, name: str) -> Floats:
    values: Floats = kept[name].astype(np.float32) * kept[f"{name}.scale"]
    return values


def _norm(at: str, kept: Kept, name: str) -> dict[str, torch.Tensor]:
    return {f"{at}.weight": _tensor(kept[f"{name}.weight"]), f"{at}.bias": _tensor(kept[f"{name}.bias"])}


def _tensor(values: Floats) -> torch.Tensor:
    return torch.from_numpy(np.array(values, np.float32))


def _option(node: onnx.NodeProto, name: str) -> Any:
    return onnx.helper.get_attribute_value(next(one for one in node.attribute if one.name == name))


if __name__ == "__main__":
    main()

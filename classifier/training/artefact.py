"""The network as it ships: plain BERT arithmetic in 8 bits, written as one ONNX file.

Every large matrix product is of whole numbers. The embedding keeps one scale a row, a linear map one for each number it
gives, and what flows into a map is brought to whole numbers when a text is judged, with a scale for each token (Yao et
al. 2022, "ZeroQuant"). So texts that share a run leave each other's verdicts alone, to the last bit, and the few values
twenty times larger than all others that BERT has (Bondarenko et al. 2021, "Understanding and Overcoming the Challenges
of Efficient Transformer Quantization") take bits from their own token only.

Texts that share a run have as many tokens each, so nothing is padded and there is no mask. The states have two axes,
not three: ONNX Runtime would join Add and LayerNormalization otherwise, which is slower.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from torch import nn
from transformers.models.bert.modeling_bert import BertLayer

from classifier.judges.ngrams import Floats
from classifier.training.model import HEADS, JudgeNet

LONGEST = 256
HIGHEST = 90
"""Weights go from -90 to 90, and what they are multiplied with from 0 to 180. Processors without VNNI instructions add
two such products in 16 bits, where 2 x 90 x 180 has room; with every step that 8 bits have they would clip, and the
verdict hang on the machine."""
MIDDLE, LOW = 90, 9
"""What nought is sent as: to most maps, and behind the activation, which goes no lower than DEEPEST."""
DEEPEST = 0.17
CONTRIB = "com.microsoft"


def write_onnx(net: JudgeNet, path: Path) -> None:
    """Write the 8-bit ONNX file of a trained network.

    `input_ids`, shape (texts, tokens), in; `logits`, (texts, 20), and `sentence`, each text's mean state, out.
    """
    net.eval()
    encoder, graph = net.encoder, Graph()
    states = _embed(graph, encoder.embeddings)
    for number, layer in enumerate(encoder.encoder.layer):
        states = _layer(graph, f"layer{number}", cast(BertLayer, layer), states, encoder.config.num_attention_heads)
    _mean(graph, states)
    heads = [cast(nn.Linear, net.heads[name]) for name in HEADS]
    weight = graph.keep("heads.weight", np.concatenate([_of(one.weight) for one in heads]))
    bias = graph.keep("heads.bias", np.concatenate([_of(one.bias) for one in heads]))
    said = graph.add("Squeeze", graph.add("MatMul", weight, graph.add("Unsqueeze", "sentence", "third")), "third")
    graph.add("Add", said, bias, out=("logits",))
    inputs = [helper.make_tensor_value_info("input_ids", TensorProto.INT64, ["texts", "tokens"])]
    outputs = [
        helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["texts", sum(HEADS.values())]),
        helper.make_tensor_value_info("sentence", TensorProto.FLOAT, ["texts", encoder.config.hidden_size]),
    ]
    whole = helper.make_graph(graph.nodes, "judge", inputs, outputs, list(graph.kept.values()))
    versions = [helper.make_opsetid("", 18), helper.make_opsetid(CONTRIB, 1)]
    onnx.save(helper.make_model(whole, opset_imports=versions, ir_version=10), path)


@dataclass(frozen=True)
class Sent:
    """States in whole numbers: names of the values, of what nought became, and of the scales, one a token."""

    values: str
    zero: str
    scales: str


@dataclass
class Graph:
    """The nodes and constants of an ONNX graph that grows from its input on."""

    nodes: list[onnx.NodeProto] = field(default_factory=list)
    kept: dict[str, onnx.TensorProto] = field(default_factory=dict)

    def keep(self, name: str, values: NDArray[Any] | np.generic) -> str:
        """Add a constant and return its name; a name stands for one constant."""
        tensor = numpy_helper.from_array(np.ascontiguousarray(values).reshape(np.shape(values)), name)
        if self.kept.setdefault(name, tensor) != tensor:
            raise ValueError(f"Two constants are called {name}.")
        return name

    def add(self, operator: str, *inputs: str, out: tuple[str, ...] = (), domain: str = "", **options: Any) -> str:
        """Add a node and return the name of its first output."""
        out = out or (f"{operator}{len(self.nodes)}",)
        self.nodes.append(helper.make_node(operator, inputs, out, domain=domain, **options))
        return out[0]

    def norm(self, name: str, states: str, norm: nn.LayerNorm) -> str:
        """Add a layer norm."""
        weight, bias = self.keep(f"{name}.weight", _of(norm.weight)), self.keep(f"{name}.bias", _of(norm.bias))
        return self.add("LayerNormalization", states, weight, bias, axis=-1, epsilon=norm.eps)

    def by_token(self, states: str) -> str:
        """Put the tokens of all texts in one row."""
        return self.add("Reshape", states, "row")

    def by_text(self, states: str) -> str:
        """Put each text's tokens in a row of their own again."""
        return self.add("Reshape", states, "rows")

    def send(self, states: str) -> Sent:
        """Bring states to whole numbers around MIDDLE; each token's largest reaches an end."""
        size = self.add("ReduceMax", self.add("Abs", states), self.keep("last", np.array([-1])), keepdims=0)
        scales = self.add("Mul", size, self.keep("step", np.float32(1 / HIGHEST)))
        return self._sent(states, scales, "middle")

    def send_activated(self, states: str) -> Sent:
        """Bring what an activation gave to whole numbers, most of which are for what lies above nought."""
        size = self.add("ReduceMax", states, self.keep("last", np.array([-1])), keepdims=0)
        steps = self.add("Mul", size, self.keep("activated.step", np.float32(1 / (2 * HIGHEST - LOW))))
        scales = self.add("Max", steps, self.keep("activated.least", np.float32(DEEPEST / LOW)))
        return self._sent(states, scales, "low")

    def _sent(self, states: str, scales: str, zero: str) -> Sent:
        values = self.add("QuantizeLinear", states, scales, f"{zero}.each", axis=0)
        return Sent(values, zero, self.add("Unsqueeze", scales, self.keep("second", np.array([1]))))

    def linear(self, name: str, sent: Sent, weight: Floats) -> str:
        """Add a linear map without its bias, with weights in 8 bits, given as (from, to)."""
        scale = (np.maximum(np.abs(weight).max(0), 1e-8) / HIGHEST).astype(np.float32)
        small, scales = self.keep(name, np.round(weight / scale).astype(np.int8)), self.keep(f"{name}.scale", scale)
        unit = self.keep("unit", np.float32(1))
        said = self.add("MatMulIntegerToFloat", sent.values, small, unit, scales, sent.zero, domain=CONTRIB)
        return self.add("Mul", said, sent.scales)


def _embed(graph: Graph, embeddings: Any) -> str:
    table = _of(embeddings.word_embeddings.weight)
    scale = np.maximum(np.abs(table).max(1, keepdims=True), 1e-8) / 127
    places = _of(embeddings.position_embeddings.weight + embeddings.token_type_embeddings.weight[0])[:LONGEST]
    rows = graph.add("Gather", graph.keep("table", np.round(table / scale).astype(np.int8)), "input_ids")
    sizes = graph.add("Gather", graph.keep("table.scale", scale), "input_ids")
    states = graph.add("Mul", graph.add("Cast", rows, to=TensorProto.FLOAT), sizes)
    shape, first, second = graph.add("Shape", "input_ids"), graph.keep("first", np.array([0])), np.array([1])
    graph.add("Slice", shape, graph.keep("second", second), graph.keep("third", np.array([2])), first, out=("tokens",))
    here = graph.add("Slice", graph.keep("places", places), first, "tokens", first)
    graph.add("Concat", shape, graph.keep("last", np.array([-1])), out=("rows",), axis=0)
    graph.keep("row", np.array([-1, table.shape[1]]))
    count = graph.add("ReduceProd", shape, keepdims=1)
    for name, zero in (("middle", MIDDLE), ("low", LOW)):
        graph.add("Expand", graph.keep(name, np.uint8(zero)), count, out=(f"{name}.each",))
    return graph.norm("norm", graph.by_token(graph.add("Add", states, here)), embeddings.LayerNorm)


def _mean(graph: Graph, states: str) -> None:
    """Add each text's mean state, as a product: how a sum over texts is rounded would hang on how many there are."""
    share = graph.add("Reciprocal", graph.add("Cast", "tokens", to=TensorProto.FLOAT))
    shares = graph.add("Expand", share, graph.add("Concat", "second", "tokens", axis=0))
    graph.add("Squeeze", graph.add("MatMul", shares, graph.by_text(states)), "second", out=("sentence",))


def _layer(graph: Graph, name: str, layer: BertLayer, states: str, heads: int) -> str:
    attention, widen, narrow = layer.attention, layer.intermediate.dense, layer.output.dense
    mixed = _attend(graph, f"{name}.attention", attention.self, states, heads)
    said = graph.linear(f"{name}.project", graph.send(mixed), _of(attention.output.dense.weight).T)
    states = _added(graph, f"{name}.project.bias", states, said, attention.output.dense.bias)
    states = graph.norm(f"{name}.norm", states, attention.output.LayerNorm)
    wide = graph.linear(f"{name}.widen", graph.send(states), _of(widen.weight).T)
    wide = graph.add("FastGelu", wide, graph.keep(f"{name}.widen.bias", _of(widen.bias)), domain=CONTRIB)
    said = graph.linear(f"{name}.narrow", graph.send_activated(wide), _of(narrow.weight).T)
    states = _added(graph, f"{name}.narrow.bias", states, said, narrow.bias)
    return graph.norm(f"{name}.last_norm", states, layer.output.LayerNorm)


def _attend(graph: Graph, name: str, maps: Any, states: str, heads: int) -> str:
    """Add self-attention with its query, key and value maps."""
    sent = graph.send(states)
    three = {"query": maps.query, "key": maps.key, "value": maps.value}
    asked = [graph.by_text(graph.linear(f"{name}.{one}", sent, _of(map.weight).T)) for one, map in three.items()]
    bias = graph.keep(f"{name}.bias", np.concatenate([_of(map.bias) for map in three.values()]))
    return graph.by_token(graph.add("MultiHeadAttention", *asked, bias, domain=CONTRIB, num_heads=heads))


def _added(graph: Graph, name: str, states: str, said: str, bias: torch.Tensor) -> str:
    return graph.add("Add", states, graph.add("Add", said, graph.keep(name, _of(bias))))


def _of(tensor: torch.Tensor) -> Floats:
    values: Floats = tensor.detach().numpy().astype(np.float32)
    return values

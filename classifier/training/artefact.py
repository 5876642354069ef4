"""The network as it ships: plain BERT arithmetic with 8-bit weights, written as one ONNX file.

The embedding keeps one scale per row, the linear maps one per column; what flows into a map is brought to 8 bits when a
text is judged, with one scale for the whole text. BERT has a few values twenty times larger than all others (Bondarenko
et al. 2021, "Understanding and Overcoming the Challenges of Efficient Transformer Quantization"), which would leave
the rest three bits. So the loudest units of each feed-forward layer stay in 32 bits, and other loud columns hand part
of their size to the weights behind them (Xiao et al. 2022, "SmoothQuant"); neither changes what the network computes.

The states have two axes, not three: ONNX Runtime would join Add and LayerNormalization otherwise, which is slower.
There is no padding mask: the judge runs one text at a time.
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
LOUD = 4  # units of a feed-forward layer that stay in 32 bits
TOP = 64
"""Weights keep 7 of their 8 bits: processors without VNNI instructions overflow otherwise, and the verdict must not
hang on the machine."""
START, END = 0, 2  # what stands around every text
FAINT = 1e-4  # columns that are as good as silent count as this loud
CONTRIB = "com.microsoft"


def write_onnx(net: JudgeNet, path: Path) -> None:
    """Write the 8-bit ONNX file of a trained network: `input_ids` in, `logits` and `sentence` (the mean state) out."""
    net.eval()
    encoder, graph = net.encoder, Graph()
    states = _embed(graph, encoder.embeddings)
    layers = [cast(BertLayer, one) for one in encoder.encoder.layer]
    for number, (layer, peaks) in enumerate(zip(layers, _measure(net, layers), strict=True)):
        states = _layer(graph, f"layer{number}", layer, peaks, states, encoder.config.num_attention_heads)
    graph.add("ReduceMean", states, graph.keep("texts", np.array([0])), out=("sentence",), keepdims=1)
    heads = [cast(nn.Linear, net.heads[name]) for name in HEADS]
    weight = graph.keep("heads.weight", np.concatenate([_of(one.weight) for one in heads]))
    bias = graph.keep("heads.bias", np.concatenate([_of(one.bias) for one in heads]))
    graph.add("Gemm", "sentence", weight, bias, out=("logits",), transB=1)
    inputs = [helper.make_tensor_value_info("input_ids", TensorProto.INT64, [1, "length"])]
    outputs = [
        helper.make_tensor_value_info("logits", TensorProto.FLOAT, [1, sum(HEADS.values())]),
        helper.make_tensor_value_info("sentence", TensorProto.FLOAT, [1, encoder.config.hidden_size]),
    ]
    whole = helper.make_graph(graph.nodes, "judge", inputs, outputs, list(graph.kept.values()))
    versions = [helper.make_opsetid("", 18), helper.make_opsetid(CONTRIB, 1)]
    onnx.save(helper.make_model(whole, opset_imports=versions, ir_version=10), path)


@dataclass
class Graph:
    """The nodes and constants of an ONNX graph that grows from its input on."""

    nodes: list[onnx.NodeProto] = field(default_factory=list)
    kept: dict[str, onnx.TensorProto] = field(default_factory=dict)

    def keep(self, name: str, values: NDArray[Any]) -> str:
        """Add a constant and return its name."""
        self.kept[name] = numpy_helper.from_array(np.ascontiguousarray(values), name)
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

    def keep_small(self, name: str, weight: Floats) -> tuple[str, str, str]:
        """Add a matrix in 8 bits, one scale per column, and return the names of its values, scales and zeros."""
        scale = np.maximum(np.abs(weight).max(0), 1e-8) / TOP
        values = np.round(weight / scale).astype(np.int8)
        zeros = np.zeros(len(scale), np.int8)
        return self.keep(name, values), self.keep(f"{name}.scale", scale), self.keep(f"{name}.zero", zeros)

    def linear(self, name: str, states: str, weight: Floats, bias: Floats) -> str:
        """Add a linear map with weights in 8 bits, given as (from, to)."""
        small, bits = self.keep_small(name, weight), self.keep(f"{name}.bias", bias)
        return self.add("DynamicQuantizeMatMul", states, *small, bits, domain=CONTRIB)


@dataclass(frozen=True)
class Peaks:
    """The largest size that each column took before three linear maps of a layer."""

    project: Floats
    widen: Floats
    narrow: Floats


def _embed(graph: Graph, embeddings: Any) -> str:
    table = _of(embeddings.word_embeddings.weight)
    scale = np.maximum(np.abs(table).max(1, keepdims=True), 1e-8) / 127
    places = _of(embeddings.position_embeddings.weight + embeddings.token_type_embeddings.weight[0])[:LONGEST]
    ids = graph.add("Reshape", "input_ids", graph.keep("flat", np.array([-1])))
    rows = graph.add("Gather", graph.keep("table", np.round(table / scale).astype(np.int8)), ids)
    sizes = graph.add("Gather", graph.keep("table.scale", scale), ids)
    states = graph.add("Mul", graph.add("Cast", rows, to=TensorProto.FLOAT), sizes)
    zero = graph.keep("zero", np.array([0]))
    here = graph.add("Slice", graph.keep("places", places), zero, graph.add("Shape", ids), zero)
    return graph.norm("norm", graph.add("Add", states, here), embeddings.LayerNorm)


def _layer(graph: Graph, name: str, layer: BertLayer, peaks: Peaks, states: str, heads: int) -> str:
    attention, project = layer.attention, _of(layer.attention.output.dense.weight).T
    calm = _smoothing(peaks.project, project)
    mixed = _attend(graph, f"{name}.attention", attention.self, calm, states, heads)
    said = graph.linear(f"{name}.project", mixed, project * calm[:, None], _of(attention.output.dense.bias))
    states = graph.norm(f"{name}.norm", graph.add("Add", states, said), attention.output.LayerNorm)
    widen, widen_bias = _of(layer.intermediate.dense.weight).T.copy(), _of(layer.intermediate.dense.bias).copy()
    narrow = _of(layer.output.dense.weight).T.copy()
    calm = _smoothing(peaks.widen, widen)
    loud = np.sort(np.argsort(-peaks.narrow, kind="stable")[:LOUD])
    wide = graph.add(
        "Gemm", states, graph.keep(f"{name}.loud", widen[:, loud]), graph.keep(f"{name}.loud.bias", widen_bias[loud])
    )
    wide = graph.add("Gelu", wide, domain=CONTRIB)
    kept = graph.add("Gemm", wide, graph.keep(f"{name}.loud.narrow", narrow[loud]), states)
    widen[:, loud], widen_bias[loud], narrow[loud] = 0, 0, 0
    quiet = graph.add("Mul", states, graph.keep(f"{name}.calm", 1 / calm))
    wide = graph.linear(f"{name}.widen", quiet, widen * calm[:, None], widen_bias)
    wide = graph.add("Gelu", wide, domain=CONTRIB)
    said = graph.linear(f"{name}.narrow", wide, narrow, _of(layer.output.dense.bias))
    return graph.norm(f"{name}.last_norm", graph.add("Add", kept, said), layer.output.LayerNorm)


def _attend(graph: Graph, name: str, maps: Any, calm: Floats, states: str, heads: int) -> str:
    """Add self-attention with its query, key and value maps; the values come out divided by `calm`."""
    weight = np.concatenate([_of(maps.query.weight), _of(maps.key.weight), _of(maps.value.weight) / calm[:, None]]).T
    bias = np.concatenate([_of(maps.query.bias), _of(maps.key.bias), _of(maps.value.bias) / calm])
    values, scales, zeros = graph.keep_small(name, weight)
    sent, scale, zero = (f"{name}.sent", f"{name}.sent.scale", f"{name}.sent.zero")
    graph.add("DynamicQuantizeLinear", states, out=(sent, scale, zero))
    sent = graph.add("Reshape", sent, graph.keep("three", np.array([1, -1, len(calm)])))
    bits = graph.keep(f"{name}.bias", bias)
    mixed = graph.add("QAttention", sent, values, bits, scale, scales, "", zero, zeros, domain=CONTRIB, num_heads=heads)
    return graph.add("Reshape", mixed, graph.keep("two", np.array([-1, len(calm)])))


def _measure(net: JudgeNet, layers: list[BertLayer]) -> list[Peaks]:
    """Return the peaks of each layer over texts of random tokens: the loud columns are the same in any text."""
    random = np.random.RandomState(5)
    found: dict[nn.Module, Floats] = {}

    def look(module: nn.Module, given: tuple[torch.Tensor, ...], _: object) -> None:
        sizes = given[0][0].abs().amax(0).numpy()
        found[module] = np.maximum(found[module], sizes) if module in found else sizes

    maps = [(one.attention.output.dense, one.intermediate.dense, one.output.dense) for one in layers]
    hooks = [module.register_forward_hook(look) for three in maps for module in three]
    with torch.no_grad():
        for _ in range(100):
            ids = torch.tensor([[START, *random.randint(END + 1, net.encoder.config.vocab_size, 24), END]])
            net(ids, torch.ones_like(ids))
    for hook in hooks:
        hook.remove()
    return [Peaks(*(found[module] for module in three)) for three in maps]


def _smoothing(peaks: Floats, weight: Floats) -> Floats:
    """Return what to divide each incoming column by, so that it is as loud as the weights behind it."""
    ratio = np.log(np.maximum(peaks, FAINT)) - np.log(np.maximum(np.abs(weight).max(1), FAINT))
    shares: Floats = np.exp((ratio - ratio.mean()) / 2).astype(np.float32)
    return shares


def _of(tensor: torch.Tensor) -> Floats:
    values: Floats = tensor.detach().numpy().astype(np.float32)
    return values

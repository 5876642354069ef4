"""The network as it ships: plain BERT arithmetic with 8-bit weights, written as one ONNX file.

The embedding keeps one scale per row, the linear maps one per column (ONNX Runtime's dynamic quantisation). Attention
and layer norm are the formulas of Devlin et al. 2019. There is no padding mask: the judge runs one text at a time.
"""

import math
from pathlib import Path
from typing import cast

import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import nn
from torch.nn import functional
from transformers.models.bert.modeling_bert import BertLayer

from classifier.training.model import HEADS, JudgeNet

LONGEST = 256


class ShippedNet(nn.Module):
    """Computes what JudgeNet computes, with the query, key and value maps joined and the embedding in 8 bits."""

    table: torch.Tensor
    scale: torch.Tensor
    places: torch.Tensor

    def __init__(self, net: JudgeNet) -> None:
        super().__init__()
        config, embeddings = net.encoder.config, net.encoder.embeddings
        table = embeddings.word_embeddings.weight.detach().clone()
        scale = table.abs().amax(1, keepdim=True).clamp_min(1e-8) / 127
        self.register_buffer("table", (table / scale).round().to(torch.int8))
        self.register_buffer("scale", scale)
        places = embeddings.position_embeddings.weight + embeddings.token_type_embeddings.weight[0]
        self.register_buffer("places", places.detach()[:LONGEST].clone())
        self.norm = embeddings.LayerNorm
        heads_count = config.num_attention_heads
        layers = [ShippedLayer(cast(BertLayer, one), heads_count) for one in net.encoder.encoder.layer]
        self.layers = nn.ModuleList(layers)
        self.out = nn.Linear(config.hidden_size, sum(HEADS.values()))
        heads = [cast(nn.Linear, net.heads[name]) for name in HEADS]
        with torch.no_grad():
            self.out.weight.copy_(torch.cat([one.weight for one in heads]))
            self.out.bias.copy_(torch.cat([one.bias for one in heads]))

    def forward(self, input_ids: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Return the logits of all heads side by side and the mean of the token states, for texts of equal length."""
        rows = functional.embedding(input_ids, self.table)
        states = rows.to(torch.float32) * functional.embedding(input_ids, self.scale)
        states = self.norm(states + self.places[: input_ids.shape[1]])
        for layer in self.layers:
            states = layer(states)
        pooled = states.mean(1)
        return self.out(pooled), pooled


class ShippedLayer(nn.Module):
    """One encoder layer."""

    def __init__(self, layer: BertLayer, heads: int) -> None:
        super().__init__()
        attention = layer.attention
        maps = (attention.self.query, attention.self.key, attention.self.value)
        self.heads = heads
        width = maps[0].weight.shape[0]
        self.joined = nn.Linear(width, 3 * width)
        with torch.no_grad():
            self.joined.weight.copy_(torch.cat([one.weight for one in maps]))
            self.joined.bias.copy_(torch.cat([one.bias for one in maps]))
        self.project, self.norm = attention.output.dense, attention.output.LayerNorm
        self.widen, self.narrow = layer.intermediate.dense, layer.output.dense
        self.last_norm = layer.output.LayerNorm

    def forward(self, states: torch.Tensor) -> torch.Tensor:
        """Self-attention and feed-forward, each with its residual and norm."""
        batch, length, width = states.shape
        joined = self.joined(states).view(batch, length, 3, self.heads, width // self.heads).permute(2, 0, 3, 1, 4)
        query, key, value = joined[0], joined[1], joined[2]
        scores = query @ key.transpose(-1, -2) / math.sqrt(width // self.heads)
        mixed = (scores.softmax(-1) @ value).transpose(1, 2).reshape(batch, length, width)
        states = self.norm(states + self.project(mixed))
        output: torch.Tensor = self.last_norm(states + self.narrow(functional.gelu(self.widen(states))))
        return output


def write_onnx(net: JudgeNet, path: Path) -> None:
    """Write the 8-bit ONNX file of a trained network.

    Weights keep 7 of their 8 bits (`reduce_range`): processors without VNNI instructions overflow otherwise, and the
    verdict must not hang on the machine.
    """
    shipped = ShippedNet(net.eval()).eval()
    whole = path.with_suffix(".fp32.onnx")
    torch.onnx.export(
        shipped,
        (torch.randint(5, 100, (1, 17)),),
        str(whole),
        input_names=["input_ids"],
        output_names=["logits", "sentence"],
        dynamic_shapes={"input_ids": {1: torch.export.Dim("length", max=LONGEST)}},
        dynamo=True,
        external_data=False,
        verbose=False,
    )
    graph = onnx.load(whole)
    del graph.graph.value_info[:]  # shapes noted for the unquantised graph, which the quantiser would trip over
    onnx.save(graph, whole)
    quantize_dynamic(
        whole, path, per_channel=True, reduce_range=True, weight_type=QuantType.QInt8, op_types_to_quantize=["MatMul"]
    )
    whole.unlink()
    _forget_where(path)


def _forget_where(path: Path) -> None:
    """Takes out what the exporter noted for debugging: the stack traces of the machine that built the file."""
    model = onnx.load(path)
    for part in (
        model,
        model.graph,
        *model.graph.node,
        *model.graph.initializer,
        *model.graph.input,
        *model.graph.output,
    ):
        part.doc_string = ""
        del part.metadata_props[:]
    onnx.save(model, path)

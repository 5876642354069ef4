"""The network: the encoder, mean pooling, and a linear head each for sentiment, arousal, reasons and flags.

Mean pooling is how e5 was trained (Wang et al. 2024); a further head is one more entry in `HEADS`.
"""

from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import nn
from transformers import BertModel

from classifier.verdict import ContactReason, RiskFlag

HEADS = {"sentiment": 3, "arousal": 1, "reasons": len(ContactReason), "flags": len(RiskFlag)}


class JudgeNet(nn.Module):
    """Token ids in, one row of logits out: negative, neutral, positive, arousal, reasons, flags."""

    def __init__(self, encoder: BertModel) -> None:
        super().__init__()
        self.encoder = encoder
        self.heads = nn.ModuleDict({name: nn.Linear(encoder.config.hidden_size, size) for name, size in HEADS.items()})

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        """Return the logits of all heads side by side, in the order of `HEADS`."""
        states = self.encoder(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        mask = attention_mask.unsqueeze(-1).to(states.dtype)
        pooled = (states * mask).sum(1) / mask.sum(1)
        return torch.cat([self.heads[name](pooled) for name in HEADS], dim=-1)

    def save(self, folder: Path) -> None:
        """Write a Hugging Face folder of the encoder, with the heads in a file of their own beside it."""
        self.encoder.save_pretrained(folder)
        save_file(self.heads.state_dict(), folder / "heads.safetensors")

    @classmethod
    def load(cls, folder: Path) -> "JudgeNet":
        """Return the network written by `save`; a head that the folder does not have starts anew."""
        encoder = BertModel.from_pretrained(
            folder, add_pooling_layer=False, attn_implementation="eager", local_files_only=True
        )
        net = cls(encoder)
        net.heads.load_state_dict(load_file(folder / "heads.safetensors"), strict=False)
        return net

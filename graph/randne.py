"""RandNE: the graph's nodes as vectors, by random projection instead of training.

Zhang, Cui, Li, Wang & Zhu 2018, "Billion-scale network embedding with iterative random projection" (ICDM): with random
rows U0 and the transition matrix S (each node's edges, scaled to sum to 1), Ui = S U(i-1), and the embedding is the
weighted sum of the Ui. A node's vector so is a mixture of its neighbours' random rows, and nodes that share neighbours
lie near one another.

Two things differ from the paper, both so that a song that is added moves no other without need: the random row of a node
is drawn from its *name*, wherever it stands in the matrix, and the rows are random signs (Achlioptas 2003) that
are not made orthogonal, which they nearly are by themselves.
"""

import hashlib
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from retrieval.encoders.base import Encoder, Progress, Vectors, check_vectors

if TYPE_CHECKING:
    from scipy.sparse import csr_array

__all__ = ["DIM", "WEIGHTS", "NodeEdges", "RandNEEncoder", "adjacency", "combine", "embed", "place", "project"]

NodeEdges = tuple[str, Mapping[str, float]]

DIM = 128
WEIGHTS = (0.0, 0.5, 0.5)
"""Shares of U0, U1, U2. U0 is noise but for the node itself; U1 tells what a node is tied to, U2 what ties those."""


def embed(
    edges: "csr_array", names: Sequence[str], *, dim: int = DIM, weights: Sequence[float] = WEIGHTS, seed: int = 0
) -> Vectors:
    """Embed every node; see `project` for the arguments and what is raised. Returns float32 (n, dim)."""
    return combine(project(edges, names, dim=dim, order=len(weights) - 1, seed=seed), weights)


def project(edges: "csr_array", names: Sequence[str], *, dim: int = DIM, order: int = 2, seed: int = 0) -> Vectors:
    """The iterates U0..Uorder, float32 (order + 1, n, dim); keep them to place new nodes.

    Args:
        edges: sparse symmetric (n, n), non-negative weights.
        names: a name for each node, which decides its random row.

    Raises:
        ValueError: shapes do not match, a name occurs twice, or a weight is negative or not finite.
    """
    step = _transitions(edges, names)
    iterates = np.empty((order + 1, len(names), dim), np.float32)
    for row, name in enumerate(names):
        iterates[0, row] = _random_row(name, dim, seed)
    for i in range(order):
        iterates[i + 1] = step @ iterates[i]
    return iterates


def combine(iterates: Vectors, weights: Sequence[float] = WEIGHTS) -> Vectors:
    """The weighted sum of the iterates, float32 (n, dim), for (order + 1, n, dim) and order + 1 weights."""
    return np.tensordot(np.asarray(weights, np.float32), iterates, axes=1)


def place(
    name: str, ties: Mapping[int, float], iterates: Vectors, *, weights: Sequence[float] = WEIGHTS, seed: int = 0
) -> Vectors:
    """The vector of a node that was not there when the others were embedded, float32 (dim,).

    What embedding everything anew would give it, but for its own echo: its neighbours are taken as they were
    before it came. The larger their degrees, the smaller the difference.

    Args:
        ties: row of each neighbour in `iterates` -> weight of the edge, positive.
        iterates: from `project`, with the same seed.

    Raises:
        ValueError: a weight is not positive, or a row is not in `iterates`.
    """
    rows, shares = np.array(list(ties), dtype=int), np.array(list(ties.values()), dtype=np.float32)
    if (shares <= 0).any() or not np.isfinite(shares).all() or ((rows < 0) | (rows >= iterates.shape[1])).any():
        raise ValueError(f"The ties of {name} must lead to known rows and have positive weights.")
    own = _random_row(name, iterates.shape[2], seed)
    if not rows.size:
        return own * np.float32(sum(weights))
    means = np.tensordot(iterates[:-1, rows], shares / shares.sum(), axes=(1, 0))
    return combine(np.concatenate([own[None], means]), weights)


def adjacency(nodes: Sequence[NodeEdges]) -> tuple["csr_array", list[str]]:
    """The symmetric matrix (n, n) of the named nodes and all that they are tied to, and the nodes' names, nodes first.

    An edge that both ends name counts once, with the larger weight.

    Raises:
        ValueError: a node occurs twice.
    """
    from scipy.sparse import csr_array

    names = [name for name, _ in nodes]
    if len(set(names)) != len(names):
        raise ValueError("A node occurs twice among those to embed.")
    rows = {name: row for row, name in enumerate(dict.fromkeys([*names, *(tie for _, ties in nodes for tie in ties)]))}
    edges: dict[tuple[int, int], float] = {}
    for name, ties in nodes:
        for tie, weight in ties.items():
            for edge in ((rows[name], rows[tie]), (rows[tie], rows[name])):
                edges[edge] = max(weight, edges.get(edge, weight))
    places = np.array(list(edges), dtype=int).reshape(-1, 2).T
    return csr_array((np.array(list(edges.values()), float), tuple(places)), shape=(len(rows), len(rows))), list(rows)


class RandNEEncoder(Encoder):
    """Nodes of a graph as vectors, float32 (n, 128).

    Takes nodes as (name, {name of a neighbour: weight}): neighbours need not be nodes of the list, and if they are, get
    their vectors too. A node's vector depends on the others, so all of a graph is encoded in one call; a node that
    comes later is put in by `place`. A node without edges lies near nothing: its place says nothing of it.
    """

    key = "graph.randne"
    revision = "1"
    modality = "graph"
    dim = DIM
    takes = "edges"
    encodes_queries = False
    cost = "no model; about 1 s for 10,000 nodes on one processor core"

    def encode(self, items: Sequence[NodeEdges], *, progress: Progress | None = None) -> Vectors:
        for item in items:
            _check_node(item)
        if not items:
            return np.empty((0, self.dim), np.float32)
        vectors = embed(*adjacency(items), dim=self.dim)[: len(items)]
        if progress:
            progress(len(items), len(items))
        return check_vectors(vectors, count=len(items), dim=self.dim, key=self.key)


def _check_node(item: Any) -> None:
    match item:
        case (str(), Mapping()):
            return
    raise TypeError(f"{RandNEEncoder.key} takes nodes as (name, {{neighbour: weight}}), not {type(item).__name__}.")


def _random_row(name: str, dim: int, seed: int) -> Vectors:
    """Random signs of unit length in all, float32 (dim,), the same for a name on every machine."""
    digest = hashlib.shake_256(f"{seed}:{name}".encode()).digest(-(-dim // 8))
    bits = np.unpackbits(np.frombuffer(digest, np.uint8))[:dim]
    return (2 * bits.astype(np.float32) - 1) / np.float32(np.sqrt(dim))


def _transitions(edges: Any, names: Sequence[str]) -> Any:
    """Rows scaled to sum to 1; a node without edges leads to itself, so that no vector vanishes."""
    from scipy.sparse import csr_array, diags_array

    if edges.shape != (len(names), len(names)) or len(set(names)) != len(names):
        raise ValueError(f"edges must be (n, n) for n different names, not {edges.shape} for {len(names)}.")
    edges = csr_array(edges, dtype=np.float32)
    if not np.isfinite(edges.data).all() or (edges.data < 0).any():
        raise ValueError("Weights of edges must be finite and not negative.")
    degrees = edges.sum(axis=1)
    alone = (degrees == 0).astype(np.float32)
    return diags_array(1 / (degrees + alone)) @ edges + diags_array(alone)

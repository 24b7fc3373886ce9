"""Write the rows of a part in one form of bytes, whoever made them, and give its SHA-256.

A Parquet file has other bytes with another version of its library, and no page can write one. The canonical form of a
part, which ``docs/result_folders.md`` says in full, has a head of lines and then column after column: numbers as
doubles, the lowest byte first, texts with their length before them. The page of a report makes the same.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pyarrow as pa

    from papertiger.experiments.run.manifest import Block

TITLE = "papertiger table 1"
IN_HEAD = ("run_id", "scenario", "point", "replicate", "run", "seed")
"""Columns that follow from the head, which names the scenario, the blocks of points and replicates, and the seed."""


def canonical_sha256(table: pa.Table, block: Block) -> str:
    """Return the SHA-256 of the canonical form of a part.

    Parameters
    ----------
    table
        Its rows, replicate by replicate of one point after the other.
    block
        Which runs they are.
    """
    digest = hashlib.sha256()
    for piece in canonical_form(table, block):
        digest.update(piece)
    return digest.hexdigest()


def canonical_form(table: pa.Table, block: Block) -> Iterator[bytes]:
    """Yield the canonical form of a part, piece by piece.

    Parameters
    ----------
    table, block
        As for `canonical_sha256`.
    """
    names = [name for name in table.column_names if name not in IN_HEAD]
    texts = [name for name in names if str(table.schema.field(name).type) == "string"]
    seed = table.column("seed")[0].as_py()
    lines = [
        TITLE,
        block.scenario,
        f"{seed} {block.first_point} {block.points} {block.first_replicate} {block.replicates}",
        *(f"{'text' if name in texts else 'number'} {name}" for name in names),
    ]
    yield "".join(f"{line}\n" for line in (*lines, "")).encode()
    for name in names:
        yield _texts(table.column(name)) if name in texts else _numbers(table.column(name))


def _numbers(column: Any) -> bytes:
    values = np.array(column.to_numpy(), dtype="<f8")  # what is missing becomes no number
    values[np.isnan(values)] = np.nan  # and all that are no numbers have the same bytes
    return values.tobytes()


def _texts(column: Any) -> bytes:
    texts = [(text or "").encode() for text in column.to_pylist()]
    return b"".join(struct.pack("<I", len(text)) + text for text in texts)

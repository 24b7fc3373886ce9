"""Spoil JSON, Parquet and CSV files as programs, editors and disks do: by structure, by cell, by byte."""

from __future__ import annotations

import io
import json
import random
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

ODD: tuple[Any, ...] = (None, True, 0, -1, 5, 10**30, 1.5, "", "x", "1", "\x1b[31m", [], [1], {}, {"files": 5})


def spoil(name: str, data: bytes, luck: random.Random) -> bytes:
    """Return a file's bytes, changed in one way that suits its kind."""
    if luck.random() < 0.3:
        return _bytes(data, luck)
    if name.endswith(".json"):
        return _json(data, luck)
    return _parquet(data, luck) if name.endswith(".parquet") else _csv(data, luck)


def _bytes(data: bytes, luck: random.Random) -> bytes:
    at = luck.randrange(len(data) + 1)
    return luck.choice(
        (
            lambda: b"",
            lambda: data[:at],
            lambda: data[at:],
            lambda: data[:at] + bytes([luck.randrange(256)]) + data[at + 1 :],
            lambda: data + data[at:],
            lambda: b"\xef\xbb\xbf" + data,
            lambda: data.decode("latin-1").encode("utf-16"),
            lambda: data[:at] + b"\xff\xfe\x00" + data[at:],
            lambda: b"[" * 200_000,
            lambda: b'{"a":' * 200_000,
        )
    )()


def _json(data: bytes, luck: random.Random) -> bytes:
    content = json.loads(data)
    places: list[tuple[Any, Any]] = []
    nodes = [content]
    while nodes:
        node = nodes.pop()
        for key, value in node.items() if isinstance(node, dict) else enumerate(node):
            places.append((node, key))
            if isinstance(value, dict | list):
                nodes.append(value)
    node, key = luck.choice(places)
    value = node[key]
    match luck.randrange(7):
        case 0:
            node[key] = luck.choice(ODD)
        case 1:
            del node[key]
        case 2 if isinstance(node, dict):
            node[f"{key}x"] = node.pop(key)
        case 3 if isinstance(value, int | float) and not isinstance(value, bool):
            node[key] = value + luck.choice((1, -1, 0.5))
        case 4:
            node[key] = [value]
        case 5 if isinstance(node, dict):
            written = json.dumps(content)
            return written.replace("{", "{" + json.dumps(str(key)) + ": 1, ", 1).encode()
        case _:
            token = luck.choice(("NaN", "1e400", "-Infinity", "9" * 5000))
            node[key] = "@@"
            return json.dumps(content).replace('"@@"', token).encode()
    return json.dumps(content).encode()


def _parquet(data: bytes, luck: random.Random) -> bytes:
    table = pq.read_table(io.BytesIO(data))
    number = luck.randrange(table.num_columns)
    name = table.column_names[number]
    match luck.randrange(5):
        case 0:
            table = table.drop_columns([name])
        case 1:
            table = table.rename_columns([f"{one}x" if one == name else one for one in table.column_names])
        case 2:
            table = table.set_column(number, name, table.column(number).cast(pa.string()))
        case 3:
            table = table.slice(0, luck.randrange(table.num_rows))
        case _:
            table = table.set_column(number, name, pa.array([luck.choice((0, 7, 1000))] * table.num_rows))
    sink = io.BytesIO()
    pq.write_table(table, sink)
    return sink.getvalue()


def _csv(data: bytes, luck: random.Random) -> bytes:
    lines = data.decode("utf-8").splitlines()
    at = luck.randrange(len(lines))
    cells = lines[at].split(",")
    place = luck.randrange(len(cells))
    match luck.randrange(6):
        case 0:
            cells[place] = luck.choice(("", "x", "nan", "inf", "1e999", '"', "\x00", "=1+1", "0.123"))
        case 1:
            del cells[place]
        case 2:
            cells.append("1")
        case 3:
            lines.insert(at, lines[at])
        case 4:
            cells = [";".join(cells)]
        case _:
            cells = ["0.5" for _ in cells]
    lines[at] = ",".join(cells)
    return "\n".join(lines).encode("utf-8", "surrogatepass")

"""Spoil the shape of a table: cuts, shifts, delimiters, column names."""

from __future__ import annotations

import random

from tests.scenarios.datasets.variants.sheet import Sheet, some_row, whole


def cut_at_any_byte(sheet: Sheet, rng: random.Random) -> bytes | None:
    data = whole(sheet)
    return data[: rng.randrange(1, len(data) - 1)]


def cut_in_the_last_cell(sheet: Sheet, rng: random.Random) -> bytes | None:
    return whole(sheet).rstrip(b"\n")[: -rng.randrange(1, 4)]


def cut_between_lines(sheet: Sheet, rng: random.Random) -> bytes | None:
    rows = [place for place in sheet.body() if place > sheet.first]
    return sheet.write(sheet.copy()[: rng.choice(rows)]) if rows else None


def cut_the_beginning(sheet: Sheet, rng: random.Random) -> bytes | None:
    data = whole(sheet)
    return data[rng.randrange(1, len(data) // 2) :]


def only_column_names(sheet: Sheet, _: random.Random) -> bytes | None:
    return sheet.write(sheet.copy()[: sheet.first]) if sheet.header >= 0 else b""


def empty(_: Sheet, rng: random.Random) -> bytes | None:
    return rng.choice([b"", b"\n", b"\n\n  \n", b"\xef\xbb\xbf"])


def cell_lost(sheet: Sheet, rng: random.Random) -> bytes | None:
    records = sheet.copy()
    row = records[some_row(sheet, rng)]
    del row[rng.randrange(len(row))]
    return sheet.write(records)


def cell_too_many(sheet: Sheet, rng: random.Random) -> bytes | None:
    records = sheet.copy()
    row = records[some_row(sheet, rng)]
    row.insert(rng.randrange(len(row)), rng.choice(["", "x", "7"]))
    return sheet.write(records)


def row_shifted_left(sheet: Sheet, rng: random.Random) -> bytes | None:
    records = sheet.copy()
    place = some_row(sheet, rng)
    records[place] = [*records[place][1:], ""]
    return sheet.write(records)


def row_shifted_right(sheet: Sheet, rng: random.Random) -> bytes | None:
    records = sheet.copy()
    place = some_row(sheet, rng)
    records[place] = ["", *records[place][:-1]]
    return sheet.write(records)


def row_cut_short(sheet: Sheet, rng: random.Random) -> bytes | None:
    records = sheet.copy()
    row = records[some_row(sheet, rng)]
    del row[rng.randrange(1, len(row)) :]
    return sheet.write(records)


def column_names_shifted(sheet: Sheet, rng: random.Random) -> bytes | None:
    if sheet.header < 0:
        return None
    records = sheet.copy()
    names = records[sheet.header]
    records[sheet.header] = rng.choice([[*names[1:], names[0]], [names[-1], *names[:-1]]])
    return sheet.write(records)


def line_broken_in_two(sheet: Sheet, rng: random.Random) -> bytes | None:
    records = sheet.copy()
    place = some_row(sheet, rng)
    cut = rng.randrange(1, len(records[place]))
    records[place : place + 1] = [records[place][:cut], records[place][cut:]]
    return sheet.write(records)


def two_lines_joined(sheet: Sheet, rng: random.Random) -> bytes | None:
    rows = [place for place in sheet.body()[:-1] if len(sheet.records[place]) > 1]
    records = sheet.copy()
    place = rng.choice(rows)
    records[place : place + 2] = [records[place] + records[place + 1]]
    return sheet.write(records)


def other_delimiter(sheet: Sheet, rng: random.Random) -> bytes | None:
    return sheet.write(sheet.copy(), rng.choice([char for char in ",;\t|" if char != sheet.sample.delimiter]))


def delimiter_replaced_blindly(sheet: Sheet, rng: random.Random) -> bytes | None:
    other = rng.choice([char for char in ",;\t|" if char != sheet.sample.delimiter])
    return whole(sheet).replace(sheet.sample.delimiter.encode(), other.encode())


def delimiters_mixed(sheet: Sheet, rng: random.Random) -> bytes | None:
    other = rng.choice([char for char in ",;\t|" if char != sheet.sample.delimiter])
    records = sheet.copy()
    return sheet.write(records[: sheet.first + 1]) + sheet.write(records[sheet.first + 1 :], other)


def spaces_for_delimiters(sheet: Sheet, _: random.Random) -> bytes | None:
    return whole(sheet).replace(sheet.sample.delimiter.encode(), b"  ")


def _name(sheet: Sheet, rng: random.Random) -> int | None:
    names = [place for place, name in enumerate(sheet.records[sheet.header]) if name] if sheet.header >= 0 else []
    return rng.choice(names) if names else None


def column_renamed(sheet: Sheet, rng: random.Random) -> bytes | None:
    place = _name(sheet, rng)
    if place is None:
        return None
    records = sheet.copy()
    records[sheet.header][place] = rng.choice(["renamed", "x" + records[sheet.header][place], "v2_year"])
    return sheet.write(records)


def column_name_lost(sheet: Sheet, rng: random.Random) -> bytes | None:
    place = _name(sheet, rng)
    if place is None:
        return None
    records = sheet.copy()
    records[sheet.header][place] = ""
    return sheet.write(records)


def column_left_out(sheet: Sheet, rng: random.Random) -> bytes | None:
    place = _name(sheet, rng)
    if place is None:
        return None
    records = sheet.copy()
    for record in records[sheet.header :]:
        del record[place : place + 1]
    return sheet.write(records)


def column_name_doubled(sheet: Sheet, rng: random.Random) -> bytes | None:
    place = _name(sheet, rng)
    if place is None:
        return None
    records = sheet.copy()
    names = records[sheet.header]
    other = rng.choice([one for one in range(len(names)) if one != place])
    names[other] = names[place]
    return sheet.write(records)


def column_doubled(sheet: Sheet, rng: random.Random) -> bytes | None:
    place = _name(sheet, rng)
    if place is None:
        return None
    records = sheet.copy()
    for record in records[sheet.header :]:
        record.extend(record[place : place + 1] or [""])
    return sheet.write(records)


def column_names_lost(sheet: Sheet, _: random.Random) -> bytes | None:
    return sheet.write(sheet.copy()[sheet.first :]) if sheet.header >= 0 else None


def column_names_again(sheet: Sheet, rng: random.Random) -> bytes | None:
    if sheet.header < 0:
        return None
    records = sheet.copy()
    records.insert(some_row(sheet, rng) + 1, list(records[sheet.header]))
    return sheet.write(records)


def columns_in_another_order(sheet: Sheet, rng: random.Random) -> bytes | None:
    if sheet.header < 0:
        return None
    records = sheet.copy()
    order = list(range(len(records[sheet.header])))
    rng.shuffle(order)
    for record in records[sheet.header :]:
        if len(record) == len(order):
            record[:] = [record[place] for place in order]
    return sheet.write(records)


def column_added(sheet: Sheet, _: random.Random) -> bytes | None:
    if sheet.header < 0:
        return None
    records = sheet.copy()
    for place, record in enumerate(records[sheet.header :]):
        record.append("my own notes" if place == 0 else f"n{place}")
    return sheet.write(records)

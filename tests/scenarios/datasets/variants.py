"""Spoil a sound file in the ways in which files are spoilt: by hand, by spreadsheets, by downloads that broke off.

Every way is a function of a `Sheet` and a generator of random numbers; it returns the bytes of a variant, or None
where a file has nothing that could be spoilt so.
"""

from __future__ import annotations

import csv
import io
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tests.scenarios.datasets.samples.base import Sample

_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})(.*)")


@dataclass(frozen=True)
class Sheet:
    """A sound file as cells.

    Attributes
    ----------
    sample
        What it is.
    records
        Its lines as cells, those above the column names included.
    header
        Place of the column names among them; -1 where there are none.
    """

    sample: Sample
    records: tuple[tuple[str, ...], ...]
    header: int

    @property
    def first(self) -> int:
        """Return the place of the first row."""
        return self.header + 1

    def body(self) -> range:
        """Return the places of the rows."""
        return range(self.first, len(self.records))

    def copy(self) -> list[list[str]]:
        """Return the cells, to be changed."""
        return [list(record) for record in self.records]

    def numbers(self) -> list[tuple[int, int]]:
        """Return the places of the cells that hold numbers."""
        return [
            (row, column)
            for row in self.body()
            if len(self.records[row]) > 1
            for column, cell in enumerate(self.records[row])
            if _NUMBER.fullmatch(cell)
        ]

    def write(self, records: list[list[str]], delimiter: str | None = None, encoding: str | None = None) -> bytes:
        """Return cells as the bytes of a file."""
        delimiter = delimiter or self.sample.delimiter
        if self.header < 0:  # without column names there are no quotes
            text = "".join(delimiter.join(record) + "\n" for record in records)
        else:
            out = io.StringIO()
            csv.writer(out, delimiter=delimiter, lineterminator="\n").writerows(records)
            text = out.getvalue()
        return text.encode(encoding or self.sample.encoding)


def sheet_of(sample: Sample, header_line: int) -> Sheet:
    """Return a sample as cells; its column names stand in a line, 0 for none."""
    quoting = csv.QUOTE_MINIMAL if header_line else csv.QUOTE_NONE
    reader = csv.reader(io.StringIO(sample.text, newline=""), delimiter=sample.delimiter, quoting=quoting)  # type: ignore[arg-type]
    records: list[tuple[str, ...]] = []
    header = -1
    for record in reader:
        if header < 0 and header_line and reader.line_num >= header_line:
            header = len(records)
        records.append(tuple(record))
    return Sheet(sample, tuple(records), header)


Spoil = Callable[[Sheet, random.Random], bytes | None]


def _whole(sheet: Sheet) -> bytes:
    return sheet.sample.text.encode(sheet.sample.encoding)


# Cuts


def cut_at_any_byte(sheet: Sheet, rng: random.Random) -> bytes | None:
    data = _whole(sheet)
    return data[: rng.randrange(1, len(data) - 1)]


def cut_in_the_last_cell(sheet: Sheet, rng: random.Random) -> bytes | None:
    return _whole(sheet).rstrip(b"\n")[: -rng.randrange(1, 4)]


def cut_between_lines(sheet: Sheet, rng: random.Random) -> bytes | None:
    rows = [place for place in sheet.body() if place > sheet.first]
    return sheet.write(sheet.copy()[: rng.choice(rows)]) if rows else None


def cut_the_beginning(sheet: Sheet, rng: random.Random) -> bytes | None:
    data = _whole(sheet)
    return data[rng.randrange(1, len(data) // 2) :]


def only_column_names(sheet: Sheet, _: random.Random) -> bytes | None:
    return sheet.write(sheet.copy()[: sheet.first]) if sheet.header >= 0 else b""


def empty(_: Sheet, rng: random.Random) -> bytes | None:
    return rng.choice([b"", b"\n", b"\n\n  \n", b"\xef\xbb\xbf"])


# Shifts


def _row(sheet: Sheet, rng: random.Random) -> int:
    """Return the place of a row of the table, and no footnote."""
    width = len(sheet.records[sheet.first])
    return rng.choice([place for place in sheet.body() if len(sheet.records[place]) == width > 1])


def cell_lost(sheet: Sheet, rng: random.Random) -> bytes | None:
    records = sheet.copy()
    row = records[_row(sheet, rng)]
    del row[rng.randrange(len(row))]
    return sheet.write(records)


def cell_too_many(sheet: Sheet, rng: random.Random) -> bytes | None:
    records = sheet.copy()
    row = records[_row(sheet, rng)]
    row.insert(rng.randrange(len(row)), rng.choice(["", "x", "7"]))
    return sheet.write(records)


def row_shifted_left(sheet: Sheet, rng: random.Random) -> bytes | None:
    records = sheet.copy()
    place = _row(sheet, rng)
    records[place] = [*records[place][1:], ""]
    return sheet.write(records)


def row_shifted_right(sheet: Sheet, rng: random.Random) -> bytes | None:
    records = sheet.copy()
    place = _row(sheet, rng)
    records[place] = ["", *records[place][:-1]]
    return sheet.write(records)


def row_cut_short(sheet: Sheet, rng: random.Random) -> bytes | None:
    records = sheet.copy()
    row = records[_row(sheet, rng)]
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
    place = _row(sheet, rng)
    cut = rng.randrange(1, len(records[place]))
    records[place : place + 1] = [records[place][:cut], records[place][cut:]]
    return sheet.write(records)


def two_lines_joined(sheet: Sheet, rng: random.Random) -> bytes | None:
    rows = [place for place in sheet.body()[:-1] if len(sheet.records[place]) > 1]
    records = sheet.copy()
    place = rng.choice(rows)
    records[place : place + 2] = [records[place] + records[place + 1]]
    return sheet.write(records)


# Delimiters


def other_delimiter(sheet: Sheet, rng: random.Random) -> bytes | None:
    return sheet.write(sheet.copy(), rng.choice([char for char in ",;\t|" if char != sheet.sample.delimiter]))


def delimiter_replaced_blindly(sheet: Sheet, rng: random.Random) -> bytes | None:
    other = rng.choice([char for char in ",;\t|" if char != sheet.sample.delimiter])
    return _whole(sheet).replace(sheet.sample.delimiter.encode(), other.encode())


def delimiters_mixed(sheet: Sheet, rng: random.Random) -> bytes | None:
    other = rng.choice([char for char in ",;\t|" if char != sheet.sample.delimiter])
    records = sheet.copy()
    return sheet.write(records[: sheet.first + 1]) + sheet.write(records[sheet.first + 1 :], other)


def spaces_for_delimiters(sheet: Sheet, _: random.Random) -> bytes | None:
    return _whole(sheet).replace(sheet.sample.delimiter.encode(), b"  ")


# Versions


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
    records.insert(_row(sheet, rng) + 1, list(records[sheet.header]))
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


# Encodings


def _encoded(sheet: Sheet, encoding: str) -> bytes | None:
    try:
        return sheet.sample.text.encode(encoding)
    except UnicodeEncodeError:
        return None


def utf_16(sheet: Sheet, _: random.Random) -> bytes | None:
    return _encoded(sheet, "utf-16")


def utf_16_without_a_mark(sheet: Sheet, rng: random.Random) -> bytes | None:
    return _encoded(sheet, rng.choice(["utf-16-le", "utf-16-be"]))


def utf_32(sheet: Sheet, _: random.Random) -> bytes | None:
    return _encoded(sheet, "utf-32")


def utf_8_with_a_mark(sheet: Sheet, _: random.Random) -> bytes | None:
    return _encoded(sheet, "utf-8-sig")


def windows_1252(sheet: Sheet, _: random.Random) -> bytes | None:
    return _encoded(sheet, "cp1252")


def latin_1(sheet: Sheet, _: random.Random) -> bytes | None:
    return _encoded(sheet, "latin-1")


def zero_byte(sheet: Sheet, rng: random.Random) -> bytes | None:
    data = _whole(sheet)
    place = rng.randrange(4, len(data))
    return data[:place] + b"\0" + data[place:]


def odd_utf_16(sheet: Sheet, _: random.Random) -> bytes | None:
    return sheet.sample.text.encode("utf-16")[:-1]


# Numbers


def decimal_commas(sheet: Sheet, rng: random.Random) -> bytes | None:
    records = sheet.copy()
    places = [(row, column) for row, column in sheet.numbers() if "." in records[row][column]]
    for row, column in places:
        records[row][column] = records[row][column].replace(".", ",")
    return sheet.write(records, rng.choice([",", ";", "\t"])) if places else None


def thousands_parted(sheet: Sheet, rng: random.Random) -> bytes | None:
    records = sheet.copy()
    places = [
        (row, column) for row, column in sheet.numbers() if re.fullmatch(r"\d{4,6}(\.0)?", records[row][column])
    ]
    if not places:
        return None
    between = rng.choice([",", ".", " ", "'"])
    row, column = rng.choice(places)
    records[row][column] = f"{int(float(records[row][column])):,}".replace(",", between)
    return sheet.write(records, rng.choice([",", ";", "\t"]))


def letter_in_a_number(sheet: Sheet, rng: random.Random) -> bytes | None:
    places = sheet.numbers()
    if not places:
        return None
    records = sheet.copy()
    row, column = rng.choice(places)
    cell = records[row][column]
    place = rng.randrange(len(cell))
    records[row][column] = rng.choice(
        [cell + "*", cell[:place] + "O" + cell[place + 1 :], f"{cell} (est.)", "~" + cell]
    )
    return sheet.write(records)


def scientific_notation(sheet: Sheet, rng: random.Random) -> bytes | None:
    records = sheet.copy()
    places = [(row, column) for row, column in sheet.numbers() if re.fullmatch(r"\d{3,}(\.0)?", records[row][column])]
    if not places:
        return None
    row, column = rng.choice(places)
    records[row][column] = f"{float(records[row][column]):.2E}"
    return sheet.write(records)


def fault_of_a_spreadsheet(sheet: Sheet, rng: random.Random) -> bytes | None:
    places = sheet.numbers()
    if not places:
        return None
    records = sheet.copy()
    row, column = rng.choice(places)
    records[row][column] = rng.choice(["#REF!", "#DIV/0!", "#NAME?", "########", "=A1+1"])
    return sheet.write(records)


def dates_in_another_order(sheet: Sheet, rng: random.Random) -> bytes | None:
    records = sheet.copy()
    form = rng.choice(["{2}/{1}/{0}", "{1}/{2}/{0}", "{2}.{1}.{0}", "{0}/{1}/{2}", "{2}-{1}-{0}"])
    seen = False
    for place in sheet.body():
        for column, cell in enumerate(records[place]):
            match = _DATE.fullmatch(cell)
            if match:
                records[place][column] = form.format(match[1], match[2], match[3])
                seen = True
    return sheet.write(records) if seen else None


# Rows


def row_doubled(sheet: Sheet, rng: random.Random) -> bytes | None:
    records = sheet.copy()
    place = _row(sheet, rng)
    records.insert(rng.choice([place, len(records)]), list(records[place]))
    return sheet.write(records)


def rows_in_another_order(sheet: Sheet, _: random.Random) -> bytes | None:
    records = sheet.copy()
    return sheet.write(records[: sheet.first] + records[sheet.first :][::-1])


def blank_lines(sheet: Sheet, rng: random.Random) -> bytes | None:
    lines = sheet.write(sheet.copy()).split(b"\n")
    if any(b'"' in line for line in lines):
        return _whole(sheet) + b"\n\n"
    lines.insert(rng.randrange(max(1, sheet.first), len(lines)), b"")
    return b"\n".join(lines)


def junk_below(sheet: Sheet, rng: random.Random) -> bytes | None:
    junk = ["END OF FILE", "Source: somebody, 2021", "<html>", "123", ",,,", "Total,,12", "-- 4 rows --", "\x1a"]
    return _whole(sheet) + rng.choice(junk).encode() + rng.choice([b"", b"\n"])


def junk_above(sheet: Sheet, rng: random.Random) -> bytes | None:
    return rng.choice([b"sep=,\n", b"Downloaded 2021-05-03\n", b"\n\n"]) + _whole(sheet)


# Line ends and quotes


def windows_line_ends(sheet: Sheet, _: random.Random) -> bytes | None:
    return sheet.write(sheet.copy()).replace(b"\n", b"\r\n")


def everything_quoted(sheet: Sheet, _: random.Random) -> bytes | None:
    out = io.StringIO()
    csv.writer(out, delimiter=sheet.sample.delimiter, quoting=csv.QUOTE_ALL).writerows(sheet.records)
    return out.getvalue().encode(sheet.sample.encoding)


def quote_too_many(sheet: Sheet, rng: random.Random) -> bytes | None:
    data = _whole(sheet)
    if sheet.header < 0:  # without column names there are no quotes, and the sign belongs to the text
        return None
    places = [place for place in range(len(data)) if data[place : place + 1] == sheet.sample.delimiter.encode()]
    place = rng.choice(places) + 1
    return data[:place] + b'"' + data[place:]


def quotes_lost(sheet: Sheet, _: random.Random) -> bytes | None:
    data = _whole(sheet)
    return data.replace(b'"', b"") if b'"' in data and sheet.header >= 0 else None


def spaces_around_cells(sheet: Sheet, _: random.Random) -> bytes | None:
    return sheet.write([[f"{cell} " if cell else cell for cell in record] for record in sheet.copy()])


# Other files under the name


def another_file(_: Sheet, rng: random.Random) -> bytes | None:
    return rng.choice([
        b"<!DOCTYPE html>\n<html><body>404 Not Found</body></html>\n",
        b"PK\x03\x04\x14\x00\x06\x00\x08\x00\x00\x00!\x00",
        b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n",
        b'{"status": 403, "error": "quota"}\n',
        b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n",
        b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03",
        bytes(range(256)),
    ])  # fmt: skip


CUTS = (cut_between_lines, cut_at_any_byte)
"""Ways after which whole rows may be missing; a cut between two lines shows in no file."""

LESS = (column_renamed, column_name_lost, column_left_out, cut_the_beginning)
"""Ways after which a column that not every version has may be missing."""

WAYS: tuple[Spoil, ...] = (
    cut_at_any_byte, cut_in_the_last_cell, cut_between_lines, cut_the_beginning, only_column_names, empty,
    cell_lost, cell_too_many, row_shifted_left, row_shifted_right, row_cut_short, column_names_shifted,
    line_broken_in_two, two_lines_joined,
    other_delimiter, delimiter_replaced_blindly, delimiters_mixed, spaces_for_delimiters,
    column_renamed, column_name_lost, column_left_out, column_name_doubled, column_doubled, column_names_lost,
    column_names_again, columns_in_another_order, column_added,
    utf_16, utf_16_without_a_mark, utf_32, utf_8_with_a_mark, windows_1252, latin_1, zero_byte, odd_utf_16,
    decimal_commas, thousands_parted, letter_in_a_number, scientific_notation, fault_of_a_spreadsheet,
    dates_in_another_order,
    row_doubled, rows_in_another_order, blank_lines, junk_below, junk_above,
    windows_line_ends, everything_quoted, quote_too_many, quotes_lost, spaces_around_cells, another_file,
)  # fmt: skip
"""All the ways of spoiling a file."""


def variants(sheet: Sheet, times: int) -> Iterator[tuple[Spoil, int, bytes]]:
    """Yield every way with the bytes that it makes, some times over with other random numbers."""
    for way in WAYS:
        for turn in range(times):
            data = way(sheet, random.Random(f"{sheet.sample.data_set} {way.__name__} {turn}"))
            if data is not None:
                yield way, turn, data

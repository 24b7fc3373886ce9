"""Spoil what stands in a table: encodings, numbers, dates, rows, line ends; or put another file in its place."""

from __future__ import annotations

import csv
import io
import random
import re

from tests.scenarios.datasets.variants.sheet import Sheet, some_row, whole

_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})(.*)")


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
    data = whole(sheet)
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
    place = some_row(sheet, rng)
    records.insert(rng.choice([place, len(records)]), list(records[place]))
    return sheet.write(records)


def rows_in_another_order(sheet: Sheet, _: random.Random) -> bytes | None:
    records = sheet.copy()
    return sheet.write(records[: sheet.first] + records[sheet.first :][::-1])


def blank_lines(sheet: Sheet, rng: random.Random) -> bytes | None:
    lines = sheet.write(sheet.copy()).split(b"\n")
    if any(b'"' in line for line in lines):
        return whole(sheet) + b"\n\n"
    lines.insert(rng.randrange(max(1, sheet.first), len(lines)), b"")
    return b"\n".join(lines)


def junk_below(sheet: Sheet, rng: random.Random) -> bytes | None:
    junk = ["END OF FILE", "Source: somebody, 2021", "<html>", "123", ",,,", "Total,,12", "-- 4 rows --", "\x1a"]
    return whole(sheet) + rng.choice(junk).encode() + rng.choice([b"", b"\n"])


def junk_above(sheet: Sheet, rng: random.Random) -> bytes | None:
    return rng.choice([b"sep=,\n", b"Downloaded 2021-05-03\n", b"\n\n"]) + whole(sheet)


# Line ends and quotes


def windows_line_ends(sheet: Sheet, _: random.Random) -> bytes | None:
    return sheet.write(sheet.copy()).replace(b"\n", b"\r\n")


def everything_quoted(sheet: Sheet, _: random.Random) -> bytes | None:
    out = io.StringIO()
    csv.writer(out, delimiter=sheet.sample.delimiter, quoting=csv.QUOTE_ALL).writerows(sheet.records)
    return out.getvalue().encode(sheet.sample.encoding)


def quote_too_many(sheet: Sheet, rng: random.Random) -> bytes | None:
    data = whole(sheet)
    if sheet.header < 0:  # without column names there are no quotes, and the sign belongs to the text
        return None
    places = [place for place in range(len(data)) if data[place : place + 1] == sheet.sample.delimiter.encode()]
    place = rng.choice(places) + 1
    return data[:place] + b'"' + data[place:]


def quotes_lost(sheet: Sheet, _: random.Random) -> bytes | None:
    data = whole(sheet)
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

"""Spoil a sound file in the ways in which files are spoilt: by hand, by spreadsheets, by downloads that broke off.

Every way is a function of a `Sheet` and a generator of random numbers; it returns the bytes of a variant, or None
where a file has nothing that could be spoilt so.
"""

from __future__ import annotations

import random
from collections.abc import Iterator

from tests.scenarios.datasets.variants.contents import (
    another_file,
    blank_lines,
    dates_in_another_order,
    decimal_commas,
    everything_quoted,
    fault_of_a_spreadsheet,
    junk_above,
    junk_below,
    latin_1,
    letter_in_a_number,
    odd_utf_16,
    quote_too_many,
    quotes_lost,
    row_doubled,
    rows_in_another_order,
    scientific_notation,
    spaces_around_cells,
    thousands_parted,
    utf_8_with_a_mark,
    utf_16,
    utf_16_without_a_mark,
    utf_32,
    windows_1252,
    windows_line_ends,
    zero_byte,
)
from tests.scenarios.datasets.variants.shapes import (
    cell_lost,
    cell_too_many,
    column_added,
    column_doubled,
    column_left_out,
    column_name_doubled,
    column_name_lost,
    column_names_again,
    column_names_lost,
    column_names_shifted,
    column_renamed,
    columns_in_another_order,
    cut_at_any_byte,
    cut_between_lines,
    cut_in_the_last_cell,
    cut_the_beginning,
    delimiter_replaced_blindly,
    delimiters_mixed,
    empty,
    line_broken_in_two,
    only_column_names,
    other_delimiter,
    row_cut_short,
    row_shifted_left,
    row_shifted_right,
    spaces_for_delimiters,
    two_lines_joined,
)
from tests.scenarios.datasets.variants.sheet import Sheet, Spoil

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

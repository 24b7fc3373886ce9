"""Keep a small sound file of every data set: made up, in the format of its makers.

One module for each module of readers, found by itself; nothing here is a row of an original. The tests of malformed
files cut, shift and spoil these, so a sample should show what its data set has to offer: three rows or more, an
accent where there are texts, a missing value where there may be one, the lines that stand above the header.
"""

from __future__ import annotations

import importlib
import pkgutil

from tests.scenarios.datasets.samples.base import Sample

SAMPLES: dict[str, Sample] = {
    sample.data_set: sample
    for module in pkgutil.iter_modules(__path__)
    if module.name != "base"
    for sample in importlib.import_module(f"{__name__}.{module.name}").SAMPLES
}
"""The sample of each data set, by the data set's name in the catalogue."""

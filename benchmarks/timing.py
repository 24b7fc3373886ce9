"""Time what was done, so that other work on the machine disturbs it little."""

from __future__ import annotations

import math
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path


def cpu_seconds(work: Callable[[], object]) -> float:
    """Return the processor time of this thread that some work takes."""
    start = time.thread_time()
    work()
    return time.thread_time() - start


def wall_seconds(work: Callable[[], object]) -> float:
    """Return the time on the clock that some work takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def both_seconds(work: Callable[[], object]) -> tuple[float, float]:
    """Return the seconds on the clock, and the processor time of all threads and finished processes of this one."""
    before, start = os.times(), time.perf_counter()
    work()
    seconds, after = time.perf_counter() - start, os.times()
    return seconds, sum(after[:4]) - sum(before[:4])


def interleaved[K, T](contestants: Mapping[K, Callable[[], T]], rounds: int) -> dict[K, list[T]]:
    """Measure all contestants in turn, several times, so that a busy minute meets all of them."""
    measurements: dict[K, list[T]] = {name: [] for name in contestants}
    for _ in range(rounds):
        for name, measure in contestants.items():
            measurements[name].append(measure())
    return measurements


def ratio(measurements: Mapping[str, list[float]], slow: str, fast: str) -> float:
    """Return the median over rounds of how many times slower one is than another."""
    return statistics.median(a / b for a, b in zip(measurements[slow], measurements[fast], strict=True))


def slope(sizes: Sequence[float], costs: Sequence[float]) -> float:
    """Return the slope of a straight line through the logarithms."""
    x, y = [math.log(size) for size in sizes], [math.log(cost) for cost in costs]
    return statistics.linear_regression(x, y).slope


def in_a_fresh_process(code: str) -> tuple[list[str], float]:
    """Run a program in a process of its own, and return the words it prints and its seconds on the clock."""
    start = time.perf_counter()
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.split(), time.perf_counter() - start


def machine() -> str:
    """Describe the machine without naming it."""
    model = platform.processor() or platform.machine()
    described = Path("/proc/cpuinfo")
    if described.exists():
        for line in described.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                model = line.partition(":")[2].strip()
    return f"{os.cpu_count()} cores, {model}, {platform.system()}, Python {platform.python_version()}"

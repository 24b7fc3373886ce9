"""Write an audit as a page: each question with its figure of then, of now, and whether the sign asked for holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from papertiger.experiments.audits.checks import Outcome, carry_out
from papertiger.experiments.phrases import counted, listed

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from papertiger.experiments.audits.schema import Audit, Row

MAX_NAMED = 8


@dataclass(frozen=True)
class Answer:
    """Hold what a row of an audit came to.

    Attributes
    ----------
    row
        The question.
    outcomes
        One for each of its checks.
    """

    row: Row
    outcomes: tuple[Outcome, ...]

    @property
    def holds(self) -> bool | None:
        """Return whether the sign holds: in every check, or None where one could not be carried out."""
        given = [outcome.holds for outcome in self.outcomes]
        if False in given:
            return False
        return None if None in given else True

    @property
    def verdict(self) -> str:
        """Return that in a word or two."""
        return {True: "holds", False: "does not hold", None: "not worked out"}[self.holds]


def answers(audit: Audit, root: Path, progress: Callable[[int, int], None] | None = None) -> list[Answer]:
    """Carry out an audit.

    Parameters
    ----------
    audit
        The questions.
    root
        Top of the repository, where checks look for files.
    progress
        Is told how many rows are done, and of how many.
    """
    given = []
    for number, row in enumerate(audit.rows, start=1):
        given.append(Answer(row, tuple(carry_out(check, root) for check in row.checks)))
        if progress is not None:
            progress(number, len(audit.rows))
    return given


def verdict(given: Sequence[Answer]) -> str:
    """Return in a sentence how many signs hold, and which do not."""
    numbers = {
        word: [str(answer.row.number) for answer in given if answer.holds is holds]
        for word, holds in (("holds", True), ("does not hold", False), ("not worked out", None))
    }
    said = f"Of {counted(len(given), 'sign')} that were asked for, {len(numbers['holds'])} hold"
    for word, one, many in (("does not hold", "does not", "do not"), ("not worked out", "was {}", "were {}")):
        if numbers[word]:
            several = len(numbers[word]) > 1
            verb = (many if several else one).format(word)
            said += f"; row{'s' if several else ''} {listed(numbers[word])} {verb}"
    return f"{said}."


def page(audit: Audit, given: Sequence[Answer], command: str) -> str:
    """Return an audit as Markdown.

    Parameters
    ----------
    audit, given
        The questions, and what they came to.
    command
        How the page was made.
    """
    lines = [f"# {audit.title}", "", f"**{verdict(given)}**", "", audit.description, ""]
    lines += ["| # | question | figure of 0.1.0 | figure now | sign asked for | |"]
    lines += ["| ---: | --- | --- | --- | --- | --- |"]
    for answer in given:
        row = answer.row
        figures = "<br>".join(outcome.figure for outcome in answer.outcomes)
        cells = (str(row.number), row.question, row.before, figures, row.asked, f"**{answer.verdict}**")
        lines.append(f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |")
    against = [(answer.row.number, outcome) for answer in given for outcome in answer.outcomes if outcome.against]
    if against:
        lines += ["", "## What does not hold, and for whom", ""]
        lines += [f"- Row {number}: {_shortened(outcome.against)}." for number, outcome in against]
    lines += ["", f"This page was made by `{command}`; figures follow the model, and words the figures."]
    return "\n".join(lines) + "\n"


def _shortened(names: list[str]) -> str:
    if len(names) <= MAX_NAMED:
        return "; ".join(names)
    return f"{'; '.join(names[:MAX_NAMED])}; and {len(names) - MAX_NAMED} more"

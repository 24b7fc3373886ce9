"""Run the command `claims`: hold every claim of the source articles against its twin, and say which work."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from papertiger.cli.console import BadInput, document, printable, say, table
from papertiger.cli.inputs import check_place, check_range
from papertiger.cli.options import MAX_SEED, AsJson, NoImports, Seed
from papertiger.cli.progress import callback, preparing_model, progress

if TYPE_CHECKING:
    from papertiger.experiments.claims.examine import Examination
    from papertiger.experiments.claims.schema import Claims

PAGE = Path("docs/claims.md")
MAX_RUNS = 10_000


def claims_command(
    file: Annotated[
        str, typer.Argument(metavar="FILE", help="Path of a file of claims, or name of the shipped one.")
    ] = "claims",
    runs: Annotated[
        int, typer.Option("--runs", metavar="N", help="How many runs of each world, with the same luck.")
    ] = 400,
    seed: Seed = 1,
    only: Annotated[
        str | None,
        typer.Option(
            "--only", metavar="NUMBERS", help="Claims to examine by key, as 4,5; 4-8 is the five together [all]."
        ),
    ] = None,
    posterior: Annotated[
        str | None,
        typer.Option(
            "--posterior",
            metavar="DRAWS",
            help="Draws that give constants: a shipped name, or a CSV [the files'].",
        ),
    ] = None,
    as_json: AsJson = False,
    write: Annotated[
        bool, typer.Option("--write", help=f"Write the page {PAGE} of a source tree, with its figure and numbers.")
    ] = False,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE.md", help="Write the page there; its figure goes beside it.")
    ] = None,
    _imports: NoImports = None,
) -> None:
    """Hold every claim of the source articles against its twin, and say which work. Takes a minute or two."""
    check_range("--runs", runs, 2, MAX_RUNS, "a number of runs")
    check_range("--seed", seed, 0, MAX_SEED - 1, "a seed")
    target = _target(write, out, only)
    if target is not None and posterior is not None:
        raise BadInput("--posterior with a page: the page holds both, by the key 'learned' of the file of claims")
    from papertiger.experiments.claims.examine import examine, examine_both
    from papertiger.experiments.claims.loader import load_claims
    from papertiger.scenarios import ScenarioError, posteriors

    try:
        if posterior is not None:
            posteriors.load(posterior)
        with progress("reading the claims", quiet=as_json) as show:
            claims = load_claims(file)
            chosen = None if only is None else _chosen(only, claims)
            show(preparing_model())
            worlds = callback(show, "worlds")
            if target is None:
                examination = examine(claims, runs, seed, only=chosen, posterior=posterior, progress=worlds)
            else:
                examination = examine_both(claims, runs, seed, progress=worlds)
                show("drawing the figure")
                _write(examination, target)
    except ScenarioError as error:
        raise BadInput(str(error)) from None
    if as_json:
        from papertiger.experiments.claims.page import plain

        document(plain(examination))
        return
    _report(examination)
    if target is not None:
        say(f"Page in {printable(str(target))}")


def _target(write: bool, out: Path | None, only: str | None) -> Path | None:
    """Return where the page goes, or None where none is asked for."""
    if not write and out is None:
        return None
    option = "--write" if out is None else "--out"
    if only is not None:
        raise BadInput(f"{option} with --only: the page holds all claims")
    if out is None:
        if not PAGE.parent.is_dir():
            raise BadInput(
                f"--write: no folder '{PAGE.parent}' here; elsewhere than in a source tree use --out FILE.md"
            )
        return PAGE
    if out.suffix.lower() != ".md":
        raise BadInput(f"--out {printable(str(out))}: expected a file that ends in .md")
    if out.exists() and not out.is_file():
        raise BadInput(f"--out {printable(str(out))}: is not an ordinary file")
    check_place(out.parent)
    return out


def _chosen(only: str, claims: Claims) -> set[str]:
    from papertiger.scenarios.errors import nearest

    wanted = {part.strip() for part in only.split(",")}
    for key in wanted:
        if key not in claims.claims:
            hint = nearest(key, claims.claims)
            question = "" if hint is None else f" (did you mean '{hint}'?)"
            raise BadInput(f"--only: no claim '{printable(key)}'{question}; there are {', '.join(claims.claims)}")
    return wanted


def _write(examination: Examination, target: Path) -> None:
    from papertiger.experiments.claims.page import files
    from papertiger.experiments.files import write_files

    try:
        write_files(target.parent, files(examination, target.stem))
    except OSError as error:
        raise BadInput(f"{printable(str(target))}: cannot write there: {error.strerror}") from None


def _report(examination: Examination) -> None:
    from papertiger.experiments.claims.schema import DOMAINS
    from papertiger.experiments.claims.sentences import NOTHING, WORDS, headline, sensitivity, under_learned, weakest

    say(printable(headline(examination)))
    if said := sensitivity(examination):
        say(printable(said))
    if said := under_learned(examination):
        say(printable(said))
    say()
    rows = []
    for one in examination.examined:
        cells = []
        for domain in DOMAINS:
            verdict = one.verdict(domain)
            cells.append(NOTHING if verdict is None else " ".join(filter(None, (verdict, weakest(one, domain)))))
        rows.append([one.key, one.claim.short, *cells])
    table(
        f"What each claim does in the model ({examination.runs} runs of each world)",
        [("", "right"), ("claim", "left"), *((WORDS[domain], "left") for domain in DOMAINS)],
        rows,
        caption="claimed world less its twin, of several effects the weakest; –: the claim says nothing of it",
    )
    say("The model is an argument, not evidence.")

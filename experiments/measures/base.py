"""Define what a measure is, and register the kinds of measure that experiment files may name.

A kind is a frozen class of what its entry in the file says, with three methods: which columns it writes, what can be
wrong with it in a scenario, and how it is computed from a batch of runs. Registering one of your own::

    @measure("worst_protection")
    class WorstProtection(Measure):
        \"\"\"The lowest protection that a client ever believed in.\"\"\"

        needs = ("beliefs",)
        client: ClientName

        def compute(self, name, batch):
            return {name: batch.protection(self.client).min(axis=1)}
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, NamedTuple

from pydantic import AfterValidator, BeforeValidator, StringConstraints

from papertiger.model.plugins import load_installed
from papertiger.scenarios.bonds import bonds_of
from papertiger.scenarios.errors import nearest, shorten
from papertiger.scenarios.schema.scenario import Scenario
from papertiger.scenarios.schema.values import MONTH_PATTERN, Part, written_as

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from papertiger.experiments.measures.batch import Batch

type ColumnKind = Literal["number", "flag", "text"]
"""How a column is stored: float64, int8 or text."""

END = "end"
GROUP = "papertiger.measures"


def is_moment(value: str) -> str:
    """Return a month written YYYY-MM, or ``end``; else raise ``ValueError``."""
    if value != END and not MONTH_PATTERN.match(value):
        raise ValueError(f"expected a month written YYYY-MM, or 'end', got {shorten(value)}")
    return value


def _text_of(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


Moment = Annotated[
    str,
    BeforeValidator(_text_of),
    AfterValidator(is_moment),
    written_as(f"{MONTH_PATTERN.pattern}|{END}"),
]
ClientName = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
RegimeLoss = Literal["left_out", "counted"]
"""Whose doing counts: ``left_out`` counts what the regime of the start does by its own choice, ``counted`` what
whoever governs does, the regimes that come after a regime loss included. By default the former.

Where both can be told from the same runs a measure writes both, the one that was not asked for beside the other, so
that whoever reads the results can be told where the two differ.
"""


def other_reading(name: str, regime_loss: RegimeLoss) -> str:
    """Return the column beside a measure's own that holds the other of its two readings.

    >>> other_reading("share", "left_out"), other_reading("share", "counted")
    ('share:successors_counted', 'share:own_choice')
    """
    return f"{name}:{'successors_counted' if regime_loss == 'left_out' else 'own_choice'}"


class Fault(NamedTuple):
    """Report something a measure names that a scenario does not have."""

    key: str
    message: str
    hint: str | None = None


class Measure(Part):
    """Measure runs: the base of all kinds of measure.

    Attributes
    ----------
    kind_name
        How experiment files name the kind; set by the decorator.
    needs
        Names of the trajectories that `compute` reads, see `papertiger.model.ensemble.ensemble.Ensemble.path`;
        ``ledger`` for the log
        of evidence.
    """

    kind_name: ClassVar[str] = ""
    needs: ClassVar[tuple[str, ...]] = ()

    kind: str = ""

    def columns(self, name: str) -> dict[str, ColumnKind]:
        """Return the columns that are written and how each is stored.

        Parameters
        ----------
        name
            The measure's name in the experiment file.
        """
        return {name: "number"}

    @property
    def required(self) -> tuple[str, ...]:
        """Return the trajectories that this measure as it is set reads."""
        return self.needs

    @property
    def moment(self) -> str | None:
        """Return the only month whose state `compute` reads, or None where it reads whole trajectories.

        Of other months nothing is kept then, unless another measure needs them; read the one with `Batch.at`.
        """
        return None

    def faults(self, world: Scenario) -> Iterator[Fault]:
        """Yield what the measure names that a scenario does not have."""
        client = getattr(self, "client", None)
        bonds = bonds_of(world)
        if client is not None and client not in bonds:
            hint = nearest(client, bonds)
            yield Fault("client", f"no client {shorten(client)} in the scenario {world.name}", hint)
        at = getattr(self, "at", END)
        if client is not None and client in bonds and isinstance(self, MomentMeasure):
            leaves = bonds[client].leaves
            if leaves is not None and leaves <= (world.span.end if at == END else at):
                yield Fault("client", f"{client} is out of the network from {leaves} on in {world.name}")
        if at != END and not world.span.start <= at <= world.span.end:
            span = f"{world.span.start} to {world.span.end}"
            yield Fault("at", f"{at} is outside the span of {world.name}, {span}")

    @abstractmethod
    def compute(self, name: str, batch: Batch) -> dict[str, NDArray[Any]]:
        """Return one array per column with one entry per run of the batch.

        Parameters
        ----------
        name
            The measure's name in the experiment file.
        batch
            Runs of one scenario and design point.
        """


class MomentMeasure(Measure):
    """Measure runs in one month: the base of the kinds of measure that read no other.

    Attributes
    ----------
    at
        The month, or ``end``.
    """

    at: Moment = "end"

    @property
    def moment(self) -> str | None:
        """Return the month."""
        return self.at


_KINDS: dict[str, type[Measure]] = {}


def measure[M: type[Measure]](kind: str) -> Callable[[M], M]:
    """Register a kind of measure, so that experiment files may name it.

    Parameters
    ----------
    kind
        The name that files give as ``kind``.

    Raises
    ------
    ValueError
        If another class has the name already.
    """

    def register(cls: M) -> M:
        known = _KINDS.get(kind)
        if known is not None and (known.__module__, known.__qualname__) != (cls.__module__, cls.__qualname__):
            raise ValueError(f"the kind of measure {kind!r} is already that of {known.__module__}.{known.__name__}")
        cls.kind_name = kind
        _KINDS[kind] = cls
        return cls

    return register


def kinds() -> list[str]:
    """Return the names of the registered kinds, sorted; those of installed packages are looked up."""
    load_installed(GROUP)
    return sorted(_KINDS)


def measure_class(kind: str) -> type[Measure] | None:
    """Return the class of a kind, or None."""
    if kind not in _KINDS:
        load_installed(GROUP)
    return _KINDS.get(kind)

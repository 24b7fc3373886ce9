"""Define the typed, frozen form of an experiment file. Computes nothing but names and counts."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePath
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, SerializeAsAny, StrictBool, StrictInt, StringConstraints, model_validator

from papertiger.experiments.design.decisions import GivenDecision
from papertiger.experiments.design.precision import Precision
from papertiger.experiments.measures import Measure, kinds, measure_class
from papertiger.experiments.measures.base import END, Moment
from papertiger.model.theories import SHIPPED
from papertiger.scenarios.errors import listing, shorten
from papertiger.scenarios.schema.figures import FAMILIES, Distribution
from papertiger.scenarios.schema.values import Finite, Part, Text

DESIGNS = ("one-at-a-time", "grid", "random", "latin-hypercube", "sobol", "morris", "points")
ANALYSES = ("survival", "incidence", "sobol", "morris", "prim", "convergence")
SAMPLED = ("random", "latin-hypercube", "sobol")
"""Designs that want to be told how many points."""

MAX_RUNS = 100_000_000
"""More runs than this, over all scenarios and points, are taken for a slip."""
MAX_SEED = 2**63 - 1

Name = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[A-Za-z][A-Za-z0-9_.-]*$", max_length=60)]
"""A name that can stand as a column and in a file name."""


class ScenarioEntry(Part):
    """Name one of the scenarios to compare; in the file mostly just its name or path."""

    scenario: Text = Field(description="name of a shipped scenario, or a path from this file's folder")
    label: Name | None = Field(
        default=None, description="what rows and figures call it; blank takes the scenario's name"
    )
    title: Text | None = Field(
        default=None,
        description="what reports call it; blank takes the scenario's title, or the label where settings change it",
    )
    settings: dict[Text, Any] = Field(
        default_factory=dict, description="values changed for this scenario alone, by path"
    )
    frozen: tuple[Literal["capability", "resolve"], ...] = Field(
        default=(), description="beliefs that stay at their priors here, whatever happens; both: nobody's trust moves"
    )

    decisions: tuple[GivenDecision, ...] | None = Field(
        default=None, description="decisions that are given here in place of the rules', the same in every run"
    )
    rules: Text | None = Field(
        default=None, description="name of a theory of your own, whose rules take the place of the shipped ones here"
    )

    @model_validator(mode="before")
    @classmethod
    def _shorthand(cls, data: Any) -> Any:
        return {"scenario": data} if isinstance(data, str) else data

    @property
    def changed(self) -> bool:
        """Tell whether it is another world than the scenario that it names."""
        return bool(self.settings or self.frozen or self.decisions or self.theory)

    @property
    def theory(self) -> str | None:
        """Return the name of the theory whose rules hold here, or None for the shipped ones."""
        return None if self.rules == SHIPPED else self.rules

    @property
    def name(self) -> str:
        """Return what rows and figures call it."""
        stem = PurePath(self.scenario.replace("\\", "/")).name.removesuffix(".yaml").removesuffix(".yml")
        return self.label or (stem if self.theory is None else f"{stem}_{self.theory}")


def in_words(factor: str) -> str:
    """Return the name of a factor for people, where it has no title.

    >>> in_words("parameters.choice_noise"), in_words("clients.Alfa.threat")
    ('choice noise', 'clients: Alfa: threat')
    """
    return ": ".join(part.replace("_", " ") for part in factor.removeprefix("parameters.").split("."))


class Factor(Part):
    """Vary a figure, by its path, over a distribution or levels; or all figures with a prior."""

    path: Text | None = Field(default=None, description="dotted path of a figure, such as parameters.forgetting")
    title: Text | None = Field(
        default=None, description="what reports call it, beside path; blank takes the factor's name in words"
    )
    priors: Text | None = Field(
        default=None, description="one factor for each figure beneath this path that has a prior, over that prior"
    )
    without: tuple[Text, ...] = Field(
        default=(), description="beside priors: names beneath the path that do not vary"
    )
    levels: tuple[Finite, ...] | None = Field(default=None, description="the values it takes", min_length=1)
    uniform: tuple[Finite, Finite] | None = Field(default=None, description="[low, high]")
    loguniform: tuple[Finite, Finite] | None = Field(default=None, description="[low, high], both above 0")
    normal: tuple[Finite, Finite] | None = Field(default=None, description="[mean, standard deviation]")
    lognormal: tuple[Finite, Finite] | None = Field(default=None, description="[median, sigma of the logarithm]")
    beta: tuple[Finite, Finite] | None = Field(default=None, description="[alpha, beta]")
    choice: tuple[Finite, ...] | None = Field(default=None, description="equally likely values", min_length=1)

    @model_validator(mode="after")
    def _one_of_each(self) -> Factor:
        if (self.path is None) == (self.priors is None):
            raise ValueError("expected either 'path', one figure, or 'priors', all figures beneath a path")
        given = [name for name in ("levels", *FAMILIES) if getattr(self, name) is not None]
        if self.title is not None and self.path is None:
            raise ValueError("'title' names one figure, so it cannot stand beside 'priors'")
        if self.without and self.priors is None:
            raise ValueError("'without' leaves names out of 'priors', so it cannot stand beside 'path'")
        if self.priors is not None and given:
            raise ValueError(f"'priors' takes the priors of the scenario, so it cannot have '{given[0]}'")
        if len(given) > 1:
            raise ValueError(f"expected one of {listing(('levels', *FAMILIES))}, got {listing(given)}")
        if self.distribution is None and self.levels is not None and len(set(self.levels)) != len(self.levels):
            raise ValueError("expected levels that differ, got one twice")
        return self

    @property
    def distribution(self) -> Distribution | None:
        """Return the distribution that is given, or None."""
        for family in FAMILIES:
            if (numbers := getattr(self, family)) is not None:
                return Distribution.model_validate({family: numbers})
        return None


class Design(Part):
    """Choose which points of the factors' space are run."""

    kind: Literal["one-at-a-time", "grid", "random", "latin-hypercube", "sobol", "morris", "points"]
    points: int | None = Field(
        default=None,
        strict=True,
        ge=1,
        description="random, latin-hypercube: how many; sobol: size of the base sample, a power of 2",
    )
    levels: int | None = Field(
        default=None, strict=True, ge=2, le=1000, description="one-at-a-time, grid, morris: levels of a distribution"
    )
    trajectories: int | None = Field(
        default=None, strict=True, ge=2, description="morris: how many ways through the space"
    )
    second_order: StrictBool = Field(default=False, description="sobol: sample for interactions of pairs, too")
    file: Text | None = Field(
        default=None, description="points: a CSV with one column per factor, from this file's folder"
    )

    @model_validator(mode="after")
    def _fits(self) -> Design:
        wanted = {"points": ("file",), "morris": ("trajectories",), **dict.fromkeys(SAMPLED, ("points",))}
        allowed = {
            "points": ("file",),
            "morris": ("trajectories", "levels"),
            "sobol": ("points", "second_order"),
            "one-at-a-time": ("levels",),
            "grid": ("levels",),
        }
        for field in wanted.get(self.kind, ()):
            if getattr(self, field) is None:
                raise ValueError(f"a design of the kind '{self.kind}' needs the key '{field}'")
        for field in ("points", "levels", "trajectories", "file", "second_order"):
            if getattr(self, field) not in (None, False) and field not in allowed.get(self.kind, ("points",)):
                raise ValueError(f"a design of the kind '{self.kind}' has no use for the key '{field}'")
        if self.kind == "sobol" and self.points is not None and self.points & (self.points - 1):
            below = 1 << (self.points.bit_length() - 1)
            raise ValueError(
                f"sobol: expected a power of 2 as points, got {self.points}; take {below} or {2 * below}"
            )
        if self.kind == "morris" and self.levels is not None and self.levels % 2:
            raise ValueError(f"morris: expected an even number of levels, got {self.levels}")
        return self


class Comparison(Part):
    """Compare two scenarios on some measures."""

    baseline: Text
    against: Text
    measures: tuple[Text, ...] = Field(default=(), description="names of measures; none takes all that are numbers")
    headline: StrictBool = Field(default=False, description="the report's first sentence is about this comparison")


class Ablation(Part):
    """Say what the baseline has and another scenario lacks, to show how far it moves each client."""

    of: Text = Field(description="what is taken away, as a noun in a sentence, such as 'trust'")
    without: Text = Field(description="the scenario that lacks it")
    at: Moment = Field(default=END, description="every measure of the kind 'posture' of this month is looked at")
    headline: StrictBool = Field(default=False, description="the report's first sentences say what it explains")


class Analysis(Part):
    """Ask for a further analysis of one measure."""

    kind: Literal["survival", "incidence", "sobol", "morris", "prim", "convergence"]
    measure: Text
    destination: Text | None = Field(
        default=None,
        description="incidence: the measure that says where the client went; blank for a first_move, which tells",
    )
    scenario: Text | None = Field(default=None, description="only this scenario; blank takes each")
    threshold: Finite | None = Field(default=None, description="prim: where the outcome of interest begins")
    above: StrictBool = Field(
        default=True, description="prim: is the outcome of interest above the threshold, or below"
    )
    tolerance: Annotated[float, Field(gt=0)] | None = Field(
        default=None, description="convergence: half the width of the interval that is good enough"
    )


def _measure(data: Any) -> Any:
    """Make the measure that an entry describes, of the class registered for its kind."""
    if isinstance(data, Measure) or not isinstance(data, Mapping):
        return data
    cls = measure_class(str(data.get("kind", "")))
    if cls is None:
        raise ValueError(f"expected a kind of measure, one of {listing(kinds())}, got {shorten(data.get('kind'))}")
    return cls.model_validate(data)


class Experiment(Part):
    """Define a whole experiment."""

    name: Text = Field(description="the file's name without its ending; set by the loader")
    title: Text
    question: Text = Field(description="what the experiment asks, as one plain sentence")
    description: Text
    claims: tuple[StrictInt, ...] = Field(default=(), description="numbers of the claims this experiment bears on")
    seed: int = Field(default=1, strict=True, ge=0, le=MAX_SEED, description="seed of the draws")
    replicates: int = Field(
        strict=True, ge=1, description="runs per scenario and design point; the same luck for every one of them"
    )
    precision: Precision | None = Field(
        default=None, description="how narrow intervals are to be; replicates are added to those above until they are"
    )
    scenarios: tuple[ScenarioEntry, ...] = Field(
        min_length=1, description="what is compared; the first is the baseline"
    )
    settings: dict[Text, Any] = Field(default_factory=dict, description="values changed in all scenarios, by path")
    vary: dict[Name, Factor] = Field(default_factory=dict, description="what varies, by a name of your own")
    design: Design | None = Field(default=None, description="which points are run; left out when nothing varies")
    measures: dict[Name, Annotated[SerializeAsAny[Measure], BeforeValidator(_measure)]] = Field(
        min_length=1, description="what is written down of every run, by a name of your own"
    )
    comparisons: tuple[Comparison, ...] = Field(
        default=(), description="left out: the baseline against each other scenario on every measure"
    )
    ablations: tuple[Ablation, ...] = Field(
        default=(), description="what the baseline is shown without, one thing after the other, client by client"
    )
    analyses: tuple[Analysis, ...] = Field(default=(), description="further analyses")
    answer: Text | None = Field(default=None, description="template of the report's first sentence")

    @property
    def theories(self) -> dict[str, str]:
        """Return the name of the theory of each scenario that has one, by label."""
        return {entry.name: entry.theory for entry in self.scenarios if entry.theory is not None}

    def decisions_in(self, label: str) -> tuple[GivenDecision, ...]:
        """Return the decisions that are given in a scenario, by its label."""
        return next(entry.decisions or () for entry in self.scenarios if entry.name == label)

    @property
    def labels(self) -> tuple[str, ...]:
        """Return what rows call the scenarios, the baseline first."""
        return tuple(entry.name for entry in self.scenarios)

    def is_time(self, measure: str) -> bool:
        """Tell whether a measure is a time to an event that may not happen."""
        part = self.measures.get(measure)
        return part is not None and f"{measure}:event" in part.columns(measure)

    @property
    def number_measures(self) -> tuple[str, ...]:
        """Return the names of the measures whose column is a number."""
        return tuple(name for name, part in self.measures.items() if part.columns(name)[name] != "text")

    def rungs(self, at: str) -> tuple[str, ...]:
        """Return the names of the measures of a posture in a month, one a client."""
        rungs = {
            getattr(part, "client", ""): name
            for name, part in self.measures.items()
            if type(part).kind_name == "posture" and getattr(part, "at", None) == at
        }
        return tuple(rungs.values())

    @property
    def ablated(self) -> frozenset[str]:
        """Return the names of the measures that ablations look at."""
        return frozenset(name for ablation in self.ablations for name in self.rungs(ablation.at))

    @property
    def pairs(self) -> tuple[Comparison, ...]:
        """Return the comparisons to make, with their measures: those given, or the baseline with each other one.

        Measures that an ablation looks at stand there, and only in a comparison that names them.
        """
        given = self.comparisons or tuple(
            Comparison(baseline=self.labels[0], against=other, headline=number == 0)
            for number, other in enumerate(self.labels[1:])
        )
        own = tuple(name for name in self.number_measures if name not in self.ablated) or self.number_measures
        return tuple(pair if pair.measures else pair.model_copy(update={"measures": own}) for pair in given)

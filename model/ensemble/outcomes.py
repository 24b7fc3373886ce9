"""What many runs came to, as tables: shares of postures, bands, trajectories, and why beliefs moved."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from papertiger.model.ensemble.batches import BINS, Job, Plan
from papertiger.model.ensemble.kernel import PATHS, PATRON_MEASURES, PATRON_TOPS, UNIT, Kept
from papertiger.model.ensemble.ledger import ledger_of, mean_shares
from papertiger.model.randomness import check_whole
from papertiger.model.run import break_table, ledger_table, shares_of, why_table
from papertiger.model.shown import html_of, one_line
from papertiger.scenarios.arguments import check_name
from papertiger.scenarios.schema.values import POSTURES

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from papertiger.model.setting import Setting

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)


def patron_measures(setting: Setting) -> tuple[str, ...]:
    """Return the names of the patrons' measures in the order of runs: the first patron's are plain."""
    further = setting.patrons[1:]
    return (*PATRON_MEASURES, *(f"{name} of {patron.name}" for patron in further for name in PATRON_MEASURES))


class Ensemble:
    """What many runs of a scenario came to.

    Parameters
    ----------
    plan
        What was run.
    kept
        Counters, and trajectories if they were asked for.

    Attributes
    ----------
    scenario, setting, runs
        What was run, the same in numbers, and how often.
    months, clients
        Names, lengths T and N.
    first_month
        Index of the first month that was run.
    """

    def __init__(self, plan: Plan, kept: Kept) -> None:
        self.plan, self.kept = plan, kept
        self.scenario, self.setting, self.runs = plan.scenario, plan.job.tables.setting, plan.runs
        self.first_month = plan.job.start.month
        setting = self.setting
        self.months = setting.months
        self.clients = tuple(client.name for client in setting.clients)

    def __repr__(self) -> str:
        span = f"{self.months[self.first_month]} to {self.months[-1]}"
        clients = len(set(self.clients))
        return one_line(
            self, f"{self.scenario.name}, {span}, {self.runs:,} runs, {clients} clients, seed {self.plan.seed}"
        )

    def _repr_html_(self) -> str:
        shares = self.posture_shares
        return html_of(repr(self), shares[shares["month"] == self.months[-1]])

    @cached_property
    def posture_shares(self) -> pd.DataFrame:
        """Share of runs on each rung: one row per month and client, one column per posture."""
        import pandas as pd  # noqa: PLC0415 - pandas is slow to import

        counts = self.kept.counts[self.first_month :]
        total = counts.sum(axis=2, keepdims=True)
        shares = np.divide(counts, total, out=np.zeros(counts.shape), where=total > 0)
        index = pd.MultiIndex.from_product([self.months[self.first_month :], self.clients], names=["month", "client"])
        return pd.DataFrame(shares.reshape(-1, len(POSTURES)), index=index, columns=list(POSTURES)).reset_index()

    @cached_property
    def bands(self) -> pd.DataFrame:
        """Mean and quantiles of protection, one row per month and client. Asked for by ``keep="bands"``.

        Quantiles are exact to one of 512 equal steps of [0, 1], the mean to 2 ** -40.
        """
        return self._bands(self.kept.bins, self.kept.sums, self.clients, "client", np.ones(len(self.clients)))

    @cached_property
    def patron_bands(self) -> pd.DataFrame:
        """Mean and quantiles of the patron's measures: one row per month and measure.

        Those of further patrons are called by their name, such as ``credibility of NAME``.
        """
        names = patron_measures(self.setting)
        tops = np.array(PATRON_TOPS * len(self.setting.patrons))
        return self._bands(self.kept.patron_bins, self.kept.patron_sums, names, "measure", tops)

    def _bands(
        self,
        bins: NDArray[np.int64],
        sums: NDArray[np.int64],
        names: tuple[str, ...],
        label: str,
        tops: NDArray[np.float64],
    ) -> pd.DataFrame:
        import pandas as pd  # noqa: PLC0415 - pandas is slow to import

        if len(bins) == 0:
            raise ValueError('bands were not kept: ask for them with keep="bands"')
        bins, sums = bins[self.first_month :], sums[self.first_month :]
        seen = bins.sum(axis=2)
        index = pd.MultiIndex.from_product([self.months[self.first_month :], names], names=["month", label])
        columns = {"mean": np.divide(sums / UNIT, seen, out=np.full(sums.shape, np.nan), where=seen > 0).ravel()}
        reached = np.cumsum(bins, axis=2)
        for quantile in QUANTILES:
            place = (reached >= np.ceil(quantile * seen)[:, :, None]).argmax(axis=2)
            values = np.where(seen > 0, (place + 0.5) / BINS * tops, np.nan)
            columns[f"q{round(100 * quantile):02d}"] = values.ravel()
        return pd.DataFrame(columns, index=index).reset_index()

    def path(self, name: str) -> NDArray[Any]:
        """Return a trajectory, runs first. Asked for by ``keep="paths"``.

        Parameters
        ----------
        name
            ``postures``, ``destinations`` or ``regimes`` (R x T x N); ``beliefs`` (R x T x N x 4: alpha and beta of
            capability, then of resolve); ``levels`` (R x T x N x the names of
            `papertiger.model.ensemble.kernel.LEVELS`); ``offers``
            (R x T x N x K); ``patron`` (R x T x the names of `papertiger.model.ensemble.kernel.PATRON_MEASURES`,
            once for each patron).
        """
        check_name(name, PATHS, "path")
        values: NDArray[Any] = getattr(self.kept, name)
        if len(values) == 0:
            raise ValueError('paths were not kept: ask for them with keep="paths"')
        return values[:, self.first_month :]

    def ledger(self, run: int) -> pd.DataFrame:
        """Return the ledger of one run, made by running it once more.

        Parameters
        ----------
        run
            Its number, counted from the ensemble's ``first_run``.

        Returns
        -------
        pandas.DataFrame
            As `papertiger.model.run.Run.ledger`; what a continued run brought along stands in its first
            rows.
        """
        job, number = self._job(run)
        return ledger_table(ledger_of(job, number), job.tables.setting)

    def breaks(self, run: int) -> pd.DataFrame:
        """Return the breaks of one run, made by running it once more; the columns are those of `Run.breaks`.

        Parameters
        ----------
        run
            Its number, counted from the ensemble's ``first_run``.
        """
        job, number = self._job(run)
        return break_table(ledger_of(job, number), job.tables.setting)

    def why(self, client: str, run: int | None = None) -> pd.DataFrame:
        """Return why a client's beliefs moved from its first prior to the last month, largest part first.

        Parameters
        ----------
        client
            Its name.
        run
            Number of one run, counted from the ensemble's ``first_run``; blank takes the mean over all runs, which is
            asked for by ``keep="ledger"``.

        Raises
        ------
        ValueError
            If there is no such client or run, or the ledger was not kept.

        Returns
        -------
        pandas.DataFrame
            Columns cause, channel, capability, resolve, protection. Each column of numbers sums to the change. In a
            mean, dated events stand one by one and what the rules made is grouped by its kind.
        """
        index = self.clients.index(check_name(client, self.clients, "client"))
        if run is None:
            if len(self.kept.parts) == 0:
                raise ValueError('the ledger was not kept: ask for it with keep="ledger"')
            return why_table(mean_shares(self.kept.parts[index], self.setting, self.runs))
        job, number = self._job(run)
        setting = job.tables.setting
        return why_table(shares_of(ledger_of(job, number), setting, index, len(setting.months) - 1))

    def _job(self, run: int) -> tuple[Job, int]:
        number = self.plan.first_run + check_whole("run", run, 0, self.runs - 1)
        return self.plan.job_of(number), number

"""Hold made-up files of GDELT: no row of column names, tabs, no quotes."""

from papertiger.scenarios.datasets.readers.gdelt import DAILY
from tests.scenarios.datasets.samples.base import Sample


def row(names: tuple[str, ...], **given: str) -> str:
    """Return a row of a layout, empty where nothing is given."""
    return "\t".join(given.get(name, "") for name in names) + "\n"


def event(names: tuple[str, ...], number: int, date: str, pair: str, code: str, scale: str, quad: str) -> str:
    """Return an event between the governments of two states, such as ``AZE-ARM``."""
    one, two = pair.split("-")
    return row(
        names,
        GLOBALEVENTID=str(number), SQLDATE=date, MonthYear=date[:6], Year=date[:4], FractionDate=f"{date[:4]}.3342",
        Actor1Code=f"{one}GOV", Actor1Name=f"{one.title()} \"Old\" Government", Actor1CountryCode=one,
        Actor1Type1Code="GOV", Actor2Code=two, Actor2Name=two, Actor2CountryCode=two, IsRootEvent="1", EventCode=code,
        EventBaseCode=code[:3], EventRootCode=code[:2], QuadClass=quad, GoldsteinScale=scale, NumMentions="14",
        NumSources="2", NumArticles="14", AvgTone="-3.75", ActionGeo_Type="4", ActionGeo_CountryCode="AM",
        ActionGeo_FullName="São Ridge", ActionGeo_Lat="40.25", ActionGeo_Long="44.5", ActionGeo_FeatureID="-7",
        DATEADDED=date, SOURCEURL=f"https://wire.example/{number}",
    )  # fmt: skip


SAMPLES = (
    Sample(
        "gdelt",
        "20210503.export.CSV",
        event(DAILY, 301, "20210503", "AZE-ARM", "190", "-10", "4")
        + event(DAILY, 302, "20210503", "RUS-ARM", "043", "2.8", "1")
        + event(DAILY, 303, "20210502", "RUS-ARM", "1631", "-8", "4")
        + event(DAILY, 304, "20210503", "-ARM", "010", "0", "1"),
        rows=4,
        delimiter="\t",
    ),
)

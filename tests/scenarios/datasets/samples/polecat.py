"""Hold made-up files of POLECAT."""

from tests.scenarios.datasets.samples.base import Sample

HEADER = (
    "Event ID", "Event Date", "Event Type", "Event Mode", "Intensity", "Quad Code", "Contexts", "Actor Name",
    "Actor Country", "Actor COW", "Primary Actor Sector", "Actor Sectors", "Actor Title", "Actor Name Raw",
    "Wikipedia Actor ID", "Recipient Name", "Recipient Country", "Recipient COW", "Primary Recipient Sector",
    "Recipient Sectors", "Recipient Title", "Recipient Name Raw", "Wikipedia Recipient ID", "Placename", "City",
    "District", "Province", "Country", "Latitude", "Longitude", "GeoNames ID", "Raw Placename", "Feature Type",
    "Source", "Publication Date", "Story People", "Story Organizations", "Story Locations", "Language", "Version",
)  # fmt: skip


def event(number: int, date: str, kind: str, mode: str, intensity: str, actor: str, recipient: str) -> str:
    """Return an event between the governments of two states."""
    given = {
        "Event ID": f"2021-{number}-NGEC", "Event Date": date, "Event Type": kind, "Event Mode": mode,
        "Intensity": intensity, "Quad Code": "MATERIAL CONFLICT", "Contexts": "military;territory",
        "Actor Name": "Ministério" if actor else "None", "Actor Country": actor or "None", "Actor COW": "373",
        "Primary Actor Sector": "GOV", "Recipient Name": "Government's envoy", "Recipient Country": recipient,
        "Recipient COW": "371", "Primary Recipient Sector": "MIL", "Country": recipient, "Latitude": "40.25",
        "Longitude": "44.5", "Source": "Wire", "Publication Date": date, "Language": "en", "Version": "NGEC_v2.1",
    }  # fmt: skip
    return "\t".join(given.get(name, "") for name in HEADER) + "\n"


SAMPLES = (
    Sample(
        "polecat",
        "ngecEvents.20210510111842.Release603.DV.txt",
        "\t".join(HEADER)
        + "\n"
        + event(1, "2021-05-03", "ASSAULT", "heavy-weapons", "-9.5", "AZE", "ARM")
        + event(2, "2021-05-04", "CONSULT", "visit", "2.0", "RUS", "ARM")
        + event(3, "2021-05-05", "SANCTION", "None", "-6.0", "RUS", "ARM")
        + event(4, "2021-05-06", "COERCE", "arrest", "", "", "ARM"),
        rows=4,
        delimiter="\t",
    ),
)

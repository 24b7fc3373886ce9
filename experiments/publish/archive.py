"""Write an archive of a folder of results, the same bytes each time, and read one without trusting it."""

from __future__ import annotations

import hashlib
import io
import lzma
import os
import re
import struct
import zipfile
import zlib
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from papertiger.experiments.errors import FolderError
from papertiger.experiments.publish.crate import METADATA, Author, metadata
from papertiger.experiments.publish.documents import checklists, codemeta, filled, odd, readme
from papertiger.experiments.publish.facts import Facts
from papertiger.experiments.report.page import INDEX, REPORT, read_index, write_report
from papertiger.experiments.run.manifest import (
    EXPERIMENT,
    MANIFEST,
    PARTS,
    POINTS,
    RESOLVED,
    check_files,
    read_checked,
)
from papertiger.scenarios.errors import shorten
from papertiger.scenarios.files import write_file
from papertiger.scenarios.reading.json_reader import JsonError, JsonShape, parse_json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from papertiger.experiments.run.results import Results

CONTENTS = "archive.json"
FORMAT = 1
EPOCH = (1980, 1, 1, 0, 0, 0)
"""The date of every file within, since the day of packing is nobody's result."""
MAX_BYTES = 4_000_000_000
MAX_JSON = 50_000_000
CHUNK = 1 << 20
NAME = re.compile(r"(?:(?:parts|tables|figures|code)/)?[A-Za-z0-9_][A-Za-z0-9_.-]*")
"""What a file of an archive may be called: nothing that leads out of the folder it is unpacked into."""
MODULE = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*")
DAMAGED = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, RuntimeError, EOFError, ValueError)
"""What reading an archive raises where bytes of it have changed; RuntimeError where they say that it is encrypted."""


class Contents(JsonShape):
    """List what an archive holds: its format, SHA-256 of each file by name, and that of own code by module."""

    format: int
    files: dict[str, str]
    imports: dict[str, str]


def publish(
    results: Results,
    file: Path,
    *,
    authors: Sequence[str] = (),
    license_: str | None = None,
    date: str | None = None,
) -> Contents:
    """Write an archive of results that describes itself.

    Parameters
    ----------
    results
        An opened folder that is finished; its report is written if there is none.
    file
        The archive, which takes the place of one that is there.
    authors
        Names, each with an ORCID in angle brackets if there is one.
    license_
        Address of the archive's licence; blank leaves it to the author.
    date
        YYYY-MM-DD; blank takes the day on which the rows were finished.

    Raises
    ------
    FolderError
        If the experiment is not finished, or a file is not what was written.
    """
    if not results.manifest.finished:
        raise FolderError(f"{results.folder}: this experiment is not finished; start it again, then publish it")
    if file.resolve().is_relative_to(results.folder.resolve()):
        raise FolderError(f"{file}: lies in the folder that is to be published; write the archive elsewhere")
    check_files(results.folder, results.manifest)
    named = [Author.of(text) for text in authors]
    day = date or _day_of(results.folder / MANIFEST)
    if not (results.folder / REPORT).is_file():
        write_report(results)
    facts = Facts(results)
    content = _of_folder(results)
    content |= {f"code/{code.name}.py": code.source for code in facts.own_code if code.source is not None}
    content |= {f"{one.name}.md": filled(one, facts).encode() for one in checklists()}
    content |= {"ODD.md": odd(facts).encode(), "codemeta.json": codemeta(facts, named, day).encode()}
    content["README.md"] = readme(facts, sorted([*content, "README.md", CONTENTS, METADATA])).encode()
    imports = {code.name: _sha256(code.source) if code.source else "" for code in facts.own_code}
    # The list holds the description's hash, so the description names the list without one.
    sizes = {name: (len(data), _sha256(data)) for name, data in content.items()}
    listed = dict(sorted({**sizes, CONTENTS: None}.items()))
    content[METADATA] = metadata(facts, listed, named, license_, day).encode()
    hashes = {name: _sha256(data) for name, data in sorted(content.items())}
    contents = Contents(format=FORMAT, files=hashes, imports=imports)
    content[CONTENTS] = (contents.model_dump_json(indent=1) + "\n").encode()
    write_file(file, packed(content))
    return contents


def _of_folder(results: Results) -> dict[str, bytes]:
    """Return what the run and its report wrote; whatever else lies in the folder is nobody's to publish."""
    folder = results.folder
    content = {
        f"{PARTS}/{name}": read_checked(folder / PARTS / name, part.sha256)
        for name, part in results.manifest.parts.items()
    }
    for name, sha256 in read_index(folder).files.items():
        try:
            content[name] = read_checked(folder / name, sha256)
        except FolderError:
            again = f"write the report again: papertiger report {folder}"
            raise FolderError(f"{folder / name}: is not what the report wrote; {again}") from None
    names = [MANIFEST, EXPERIMENT, RESOLVED, POINTS, REPORT, INDEX]
    return content | {name: (folder / name).read_bytes() for name in names if (folder / name).is_file()}


def _day_of(file: Path) -> str:
    """Return the day on which a file was written, or that of SOURCE_DATE_EPOCH, as builds take it."""
    stamp = os.environ.get("SOURCE_DATE_EPOCH", "")
    seconds = int(stamp) if stamp.isdigit() else int(file.stat().st_mtime)
    return datetime.fromtimestamp(seconds, UTC).date().isoformat()


def packed(content: dict[str, bytes]) -> bytes:
    """Return files as one archive; the same files give the same bytes.

    Parameters
    ----------
    content
        Bytes by name.
    """
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name in sorted(content):
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            entry.create_system = 3
            archive.writestr(entry, content[name], compresslevel=9)
    return target.getvalue()


def unpack(file: Path, folder: Path) -> Contents:
    """Unpack an archive into an empty folder, each file checked against the list.

    Parameters
    ----------
    file, folder
        The archive, and where to.

    Raises
    ------
    FolderError
        If it is no archive of results, or a file is missing, foreign or not what was published; it names the first.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            contents = _contents_of(archive, file)
            for name, sha256 in sorted(contents.files.items()):
                target = folder / name
                target.parent.mkdir(exist_ok=True)
                with archive.open(name) as source, target.open("wb") as copy:
                    digest = hashlib.sha256()
                    while data := source.read(CHUNK):
                        digest.update(data)
                        copy.write(data)
                if digest.hexdigest() != sha256:
                    raise FolderError(f"{file}: the file '{name}' is not the one that was published")
    except OSError as error:
        raise FolderError(f"{file}: cannot read the archive: {error.strerror or error}") from None
    except DAMAGED as error:
        raise FolderError(f"{file}: cannot read the archive: {error}") from None
    return contents


def _contents_of(archive: zipfile.ZipFile, file: Path) -> Contents:
    """Return what an archive says that it holds, if it holds exactly that."""
    entries: dict[str, zipfile.ZipInfo] = {}
    for entry in archive.infolist():
        if entry.filename in entries:
            raise FolderError(f"{file}: the file {entry.filename!r} is in it twice")
        entries[entry.filename] = entry
    if sum(entry.file_size for entry in entries.values()) > MAX_BYTES:
        raise FolderError(f"{file}: more than {MAX_BYTES:,} bytes when unpacked")
    if CONTENTS not in entries:
        raise FolderError(f"{file}: no archive of results (it has no {CONTENTS})")
    with archive.open(CONTENTS) as source:
        said = source.read(MAX_JSON + 1)
    try:
        contents = parse_json(said, Contents, CONTENTS, max_bytes=MAX_JSON)
    except JsonError as error:
        raise FolderError(f"{file}: cannot read the archive: {error}") from None
    if contents.format != FORMAT:
        raise FolderError(f"{file}: its format is {contents.format}, this version reads {FORMAT}")
    for name in sorted({*entries, *contents.files, METADATA} - {CONTENTS}):
        if not NAME.fullmatch(name) or (name in entries and name not in contents.files):
            raise FolderError(f"{file}: the file {name!r} does not belong to it")
        if name not in entries:
            raise FolderError(f"{file}: the file '{name}' is missing")
    for module in contents.imports:
        if not MODULE.fullmatch(module):
            raise FolderError(f"{file}: {CONTENTS}: imports: expected names of modules, got {shorten(module)}")
    return contents


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()

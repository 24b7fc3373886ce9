"""The house holds together: imports run one way, and the code does not know the case."""

from __future__ import annotations

import ast
import json
import re
import subprocess
from collections.abc import Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from papertiger import scenarios
from papertiger.scenarios.schema.values import LANGUAGES

pytestmark = pytest.mark.xdist_group("architecture")  # each file is parsed once, by one worker

ROOT = Path(__file__).parent.parent
ORDER = ("scenarios", "model", "experiments", "wargame", "papertiger")
PACKAGES = ORDER[:-1]
"""The folders at the top that are imported as ``papertiger.model`` and so on."""
FILES = sorted(file for package in ORDER for file in (ROOT / package).rglob("*.py"))
MAX_LINES = 450
LONG_MODULES: dict[str, str] = {
    "tests/experiments/report/test_report.py": "the page as a whole, of one report of each kind",
}
"""Modules that may be longer, each with its reason."""


def named(file: Path) -> str:
    return str(file.relative_to(ROOT))


@cache
def tree_of(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"))


@cache
def nodes_of(file: Path) -> tuple[ast.AST, ...]:
    """Return all nodes of a file's tree, which several tests go through."""
    return tuple(ast.walk(tree_of(file)))


def module_of(file: Path) -> str:
    """Return the name that a file is imported by."""
    parts = file.relative_to(ROOT).with_suffix("").parts
    parts = parts[:-1] if parts[-1] == "__init__" else parts
    return ".".join(parts if parts[0] == "papertiger" else ("papertiger", *parts))


MODULES = {module_of(file): file for file in FILES}


def imported(file: Path) -> set[str]:
    """Return the packages of the project that a module imports; ``papertiger`` stands for the front door."""
    packages: set[str] = set()
    for node in nodes_of(file):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{named(file)} imports relatively"
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        else:
            continue
        for name in names:
            first, *rest = name.split(".")
            if first == "papertiger":
                packages.add(rest[0] if rest and rest[0] in PACKAGES else "papertiger")
            else:
                packages.add(first)
    return packages


def test_there_is_something_to_check() -> None:
    assert len(FILES) > 30
    assert {file.relative_to(ROOT).parts[0] for file in FILES} >= set(ORDER)


def test_imports_run_one_way() -> None:
    wrong = {}
    for file in FILES:
        rank = ORDER.index(file.relative_to(ROOT).parts[0])
        if backwards := imported(file) & {*ORDER[rank + 1 :], "tests", "benchmarks"}:
            wrong[named(file)] = backwards
    assert wrong == {}


# No circles


def run_imports(node: ast.AST, *, late: bool) -> Iterator[ast.Import | ast.ImportFrom]:
    """Yield the imports that are carried out, so none for types alone; those inside functions only if `late`."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import | ast.ImportFrom):
            yield child
        elif isinstance(child, ast.If) and _is_for_types(child.test):
            for other in child.orelse:
                yield from run_imports(other, late=late)
        elif isinstance(child, ast.expr):  # an import is a statement
            continue
        elif late or not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            yield from run_imports(child, late=late)


def _is_for_types(test: ast.expr) -> bool:
    names = (getattr(part, "id", getattr(part, "attr", "")) for part in ast.walk(test))
    return "TYPE_CHECKING" in names


def imported_modules(file: Path, *, late: bool) -> set[str]:
    """Return the modules of the project that a module names in its imports."""
    targets: set[str] = set()
    for node in run_imports(tree_of(file), late=late):
        if isinstance(node, ast.Import):
            targets |= {alias.name for alias in node.names}
        else:
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                targets.add(inner if inner in MODULES else str(node.module))
    return (targets & set(MODULES)) - {module_of(file)}


def circle_of(graph: dict[str, set[str]]) -> list[str]:
    """Return one circle of a graph, or nothing."""
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def test_a_circle_is_found() -> None:
    assert circle_of({"a": {"b"}, "b": {"c"}, "c": set()}) == []
    assert set(circle_of({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}})) == {"a", "b", "c"}


@pytest.mark.parametrize("late", [False, True], ids=["on import", "later"])
def test_no_modules_import_one_another_in_a_circle(late: bool) -> None:
    graph = {name: imported_modules(file, late=late) for name, file in MODULES.items()}
    assert sum(map(len, graph.values())) > 500, "the imports were not read"
    assert circle_of(graph) == []


STOREYS = (
    "errors", "files", "names", "phrases", "markdown", "glossary", "ledger", "measures", "design", "run", "recompute",
    "statistics", "inertness", "figures", "claims", "history", "audits", "patrons", "report", "precise", "publish",
    "lab",
)  # fmt: skip
"""The parts of `experiments`: each imports only those before it."""


def test_parts_of_experiments_import_one_way() -> None:
    prefix = "papertiger.experiments."
    parts = {name: name.removeprefix(prefix).split(".")[0] for name in MODULES if name.startswith(prefix)}
    assert set(parts.values()) == set(STOREYS)
    wrong = {
        name: backwards
        for name, part in parts.items()
        for others in [imported_modules(MODULES[name], late=True) & set(parts)]
        if (backwards := {other for other in others if STOREYS.index(parts[other]) > STOREYS.index(part)})
    }
    assert wrong == {}


# The old names

_NAMES = "(?:model|scenarios|experiments|wargame)"
OLD_NAME = re.compile(
    rf"""
    ^(?:from|import)\s+{_NAMES}\b(?!\s+\w+\s+\w)       # a line of code; prose goes on after two words
    | \bfrom\s+{_NAMES}(?:\.\w+)*\s+import\b            # anywhere, in a string or after a semicolon
    | (?:^|[;"'`]|\\n|>>>)\s*import\s+{_NAMES}(?:\.\w+)*\s*(?:$|[;,"'`\\#]|as\b)
    | (?:files|find_spec|import_module|reload|__import__)\(\s*f?["']{_NAMES}(?:\.[\w.]+)?["']
    | ["']{_NAMES}\.(?:[a-z_]+\.)*["']                  # a package as a string: "model.kernel."
    | python[\d.]*\s+-m\s+{_NAMES}\b
    """,
    re.VERBOSE | re.MULTILINE,
)
TEXTS = {".py", ".md", ".ipynb", ".toml", ".yml", ".yaml", ".sh", ".html", ".js", ".cfg", ""}


@cache
def tree() -> tuple[str, ...]:
    """Return the files of the tree that may hold code."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode == 0:
        names = [name for name in listed.stdout.split("\0") if name]
    else:  # an unpacked source distribution
        names = [named(path) for path in ROOT.rglob("*") if ".venv" not in path.parts]
    return tuple(
        name
        for name in sorted(names)
        if Path(name).suffix in TEXTS and (ROOT / name).is_file() and not (ROOT / name).is_symlink()
    )


def text_of(name: str) -> str:
    """Return a file of the tree, of a notebook its cells."""
    text = (ROOT / name).read_text(encoding="utf-8")
    if name.endswith(".ipynb"):
        return "\n".join("".join(cell["source"]) for cell in json.loads(text)["cells"])
    return text


@pytest.mark.parametrize(
    ("text", "old"),
    [
        ("import model\n", True),
        ("from model import rules\n", True),
        ("from scenarios.schema import World\n", True),
        ("x = 1; from wargame import seats\n", True),
        ('code = "import experiments.run.store as store"\n', True),
        ('    run("import sys\\nimport model\\n")\n', True),
        (">>> import scenarios\n", True),
        ('files("scenarios").joinpath("x")\n', True),
        ('name.startswith("model.kernel.")\n', True),
        ("python -m wargame\n", True),
        ("from papertiger import model\n", False),
        ("from papertiger.model import rules\n", False),
        ('import papertiger.scenarios as s\n"from papertiger import scenarios; print(1)"\n', False),
        ("we learn\nfrom experiments that were run before.\n", False),
        ('"experiments.yaml"\n', False),
    ],
)
def test_what_counts_as_an_old_name(text: str, old: bool) -> None:
    assert (OLD_NAME.search(text) is not None) is old


def test_nothing_imports_the_old_names() -> None:
    # The folders lie at the root of a checkout, where `import model` works by accident.
    assert len(tree()) > 300
    here = named(Path(__file__))
    hits = [
        f"{name}:{text.count(chr(10), 0, match.start()) + 1}: {match[0]}"
        for name in tree()
        if name != here
        for text in [text_of(name)]
        for match in OLD_NAME.finditer(text)
    ]
    assert hits == []


# What a reader meets


def test_modules_are_short_or_say_why() -> None:
    others = [file for folder in ("tests", "benchmarks", "docs") for file in (ROOT / folder).rglob("*.py")]
    lines = {named(file): len(file.read_text(encoding="utf-8").splitlines()) for file in (*FILES, *others)}
    long = {name for name, count in lines.items() if count > MAX_LINES}
    assert long <= set(LONG_MODULES), "a module grew: split it, or say why it is one"


def described(file: Path) -> Iterator[tuple[str, str]]:
    """Yield the public classes and functions of a module with their docstrings; blank is for its own."""
    tree = tree_of(file)
    yield "", ast.get_docstring(tree) or ""

    def visit(node: ast.AST, prefix: str) -> Iterator[tuple[str, str]]:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and child.name[0] != "_":
                yield f"{prefix}{child.name}", ast.get_docstring(child) or ""
                if isinstance(child, ast.ClassDef):
                    yield from visit(child, f"{child.name}.")

    yield from visit(tree, "")


HEADWORD = re.compile(r"^\w+: (?:who|what|how|whom|where|when|whoever|whatever)\b")
"""A label in place of a sentence: "Patience: who dribbles headers …"."""
LABELS_LEFT = 4
"""Docstrings that still begin with a label. The number only falls."""


def test_docstrings_begin_with_a_sentence() -> None:
    labels, short = [], []
    for file in FILES:
        for name, text in described(file):
            first = text.split("\n\n", 1)[0].replace("\n", " ")
            where = f"{named(file)}:{name or 'the module'}: {first!r}"
            if HEADWORD.match(first):
                labels.append(where)
            if not name and file.name != "__main__.py" and len(first.split()) < 5:
                short.append(where)
    assert short == []
    assert len(labels) <= LABELS_LEFT, "\n".join(labels)


NO_VERB = re.compile(
    r"^(?:A|An|All|Another|Any\w*|Each|Every\w*|How|One|Some\w*|The|What|When|Where|Whether|Which|Who|Whom|Why)\b"
)
"""How a docstring begins that says what something is, and not what it does."""


def test_docstrings_begin_with_a_verb() -> None:
    hits = [
        f"{named(file)}:{name or 'the module'}: {text.splitlines()[0]!r}"
        for file in FILES
        if file.relative_to(ROOT).parts[0] in ("experiments", "papertiger")
        for name, text in described(file)
        if NO_VERB.match(text)
    ]
    assert hits == []


GLOSSARY_ROW = re.compile(r"^\| (?P<word>[a-z ]+) \| (?P<meaning>[^|]+) \| `(?P<home>[^`]+)` \|$", re.MULTILINE)


def test_every_word_of_the_glossary_is_at_home_where_it_says() -> None:
    rows = list(GLOSSARY_ROW.finditer(text_of("CONTRIBUTING.md")))
    words = [row["word"] for row in rows]
    assert len(words) >= 25
    assert len(words) == len(set(words))
    for row in rows:
        home = ROOT / row["home"]
        assert home.is_file(), f"{row['word']}: {row['home']} is no file"
        said = home.read_text(encoding="utf-8").lower().replace("_", " ")
        assert row["word"].removesuffix(" mode") in said, f"{row['home']} does not speak of {row['word']}"


def names_bound(file: Path) -> Iterator[str]:
    """Yield the names that a module gives: variables, arguments, functions and classes."""
    for node in nodes_of(file):
        match node:
            case ast.Name(id=name, ctx=ast.Store()) | ast.arg(arg=name):
                yield name
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name) | ast.AsyncFunctionDef(name=name):
                yield name


AVOIDED = {
    "found": 0, "made": 3, "kept": 14, "case": 0, "cases": 0, "Case": 0,
    "Order": 0, "MOST_": 0,
}  # fmt: skip
"""Names that say nothing or mean two things, and how many are left. Numbers only fall; at 0 a name is forbidden."""


def test_names_to_avoid_become_fewer() -> None:
    seen: dict[str, list[str]] = {name: [] for name in AVOIDED}
    for file in FILES:
        for name in names_bound(file):
            avoided = "MOST_" if name.lstrip("_").startswith("MOST_") else name
            at_home = avoided == "Order" and named(file) == "wargame/rules/orders.py"
            if avoided in seen and not at_home:
                seen[avoided].append(named(file))
    more = {name: files for name, files in seen.items() if len(files) > AVOIDED[name]}
    assert more == {}, "use a name that says what the thing is"


@cache
def case_words() -> frozenset[str]:
    """Return the names of all patrons, clients, rivals and adversaries of the shipped scenarios, and some more."""
    words = {"Russia", "Russian", "Kremlin", "Moscow", "Putin"}
    for name in scenarios.names():
        world = scenarios.load(name)
        words.add(world.patron.name)
        words |= set(world.clients)
        actors = [world.patron, *world.clients.values(), *world.rivals.values(), *world.adversaries.values()]
        words |= {actor.label.text(language) for actor in actors if actor.label for language in LANGUAGES}
    return frozenset(word for word in words if len(word) > 3)


@pytest.fixture(scope="module")
def forbidden() -> re.Pattern[str]:
    # Letters alone bound a word, so that a name is found inside an identifier, too.
    words = "|".join(sorted(map(re.escape, case_words())))
    return re.compile(rf"(?<![^\W\d_])({words})(?![^\W\d_])", re.IGNORECASE)


def test_the_words_to_look_for_are_those_of_the_case(forbidden: re.Pattern[str]) -> None:
    assert forbidden.search("what does the kremlin say")
    assert forbidden.search("Armenia")
    assert forbidden.search("clients__Armenia__threat")
    assert not forbidden.search("the patron and its clients")


def test_code_does_not_know_the_case(forbidden: re.Pattern[str]) -> None:
    words, hits = [word.lower() for word in case_words()], []
    for file in FILES:
        text = file.read_text(encoding="utf-8")
        lowered = text.lower()
        if not any(word in lowered for word in words):  # seldom: looking for all words at once is slow
            continue
        hits += [
            f"{named(file)}:{text.count(chr(10), 0, match.start()) + 1}: {match[0]}"
            for match in forbidden.finditer(text)
        ]
    assert hits == []


@pytest.mark.parametrize("package", [package for package in ORDER if (ROOT / package).is_dir()])
def test_packages_are_typed(package: str) -> None:
    assert (ROOT / package / "__init__.py").is_file()
    assert (ROOT / package / "py.typed").is_file()


def test_ci_names_tests_that_are_there() -> None:
    named_tests = re.findall(r"tests/[\w/]+\.py", text_of(".ci/versions"))
    assert named_tests
    assert [name for name in named_tests if not (ROOT / name).is_file()] == []

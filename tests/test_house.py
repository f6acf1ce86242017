"""The rules of the house, held as data and checked against what the modules really import."""

import ast
import fnmatch
import re
import subprocess
import sys
import tomllib
from importlib import import_module
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

import salesmetrics

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "salesmetrics"

# The rooms in their order: a module imports only from rooms before its own, and from its own.
ROOMS = [
    "base",
    "deals",
    "metrics",
    "forecast",
    "diagnosis",
    "crm",
    "models",
    "charts",
    "widgets",
    "explorer",
    "exercises",
    "reports",
    "own_pipeline",
    "cli",
]
# The first room that may import it.
BANS = {
    "matplotlib": "charts",
    "ipywidgets": "widgets",
    "anywidget": "widgets",
    "traitlets": "widgets",
    "jupyterlab": "cli",
    "jupyter_server": "cli",
}
LAZY = {"pandas", "numpy", "matplotlib", "ipywidgets", "anywidget", "scipy", "narwhals", "babel", "pyarrow"}
LONGEST = 300


def module_name(path):
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_name(path): path for path in sorted(PACKAGE.rglob("*.py"))}


def imports_of(source, module, is_package=False):
    """Find all that a module imports, at its head or inside a function, by its full name."""
    found = set()
    here = module.split(".") if is_package else module.split(".")[:-1]
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = (
                ".".join([*here[: len(here) - node.level + 1], *filter(None, [node.module])])
                if node.level
                else node.module
            )
            names = {f"{base}.{alias.name}" for alias in node.names}
            submodules = names & set(MODULES)
            found |= submodules
            # The name itself comes from the module, unless all that is named are modules.
            found |= {base} if names - submodules else set()
    return found


def room_of(module):
    """Give the room of a module, or of a name in it; the package's own face has none."""
    return module.partition(".")[2].partition(".")[0]


def breaches(module, imports):
    """Tell which imports of a module break the order or a ban."""
    room, found = room_of(module), []
    order = {name: place for place, name in enumerate(ROOMS)}
    for name in sorted(imports):
        top, other = name.split(".")[0], room_of(name)
        if top == "salesmetrics" and (other not in order or order[other] > order[room]):
            found.append(f"{module} imports {name}")
        if top in BANS and order[room] < order[BANS[top]]:
            found.append(f"{module} imports {name}, which is for {BANS[top]} and after")
    return found


def test_every_module_has_its_room():
    assert {room_of(module) for module in MODULES} - {""} == set(ROOMS)
    assert [path.name for path in PACKAGE.glob("*.py")] == ["__init__.py"]


def test_no_room_hides_a_public_function():
    """After ``import salesmetrics.report`` the name ``sm.report`` would be that module."""
    assert set(ROOMS).isdisjoint(salesmetrics.__all__)


def test_the_rooms_are_as_contributing_tells_them():
    told = (
        (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").partition("| folder | holds |")[2].partition("\n\n")[0]
    )
    rooms = re.findall(r"^\| `(\w+)/`", told, re.MULTILINE)
    assert rooms == ROOMS


@pytest.mark.parametrize("module", [module for module in MODULES if room_of(module)])
def test_a_module_imports_only_from_above(module):
    path = MODULES[module]
    imports = imports_of(path.read_text(encoding="utf-8"), module, path.name == "__init__.py")
    assert breaches(module, imports) == []


@pytest.mark.parametrize(
    ("module", "source", "caught"),
    [
        ("salesmetrics.metrics.ratio", "from salesmetrics.deals.check import check_deals", False),
        ("salesmetrics.deals.check", "from salesmetrics.metrics.ratio import Ratio", True),
        ("salesmetrics.deals.check", "def f():\n    import salesmetrics.metrics", True),
        ("salesmetrics.metrics.coverage", "from salesmetrics.metrics.sums import one", False),
        ("salesmetrics.metrics.coverage", "from .sums import one", False),
        ("salesmetrics.metrics.coverage", "from ..forecast import expected_revenue", True),
        ("salesmetrics.metrics.coverage", "from salesmetrics import forecast", True),
        ("salesmetrics.metrics.coverage", "from salesmetrics import coverage", True),
        ("salesmetrics.metrics.coverage", "import salesmetrics as sm", True),
        ("salesmetrics.explorer.explorer", "from salesmetrics import models", False),
        ("salesmetrics.models.coverage", "def f():\n    from matplotlib.figure import Figure", True),
        ("salesmetrics.charts.coverage", "from matplotlib.figure import Figure", False),
        ("salesmetrics.charts.coverage", "import ipywidgets as w", True),
        ("salesmetrics.explorer.explorer", "import ipywidgets", False),
        ("salesmetrics.explorer.explorer", "import jupyterlab.labapp", True),
        ("salesmetrics.base.errors", "import unknown_room", False),
        ("salesmetrics.base.errors", "import salesmetrics.unknown_room", True),
    ],
)
def test_the_watchman_is_awake(module, source, caught):
    assert bool(breaches(module, imports_of(source, module))) is caught


def test_what_is_imported_is_declared():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = [*project["dependencies"], *project["optional-dependencies"]["lab"]]
    names = {line.split(">")[0].strip().lower().replace("_", "-") for line in declared}
    distributions = packages_distributions()
    for module, path in MODULES.items():
        tops = {name.split(".")[0] for name in imports_of(path.read_text(encoding="utf-8"), module)}
        for top in tops - set(sys.stdlib_module_names) - {"salesmetrics"}:
            found = {name.lower().replace("_", "-") for name in distributions.get(top, [top])}
            assert found & names, f"{module} imports {top}, which pyproject.toml does not declare"


@pytest.mark.parametrize("module", MODULES)
def test_a_module_can_be_read_in_one_sitting(module):
    assert len(MODULES[module].read_text(encoding="utf-8").splitlines()) <= LONGEST


@pytest.mark.parametrize("module", MODULES)
def test_a_module_says_what_it_is_for(module):
    assert ast.get_docstring(ast.parse(MODULES[module].read_text(encoding="utf-8")))


# The public face


@pytest.mark.parametrize("name", salesmetrics.__all__)
def test_a_public_name_can_be_had_and_says_what_it_is(name):
    found = getattr(salesmetrics, name)
    assert found.__doc__
    assert name in dir(salesmetrics)
    assert getattr(import_module(found.__module__), name) is found


def test_a_star_import_gives_the_face_and_nothing_else():
    names = {}
    exec("from salesmetrics import *", names)
    assert set(names) - {"__builtins__"} == set(salesmetrics.__all__)


def test_no_other_name_is_there():
    with pytest.raises(AttributeError, match="has no attribute 'nonsense'"):
        _ = salesmetrics.nonsense


def loaded_after(code):
    program = f"import sys; {code}; print(*sorted({{name.split('.')[0] for name in sys.modules}}))"
    return set(
        subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    )


def test_a_bare_import_loads_next_to_nothing():
    assert not loaded_after("import salesmetrics") & LAZY


def test_numbers_come_without_pictures():
    loaded = loaded_after("import salesmetrics as sm; sm.coverage, sm.conversion_rate, sm.check_deals, sm.read_number")
    assert not loaded & {"pandas", "matplotlib", "ipywidgets", "anywidget", "scipy"}


def test_every_engine_is_one_fixture():
    """An engine that a file makes anew stays in the tables of the files after it: they would test that one alone."""
    again = re.compile(r"@pytest\.fixture.*\n+def (engine|table|checked|empty_table)\(")
    found = [path.name for path in (ROOT / "tests").glob("test_*.py") if again.search(path.read_text(encoding="utf-8"))]
    assert found == []


def functions_of(module):
    """Give a module's functions and methods as mutmut names them."""
    for node in ast.parse(MODULES[module].read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef):
            yield f"{module}.x_{node.name}"
        for part in node.body if isinstance(node, ast.ClassDef) else ():
            if isinstance(part, ast.FunctionDef):
                yield f"{module}.xǁ{node.name}ǁ{part.name}"


def test_every_reason_for_a_mutant_is_about_a_function_that_is_there():
    """One that was renamed would come back as a survivor, after a night of work."""
    reasons = tomllib.loads((ROOT / "tests" / "mutants.toml").read_text(encoding="utf-8"))["same"]
    there = [name for module in MODULES for name in functions_of(module)]
    assert [reason["where"] for reason in reasons if not fnmatch.filter(there, reason["where"])] == []

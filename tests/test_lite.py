"""The kit in a browser: which Pyodide is taken, which is refused and why, and what goes into the lock."""

import json
import sys
import zipfile
from pathlib import Path

import pytest

NOTEBOOKS = Path(__file__).parent.parent / "notebooks"
sys.path.insert(0, str(NOTEBOOKS))

import build  # noqa: E402
import sources  # noqa: E402
from lite import lab, pyodide, wheels  # noqa: E402
from pages import site  # noqa: E402
from sources import BuildError  # noqa: E402

from salesmetrics.exercises.folder import lay_down  # noqa: E402

VERSION, CORE = "314.0.99", ("pyodide.mjs", "pyodide.asm.wasm")


def wheel(folder, name, version, tag="py3-none-any", needs=(), more=()):
    """A wheel with a module of its name, and what of it stands in a lock."""
    path = folder / f"{name}-{version}-{tag}.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(f"{name}/__init__.py", "")
        for part in more:
            archive.writestr(part, "data")
        said = "".join(f"Requires-Dist: {need}\n" for need in needs)
        archive.writestr(f"{name}-{version}.dist-info/METADATA", f"Name: {name}\nVersion: {version}\n{said}")
        archive.writestr(
            f"{name}-{version}.dist-info/RECORD", "".join(f"{part},,\n" for part in (*more, f"{name}/__init__.py"))
        )
    return {
        "name": name,
        "version": version,
        "file_name": path.name,
        "sha256": pyodide.sha256(path),
        "depends": [],
        "imports": [name],
    }


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A Pyodide distribution: a lock, a core and three packages; and the list of those that are known."""
    folder = tmp_path / "pyodide"
    folder.mkdir()
    for name in CORE:
        (folder / name).write_text(name)
    compiled = "cp314-cp314-pyemscripten_2026_0_wasm32"
    packages = [
        wheel(folder, "numbers", "2.4", compiled),
        wheel(folder, "frames", "3.0", compiled) | {"depends": ["numbers"]},
        wheel(folder, "plain", "1.0"),
    ]
    lock = {"info": {"python": "3.14.2"}, "packages": {entry["name"]: entry for entry in packages}}
    (folder / pyodide.LOCK).write_text(json.dumps(lock))
    digests = "".join(f'"{name}" = "{pyodide.sha256(folder / name)}"\n' for name in (pyodide.LOCK, *CORE))
    (tmp_path / "official.toml").write_text(f'["{VERSION}"]\n{digests}')
    monkeypatch.setattr(pyodide, "_KNOWN", tmp_path / "official.toml")
    return folder


@pytest.fixture
def chosen(folder, tmp_path, monkeypatch):
    """What is chosen for a kit that asks for some packages; plain wheels come from a folder instead of an index."""
    monkeypatch.setattr(wheels, "_KERNEL", ())
    index, target = tmp_path / "index", tmp_path / "target"
    index.mkdir()
    target.mkdir()

    def fetch(one, _distribution, into):
        found = next(index.glob(f"{one.name}-*.whl"), None)
        return found and Path(into / found.name).write_bytes(found.read_bytes()) and into / found.name

    def choose(*asked):
        monkeypatch.setattr(wheels, "_dependencies", lambda: list(asked))
        monkeypatch.setattr(wheels, "_downloaded", fetch)
        monkeypatch.setattr(
            wheels, "kit_wheel", lambda into: wheel(into, "salesmetrics", "0.1.0") and next(into.glob("sales*.whl"))
        )
        return wheels.choose(pyodide.read_distribution(folder), target)

    choose.index, choose.target = index, target
    return choose


def test_a_known_distribution_is_taken(folder):
    found = pyodide.read_distribution(folder)
    assert (found.version, found.python, found.core) == (VERSION, "3.14", CORE)
    assert found.packages["frames"]["depends"] == ["numbers"]


def test_a_folder_without_pyodide_is_refused(tmp_path):
    with pytest.raises(BuildError, match=r"holds no Pyodide distribution: it has no pyodide-lock\.json\n→ unpack"):
        pyodide.read_distribution(tmp_path)


def test_a_lock_that_pyodide_did_not_publish_is_refused(folder):
    lock = folder / pyodide.LOCK
    lock.write_text(lock.read_text() + " ")
    with pytest.raises(BuildError, match=r"not the lock of a Pyodide that is known here \(314\.0\.99\): its sha256 is"):
        pyodide.read_distribution(folder)


@pytest.mark.parametrize("name", CORE)
def test_a_damaged_or_missing_core_file_is_refused(folder, name):
    (folder / name).write_text("something else")
    with pytest.raises(BuildError, match=f"{name} is damaged or another file: its sha256 is"):
        pyodide.read_distribution(folder)
    (folder / name).unlink()
    with pytest.raises(BuildError, match=f"{name} is missing\n→ take the full distribution"):
        pyodide.read_distribution(folder)


def test_the_kit_and_what_it_asks_for_stand_in_the_lock(chosen):
    wheel(chosen.index, "widgets", "8.1", needs=["plain>=1", "jupyterlab_widgets", 'old; python_version < "3"'])
    found = chosen("frames>=3.0", "widgets>=8")
    assert found.lacking == []
    assert set(found.entries) == {"salesmetrics", "frames", "numbers", "widgets", "plain"}
    kit = found.entries["salesmetrics"]
    assert (kit["imports"], kit["depends"]) == (["salesmetrics"], ["frames", "widgets"])
    assert found.entries["widgets"]["depends"] == ["plain"]
    for entry in found.entries.values():
        assert pyodide.sha256(chosen.target / entry["file_name"]) == entry["sha256"]


def test_a_damaged_wheel_of_the_distribution_is_refused(chosen, folder):
    next(folder.glob("frames-*.whl")).write_bytes(b"PK")
    with pytest.raises(BuildError, match=r"frames-3\.0-.*\.whl is damaged or another file: its sha256 is"):
        chosen("frames>=3.0")


def test_what_is_compiled_and_older_than_asked_is_told(chosen):
    assert chosen("frames>=3.1").lacking == ["frames>=3.1: it would be 3.0"]


def test_what_is_plain_and_older_than_asked_comes_from_the_index(chosen):
    wheel(chosen.index, "plain", "1.5")
    found = chosen("plain>=1.5")
    assert (found.entries["plain"]["version"], found.lacking) == ("1.5", [])


def test_a_core_distribution_without_packages_is_told(chosen, folder):
    next(folder.glob("numbers-*.whl")).unlink()
    [line] = chosen("frames>=3.0").lacking
    assert line.startswith("numbers: ")
    assert line.endswith(".whl is missing")


def test_a_library_for_workbooks_may_lack_and_no_other(chosen):
    found = chosen("python-calamine>=0.4", "gone>=1")
    assert found.lacking == [f"gone>=1: not in Pyodide {VERSION}, and pip finds no plain wheel of it"]
    assert found.entries["salesmetrics"]["depends"] == []


def test_of_babel_the_two_languages_stay(chosen):
    data = [f"babel/locale-data/{name}.dat" for name in ("root", "en", "en_GB", "nl_BE", "de", "nds", "en-x")]
    wheel(chosen.index, "babel", "2.18", more=[*data, "babel/global.dat"])
    entry = chosen("babel>=2.16").entries["babel"]
    with zipfile.ZipFile(chosen.target / entry["file_name"]) as archive:
        names = {name.rsplit("/", 1)[1] for name in archive.namelist() if name.endswith(".dat")}
        record = archive.read("babel-2.18.dist-info/RECORD").decode()
    assert names == {"root.dat", "en.dat", "en_GB.dat", "nl_BE.dat", "global.dat"}
    assert "nl_BE.dat" in record
    assert "de.dat" not in record


def test_the_lists_of_known_releases_can_be_read():
    import tomllib

    for version, files in tomllib.loads((NOTEBOOKS / "lite" / "official.toml").read_text()).items():
        assert version.count(".") == 2
        assert {pyodide.LOCK, "pyodide.mjs", "pyodide.asm.wasm", "python_stdlib.zip"} <= set(files)
        assert all(len(bytes.fromhex(digest)) == 32 for digest in files.values())


def test_the_start_page_leads_to_the_kit_where_it_is_there(tmp_path):
    read = [sources.read_lesson(path) for path in sorted((NOTEBOOKS / "source").glob("*.md"))]
    found = {"en": [], "nl": []}
    ways = ("lite/lab/index.html?path=en/00-welcome.ipynb", "lite/lab/index.html?path=nl/00-welkom.ipynb")
    assert not any(way in site._start(read, found, lite=lab.is_in(tmp_path)) for way in ways)
    (tmp_path / "lite" / "static" / "pyodide").mkdir(parents=True)
    (tmp_path / "lite" / "static" / "pyodide" / pyodide.LOCK).write_text("{}")
    assert all(way in site._start(read, found, lite=lab.is_in(tmp_path)) for way in ways)
    for language in ("en", "nl"):
        lay_down(tmp_path / language, language)
    assert all((tmp_path / way.partition("=")[2]).is_file() for way in ways)


def test_a_site_with_another_kit_in_it_is_stale(tmp_path, monkeypatch):
    assert lab.stale(tmp_path) == []
    there = tmp_path / "lite" / "static" / "pyodide"
    there.mkdir(parents=True)
    entry = wheel(there, "salesmetrics", "0.1.0")
    (there / pyodide.LOCK).write_text(json.dumps({"packages": {"salesmetrics": entry}}))
    monkeypatch.setattr(lab, "kit_wheel", lambda _into: there / entry["file_name"])
    assert lab.stale(tmp_path) == []
    wheel(there, "salesmetrics", "0.1.0", more=["changed"])
    assert lab.stale(tmp_path) == ["lite: is not what the sources say; build it again with --lite PYODIDE"]


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        (("--lite", "somewhere"), "--lite and --to-try go with a site"),
        (("02", "--to-try"), "--lite and --to-try go with a site"),
    ],
)
def test_lite_without_a_site_is_refused(asked, says, capsys):
    assert build.main(asked) == 1
    assert says in capsys.readouterr().err


def test_without_jupyterlite_it_says_how_to_get_it(folder, tmp_path, monkeypatch):
    monkeypatch.setattr(lab, "find_spec", lambda _name: None)
    with pytest.raises(BuildError, match=r"JupyterLite is not installed\n→ pip install .*\[test,lite\]"):
        lab.build_lab(folder, tmp_path / "site", to_try=False)

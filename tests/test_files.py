"""Writing a file: whole or not at all, and what was there stays until all of the new one is."""

import os

import pytest

from salesmetrics import SalesMetricsError
from salesmetrics.base import writing
from salesmetrics.base.writing import put, write, write_page

PAGE = '<meta name="generator" content="salesmetrics report">'


class FullDisk:
    """A file on a disk that has room for half of what is written."""

    def __init__(self, file):
        self.file = file

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        self.file.close()

    def write(self, content):
        self.file.write(content[: len(content) // 2])
        raise OSError(28, "No space left on device")

    def close(self):
        self.file.close()


def test_a_disk_that_is_full_halfway_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch):
    place = tmp_path / "progress.json"
    put(place, b"old")

    monkeypatch.setattr(writing, "open", lambda path, mode: FullDisk(path.open(mode)), raising=False)
    with pytest.raises(SalesMetricsError, match="No space left on device"):
        write(place, "new and longer")
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"progress.json": b"old"}


@pytest.mark.skipif(os.name == "nt", reason="Windows asks for a right to make links")
@pytest.mark.parametrize("to", ["older.html", "nowhere.html", "report.html"])
def test_nothing_is_written_through_a_link_that_somebody_put_there(tmp_path, to, language):
    (tmp_path / "older.html").write_text(PAGE, encoding="utf-8")
    (tmp_path / "report.html").symlink_to(tmp_path / to)
    with pytest.raises(SalesMetricsError) as refusal:
        write_page(tmp_path / "report.html", PAGE + "new", "report")
    assert "report.html" in str(refusal.value)
    assert (tmp_path / "report.html").is_symlink()
    assert (tmp_path / "older.html").read_text(encoding="utf-8") == PAGE
    assert sorted(path.name for path in tmp_path.iterdir()) == ["older.html", "report.html"]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no pipes")
@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir], ids=["pipe", "folder"])
def test_nothing_is_written_over_what_is_no_file(tmp_path, make):
    make(tmp_path / "report.html")
    before = os.lstat(tmp_path / "report.html")
    with pytest.raises(SalesMetricsError):
        write_page(tmp_path / "report.html", PAGE, "report")
    with pytest.raises(OSError, match="no regular file"):
        put(tmp_path / "report.html", b"x")
    assert os.lstat(tmp_path / "report.html").st_mode == before.st_mode
    assert len(list(tmp_path.iterdir())) == 1


def test_a_file_of_somebodys_own_is_not_taken_for_an_unfinished_one(tmp_path):
    (tmp_path / "report.html.part").write_text("mine", encoding="utf-8")
    write(tmp_path / "report.html", PAGE)
    assert (tmp_path / "report.html.part").read_text(encoding="utf-8") == "mine"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["report.html", "report.html.part"]


@pytest.mark.skipif(os.name == "nt", reason="Windows has other rights")
def test_a_file_gets_the_rights_that_any_new_file_gets(tmp_path):
    before = os.umask(0o027)
    try:
        put(tmp_path / "page", b"x")
    finally:
        os.umask(before)
    assert (tmp_path / "page").stat().st_mode & 0o777 == 0o640


def test_a_page_goes_over_an_older_one_of_its_kind_only(tmp_path, language):
    place = tmp_path / "page.html"
    write_page(place, PAGE, "report")
    write_page(place, PAGE + "new", "report")
    with pytest.raises(SalesMetricsError) as refusal:
        write_page(place, "a class", "collect")
    assert str(refusal.value).startswith({"en": "There is a “", "nl": "Er is al een “"}[language])
    assert place.read_text(encoding="utf-8") == PAGE + "new"


@pytest.mark.parametrize("name", ["page", "page.json", "nowhere/page.html", "a\0b.html", ".html"])
def test_what_is_no_place_for_a_page(tmp_path, name):
    with pytest.raises(SalesMetricsError):
        write_page(tmp_path / name, PAGE, "report")
    assert not list(tmp_path.iterdir())

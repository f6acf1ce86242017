"""Writing a file: whole or not at all, and what was there stays until all of the new one is."""

import os
from pathlib import Path

import pytest

from salesmetrics import SalesMetricsError
from salesmetrics.base.writing import put, write, write_page

PAGE = '<meta name="generator" content="salesmetrics report">'


def test_a_disk_that_is_full_halfway_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch):
    place = tmp_path / "progress.json"
    put(place, b"old")

    def half(self, content):
        with self.open("wb") as file:
            file.write(content[: len(content) // 2])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", half)
    with pytest.raises(SalesMetricsError, match="No space left on device"):
        write(place, "new and longer")
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"progress.json": b"old"}


@pytest.mark.skipif(os.name == "nt", reason="Windows asks for a right to make links")
def test_a_link_stays_a_link(tmp_path):
    (tmp_path / "shared").mkdir()
    (tmp_path / "report.html").symlink_to(tmp_path / "shared" / "report.html")
    write_page(tmp_path / "report.html", PAGE, "report")
    assert (tmp_path / "report.html").is_symlink()
    assert (tmp_path / "shared" / "report.html").read_text(encoding="utf-8") == PAGE


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

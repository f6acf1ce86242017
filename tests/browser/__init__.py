"""Tests in a real browser: run with ``pytest -m browser``."""

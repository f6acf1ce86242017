"""A view of a class: over which exercises it stumbles and what lies behind that, from its progress files."""

from salesmetrics.exercises.class_counting import Group, collect
from salesmetrics.exercises.class_page import KIND, page, text

__all__ = ["KIND", "Group", "collect", "page", "text"]

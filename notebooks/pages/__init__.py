"""Lessons as pages that need no Python: one more edition of the one source, and the site that they make."""

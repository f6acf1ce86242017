"""Charts: one file per picture, each with ``draw`` (the picture) and ``sentence`` (what it says)."""

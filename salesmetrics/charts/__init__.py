"""Charts: one file per picture, each with ``draw`` (the picture) and ``sentence``; two of each in ``groups``."""

import logging

# Said on standard error amid the first picture: in a browser at each start, elsewhere where the first start is slow.
logging.getLogger("matplotlib.font_manager").addFilter(lambda record: "font cache" not in record.getMessage())

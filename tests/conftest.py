"""What all tests share: every engine, both languages, and properties that fail the same way twice."""

import pytest
from hypothesis import HealthCheck, settings
from tables import CLUSTERS, ENGINES, arrow, empty

from salesmetrics import check_deals, use_language
from salesmetrics.base.language import LANGUAGES

# The same examples on every machine: a property that fails here fails there, and none because the machine is busy.
settings.register_profile(
    "kit", derandomize=True, deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("kit")


@pytest.fixture(autouse=True)
def english():
    """Leave no test in the language of the one before it."""
    use_language("en")
    yield
    use_language("en")


@pytest.fixture(params=LANGUAGES)
def language(request):
    """Run a test once in each language."""
    use_language(request.param)
    return request.param


@pytest.fixture(
    scope="session", params=[*ENGINES, *(pytest.param(name, marks=getattr(pytest.mark, name)) for name in CLUSTERS)]
)
def engine(request):
    """Turn a PyArrow table into one of this engine; those of a cluster only under their own marker."""
    return (ENGINES | CLUSTERS)[request.param]


@pytest.fixture(scope="session")
def table(engine):
    """Make a raw table of deals, as somebody would bring it to the door."""
    return lambda *deals, **options: engine(arrow(*deals, **options))


@pytest.fixture(scope="session")
def checked(table):
    """Make a table of deals that has passed the door."""
    return lambda *deals, **options: check_deals(table(*deals, **options))


@pytest.fixture(scope="session")
def empty_table(engine):
    """Make a table without rows."""
    return engine(empty())

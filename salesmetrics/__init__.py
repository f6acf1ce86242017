"""Pipeline coverage and pipeline conversion rate: understand them, teach them, use them.

Everything here is loaded when it is first used, so that ``import salesmetrics`` costs next to nothing.
"""

from importlib import import_module

_HOME = {
    "Changes": "changes",
    "Concentration": "metrics",
    "Diagnosis": "diagnosis",
    "Funnel": "metrics",
    "Ratio": "ratio",
    "SalesMetricsError": "errors",
    "Scenario": "scenarios",
    "Stale": "diagnosis",
    "Velocity": "metrics",
    "best_of": "traps",
    "chance_of_target": "forecast",
    "check_deals": "deals",
    "compare": "changes",
    "concentration": "metrics",
    "conversion_rate": "metrics",
    "coverage": "metrics",
    "coverage_for_chance": "forecast",
    "days_per_stage": "metrics",
    "diagnose": "diagnosis",
    "exercise": "exercises",
    "expected_revenue": "forecast",
    "explore": "explorer",
    "funnel": "metrics",
    "open_by_stage": "metrics",
    "picture": "stills",
    "progress": "exercises",
    "read_deals": "own",
    "read_number": "numbers",
    "report": "reports",
    "required_coverage": "forecast",
    "sample_file": "scenarios",
    "sandbox": "explorer",
    "scenario": "scenarios",
    "situation": "diagnosis",
    "trap": "traps",
    "stale_deals": "diagnosis",
    "use_language": "language",
    "velocity": "metrics",
    "your_pipeline": "own.panel",
}

__all__ = sorted(_HOME)


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module 'salesmetrics' has no attribute {name!r}")
    value = getattr(import_module(f"salesmetrics.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__

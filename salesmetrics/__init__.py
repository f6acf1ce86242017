"""Pipeline coverage and pipeline conversion rate: understand them, teach them, use them.

Everything here is loaded when it is first used, so that ``import salesmetrics`` costs next to nothing.
"""

from importlib import import_module

_HOME = {
    "Changes": "diagnosis.changes",
    "Concentration": "metrics",
    "Diagnosis": "diagnosis",
    "Funnel": "metrics",
    "Pipeline": "deals.pipeline",
    "Ratio": "metrics.ratio",
    "SalesMetricsError": "base.errors",
    "Scenario": "deals.scenarios",
    "Stale": "metrics",
    "Velocity": "metrics",
    "assessment": "models.assessment",
    "best_of": "models.traps",
    "chance_of_target": "forecast",
    "check_deals": "deals.check",
    "compare": "diagnosis.changes",
    "concentration": "metrics",
    "conversion_rate": "metrics",
    "coverage": "metrics",
    "coverage_for_chance": "forecast",
    "diagnose": "diagnosis",
    "exercise": "exercises.answer_box",
    "expected_revenue": "forecast",
    "explore": "explorer",
    "funnel": "metrics",
    "open_by_stage": "metrics",
    "keep_results": "own_pipeline",
    "PastQuarters": "forecast",
    "StillNeeded": "forecast",
    "past_quarters": "forecast",
    "still_needed": "forecast",
    "picture": "charts.static_pictures",
    "pipeline": "deals.pipeline",
    "progress": "exercises.overview",
    "read_deals": "own_pipeline",
    "read_number": "base.typed_numbers",
    "report": "reports",
    "required_coverage": "forecast",
    "sample_file": "deals.scenarios",
    "sandbox": "explorer",
    "scenario": "deals.scenarios",
    "situation": "diagnosis",
    "trap": "models.traps",
    "stale_deals": "metrics",
    "use_language": "base.language",
    "velocity": "metrics",
    "your_pipeline": "own_pipeline.panel",
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

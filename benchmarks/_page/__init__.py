"""What stands on the benchmark's page: our Explorer, what an author would write instead, and the floor under both."""

from __future__ import annotations

import gc
import time
import tracemalloc
from statistics import median
from typing import Any

import ipywidgets
import matplotlib.pyplot as plt
from IPython.display import display

from salesmetrics import explore

RANGE = {"min": 0, "max": 5_000_000, "step": 50_000, "value": 500_000}
TARGET, LARGEST = 500_000, 150_000


def ours() -> Any:
    explorer = explore("coverage")
    explorer.levers["pipeline"].value = RANGE["value"]
    display(explorer)
    return explorer.levers["pipeline"]


def peer() -> Any:
    slider = ipywidgets.FloatSlider(**RANGE)
    ipywidgets.interact(_draw, pipeline=slider)
    return slider


def floor() -> Any:
    slider, line = ipywidgets.FloatSlider(**RANGE), ipywidgets.HTML()
    slider.observe(lambda change: line.set_trait("value", f"{change['new'] / TARGET:.1f}"), "value")
    display(ipywidgets.VBox([slider, line]))
    return slider


def step_times(sliders: dict[str, Any], moves: int = 40) -> dict[str, float]:
    """Give each slider's median milliseconds for a move, turn by turn."""
    seen: dict[str, list[float]] = {name: [] for name in sliders}
    for move in range(moves):
        for name, slider in sliders.items():
            start = time.perf_counter()
            slider.value = RANGE["step"] * (11 + move)
            seen[name].append((time.perf_counter() - start) * 1000)
    return {name: median(times) for name, times in seen.items()}


def memory(first: int = 10, then: int = 1_000) -> tuple[float, float]:
    """Give the kilobytes that an Explorer holds after the first moves and after all, over the same ten positions.

    Another one has made as many moves before it, so that what Python and matplotlib keep for everybody is there.
    """
    tracemalloc.start()
    _walk(ours(), 1, then)
    slider = ours()
    held = []
    for start, end in ((1, first), (first + 1, then)):
        _walk(slider, start, end)
        time.sleep(1)  # until the messages are gone
        gc.collect()
        held.append(tracemalloc.get_traced_memory()[0] / 1024)
    tracemalloc.stop()
    return held[0], held[1]


def _walk(slider: Any, start: int, end: int) -> None:
    for move in range(start, end + 1):
        slider.value = RANGE["step"] * (move % 10)


def _draw(pipeline: float) -> None:
    """Draw the same picture the ordinary way."""
    _figure, axes = plt.subplots(figsize=(8.3, 4))
    axes.barh([1], [TARGET], height=0.5, color="black")
    whole = int(pipeline // TARGET)
    axes.barh([0] * whole, [TARGET] * whole, left=[i * TARGET for i in range(whole)], color="C0", edgecolor="white")
    axes.barh([0], [pipeline - whole * TARGET], left=[whole * TARGET], color="lightblue", edgecolor="C0")
    largest = min(LARGEST, pipeline)
    axes.barh([0], [largest], left=[pipeline - largest], color="white", edgecolor="C0", hatch="////")
    axes.plot([TARGET, TARGET], [0.4, 1.25], color="black", linestyle=":")
    for i in range(1, whole + 1):
        axes.text(i * TARGET, 0.45, f"{i}", ha="right", color="C0")
    axes.text(0, 1.3, f"Target € {TARGET:,}", weight="bold")
    axes.text(0, -0.6, f"Open pipeline € {pipeline:,.0f}", color="C0", weight="bold")
    axes.text(pipeline, 0, f" {pipeline / TARGET:.1f}×", va="center", size=20, color="C0", weight="bold")
    without = (pipeline - largest) / TARGET
    axes.text(pipeline - largest, -0.8, f"largest deal € {largest:,.0f}, without it {without:.1f}×", color="gray")
    axes.set(xlim=(0, 6_400_000), ylim=(-1, 1.6), yticks=[])
    axes.xaxis.set_major_formatter(lambda euros, _place: f"€ {euros:,.0f}")
    axes.grid(axis="x")
    plt.show()
    print(f"The target of € {TARGET:,} fits {pipeline / TARGET:.1f} times into the open pipeline of € {pipeline:,.0f}.")

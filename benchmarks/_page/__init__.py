"""What stands on the benchmark's page: our Explorer, what an author would write instead, and the floor under both."""

from __future__ import annotations

import gc
import itertools
import time
import tracemalloc
from collections.abc import Iterator
from statistics import median
from typing import Any

import ipywidgets
import matplotlib.pyplot as plt
from IPython.display import display

from salesmetrics import explore, models
from salesmetrics.explorer import model_and_chart

# The sandbox's own model has the picture of another.
PICTURES = [name for name in models.NAMES if name != "sandbox"]
STEPS = 20  # up, and as many down again


def ours(picture: str) -> Any:
    """Show the Explorer and give its first slider that is long enough."""
    explorer = explore(picture)
    slider = explorer.levers[_lever(picture).name]
    slider.value = slider.minimum
    display(explorer)
    return slider


def peer(picture: str) -> Any:
    """Show the same picture the ordinary way: ``interact``, a new figure at each step, ``plt.show()``, ``print()``."""
    (model, chart), lever = model_and_chart(picture), _lever(picture)

    def show(value: float) -> None:
        outcome = model.outcome(model.defaults() | {lever.name: value})
        drawing = chart.draw(model)
        drawing.move(outcome)
        plt.figure(FigureClass=lambda *_args, **_options: drawing.figure)
        plt.show()
        print(chart.sentence(outcome))

    slider = _plain_slider(lever)
    ipywidgets.interact(show, value=slider)
    return slider


def floor(picture: str) -> Any:
    """Show a slider that changes one line of text: what the browser and the kernel need for the least possible."""
    slider, line = _plain_slider(_lever(picture)), ipywidgets.HTML()
    slider.observe(lambda change: line.set_trait("value", f"{change['new']:.3f}"), "value")
    display(ipywidgets.VBox([slider, line]))
    return slider


def step_times(sliders: dict[str, Any], moves: int = 2 * STEPS) -> dict[str, float]:
    """Give each slider's median milliseconds for a move, turn by turn."""
    seen: dict[str, list[float]] = {name: [] for name in sliders}
    walks = {name: _walk(slider) for name, slider in sliders.items()}
    for _move in range(moves):
        for name, slider in sliders.items():
            position = next(walks[name])
            start = time.perf_counter()
            slider.value = position
            seen[name].append((time.perf_counter() - start) * 1000)
    return {name: median(times) for name, times in seen.items()}


def memory(picture: str, first: int = 10, then: int = 1_010) -> tuple[float, float]:
    """Give the kilobytes that an Explorer holds after the first moves and after all.

    It has made as many moves before: by then there are a hundred steps to undo, and what Python and matplotlib keep
    for everybody is there. What still grows after that is a leak. At both moments the slider stands at the same place,
    since one picture is a longer text than another.
    """
    tracemalloc.start()
    slider = ours(picture)
    walk = _walk(slider)
    _move_on(walk, slider, then)
    held = []
    for moves in (first, then - first):
        _move_on(walk, slider, moves)
        time.sleep(1)  # until the messages are gone
        gc.collect()
        held.append(tracemalloc.get_traced_memory()[0] / 1024)
    tracemalloc.stop()
    return held[0], held[1]


def _walk(slider: Any) -> Iterator[float]:
    """Go up and down without end."""
    low, high = (slider.minimum, slider.maximum) if hasattr(slider, "minimum") else (slider.min, slider.max)
    steps = min(STEPS, round((high - low) / slider.step))
    way = [*range(1, steps + 1), *range(steps - 1, -1, -1)]
    return (low + step * slider.step for step in itertools.cycle(way))


def _move_on(walk: Iterator[float], slider: Any, moves: int) -> None:
    for position in itertools.islice(walk, moves):
        slider.value = position


def _lever(picture: str) -> Any:
    levers = models.model_named(picture).levers
    return next((lever for lever in levers if _steps(lever) >= STEPS), max(levers, key=_steps))


def _steps(lever: Any) -> int:
    return round((lever.maximum - lever.minimum) / lever.step)


def _plain_slider(lever: Any) -> Any:
    return ipywidgets.FloatSlider(min=lever.minimum, max=lever.maximum, step=lever.step, value=lever.minimum)

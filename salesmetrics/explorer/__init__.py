"""Sliders for any model: move a lever, and picture and sentence answer; undo, pin and compare, share, save."""

from salesmetrics.explorer.chooser import Sandbox, sandbox
from salesmetrics.explorer.explorer import Explorer
from salesmetrics.explorer.opening import explore

__all__ = ["Explorer", "Sandbox", "explore", "sandbox"]

"""Sliders for any model: move a lever, and picture and sentence answer; undo, pin and compare, share, save."""

from salesmetrics.explorer.explorer import Explorer
from salesmetrics.explorer.opening import Sandbox, explore, sandbox

__all__ = ["Explorer", "Sandbox", "explore", "sandbox"]

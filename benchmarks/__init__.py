"""What fast means, measured: every figure is a ratio against a peer in the same run, never a time on its own."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Row:
    """One comparison: ours against what a notebook author would write instead."""

    what: str
    ours: float
    peer: float
    unit: str
    goal: float
    at_least: bool = False  # the goal is a floor: more is better
    peer_name: str = "peer"

    @property
    def ratio(self) -> float:
        """Ours ÷ the peer's."""
        return self.ours / self.peer

    @property
    def met(self) -> bool:
        """Whether the goal is reached."""
        return self.ratio >= self.goal if self.at_least else self.ratio <= self.goal

    def __str__(self) -> str:
        sign = "≥" if self.at_least else "≤"
        return (
            f"{self.what:<46} ours {self.ours:8.1f} {self.unit:<8} {self.peer_name} {self.peer:8.1f} {self.unit:<8} "
            f"ratio {self.ratio:6.3f}  goal {sign} {self.goal:g}  {'met' if self.met else 'MISSED'}"
        )

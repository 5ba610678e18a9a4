"""The computation graph as a component: the reader steps, plays and scrubs in the browser, without the server."""

from collections.abc import Sequence
from typing import Final

import streamlit as st

from dashboard.components import read
from dashboard.components.graph_drawing import draw
from dashboard.lessons.story import Frame

_HTML: Final = """
<div class="graph" tabindex="0" role="group" aria-label="Computation graph. Arrow keys: one step. Space: play">
  <div class="picture"></div>
  <div class="controls">
    <button class="first" type="button">Start</button>
    <button class="back" type="button">Back</button>
    <button class="forward main" type="button">Next</button>
    <button class="play" type="button"><span class="go">Play</span><span class="hold">Pause</span></button>
    <input class="scrub" type="range" min="0" step="1" value="0" aria-label="Step">
    <output class="count"></output>
  </div>
  <div class="caption"><p class="title"></p><p class="rule"></p><p class="meaning"></p></div>
  <p class="spoken" aria-live="polite"></p>
</div>
"""

_component = st.components.v2.component(
    "sgd_laboratory_graph",
    html=_HTML,
    css=read("base.css", "playing.css", "graph.css"),
    js=read("playing.js", "graph.js"),
)


def graph_player(frames: Sequence[Frame], label: str, step: int, key: str) -> int:
    """Show a graph and let the reader step through its `frames` from `step` on; return the current step.

    `label` describes the picture for screen readers.
    """
    captions = [{"title": m.title, "rule": m.rule, "meaning": m.meaning, "direction": m.direction} for m in frames]
    step = min(max(step, 0), len(frames) - 1)
    shown = _component(
        data={"svg": draw(frames, label), "frames": captions, "step": step},
        default={"step": step},
        key=key,
        on_step_change=lambda: None,
    )
    return min(int(shown["step"]), len(frames) - 1)

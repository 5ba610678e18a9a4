"""Updates of the graph: move the weights against their gradients, repeatedly, and undo it."""

from typing import Any

import numpy as np
import streamlit as st

from dashboard.charts.slopes import loss_over_weight
from dashboard.lessons.backprop import gradients
from dashboard.text.glossary import explained
from dashboard.text.numbers import format_number
from dashboard.views.backpropagation.tuned_graph import COUNTER, MAX_UPDATES, Graph, descended, key


def updates(graph: Graph) -> None:
    """Show the next update as arithmetic, and buttons to apply and undo it."""
    st.subheader("Update", anchor=False)
    left, right = st.columns([1, 1], gap="large") if graph.name == "one weight" else (st.container(), None)
    loss = graph.build(**graph.values)
    gradient = gradients(loss)
    with left:
        _arithmetic(graph, loss.value.item(), gradient)
        with st.container(horizontal=True):
            st.button("Update once", type="primary", on_click=_update, args=(graph, 1))
            st.button("Update 10 times", on_click=_update, args=(graph, 10))
            st.button(
                "Undo", on_click=_undo, args=(graph,), disabled=not (_history(graph) if graph.tuned else _counted())
            )
        if st.session_state.pop("update refused", False):
            st.warning("At this learning rate the numbers would become too large. Lower it, or undo updates.")
    if right is not None:
        trail = [then[key("v")] for press in _history(graph) for then in press]
        x, y, v = (graph.values[name].item() for name in ("x", "y", "v"))
        right.vega_lite_chart(
            loss_over_weight(x, y, v, trail, gradient["v"].item()),
            alt=f"The loss over v: a bowl. At v = {format_number(v, 4)} its slope is "
            f"{format_number(gradient['v'].item(), 4)}.",
        )


def _arithmetic(graph: Graph, loss: float, gradient: dict[str, Any]) -> None:
    for name in graph.tuned:
        value, slope = graph.values[name].item(), gradient[name].item()
        factor = f"({format_number(slope, 4)})" if slope < 0 else format_number(slope, 4)
        st.markdown(
            f"new {name} = {name} − learning rate × gradient = {format_number(value, 4)} − "
            f"{format_number(graph.rate, 4)} × {factor} = **{format_number(value - graph.rate * slope, 4)}**"
        )
    if not graph.tuned:
        count = sum(slope.size for slope in gradient.values())
        length = graph.rate * float(np.sqrt(sum(np.sum(slope**2) for slope in gradient.values())))
        st.markdown(
            f"The loss is now **{format_number(loss, 4)}**. The next update moves all {count:,} weights at once, each "
            f"by learning rate × its gradient: a straight-line distance of {format_number(length, 4)}."
        )
    if graph.name == "one weight":
        _explain_rate(graph)


def _explain_rate(graph: Graph) -> None:
    """For one weight an update multiplies the distance to the optimum y / x by 1 - 2 rate x²."""
    x, y, v = (graph.values[name].item() for name in ("x", "y", "v"))
    if x == 0:
        st.markdown("With x = 0 the loss does not depend on v: the gradient is 0, and an update leaves v unchanged.")
        return
    factor = 1 - 2 * graph.rate * x * x
    if v == y / x:
        fate = "v is at the optimum, so the gradient is 0 and updates change nothing."
    elif abs(factor) > 1:
        fate = "**the distance grows: the learning rate is too large.**"
    elif abs(factor) == 1:
        fate = "the distance never shrinks."
    else:
        fate = f"the distance shrinks{', though every update jumps across the optimum' if factor < 0 else ''}."
    st.markdown(
        f"The optimum is v = y / x = {format_number(y / x, 4)}. Every update multiplies the distance to it by "
        f"1 − 2 × learning rate × x² = {format_number(factor, 4)}: {fate} "
        f"The largest stable learning rate here is 1 / x² = {format_number(1 / (x * x), 4)}.",
        help=explained("optimum", "full-batch limit"),
    )


def _history(graph: Graph) -> list[list[dict[str, float]]]:
    """For each press of a button, the values before each of its updates."""
    history: list[list[dict[str, float]]] = st.session_state.setdefault(f"history of {graph.name}", [])
    return history


def _counted() -> int:
    return int(st.session_state.get(COUNTER, 0))


def _update(graph: Graph, times: int) -> None:
    taken = descended(graph.build, graph.values, graph.rate, times)
    within = len(taken) > times
    st.session_state["update refused"] = not within
    if not graph.tuned and within:
        st.session_state[COUNTER] = min(_counted() + times, MAX_UPDATES)
    elif graph.tuned and len(taken) > 1:
        *before, now = ({key(name): values[name].item() for name in graph.tuned} for values in taken)
        _history(graph).append(before)
        st.session_state.update(now)


def _undo(graph: Graph) -> None:
    if not graph.tuned:
        st.session_state[COUNTER] -= 1
    elif history := _history(graph):
        st.session_state.update(history.pop()[0])

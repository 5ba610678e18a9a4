"""A drawing of a network as a component: it is replaced in place while a model trains."""

import streamlit as st

from dashboard.components import read

_component = st.components.v2.component(
    "sgd_laboratory_network",
    html='<div class="network"></div>',
    css=read("base.css", "network.css"),
    js=read("network.js"),
)


def network_picture(svg: str, key: str) -> None:
    """Show an SVG of `draw_network`."""
    _component(data={"svg": svg}, key=key)

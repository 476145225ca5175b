"""The peer: the least Streamlit that shows the same 10,000 points and says what was clicked."""

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

st.set_page_config(layout="wide")


@st.cache_resource
def bare_figure() -> go.Figure:
    """The article's plot, one trace a label."""
    table = pd.read_parquet("models/artifacts/article/scores.parquet")
    spread = (table.index.to_numpy() * 2_654_435_761 % 2**32) / 2**32 - 0.5
    table["x"] = (table["label"].to_numpy("float32") + 0.72 * spread).astype("float32")
    traces = [
        go.Scattergl(
            x=rows["x"],
            y=rows["confidence"],
            customdata=rows.index,
            name=str(label),
            mode="markers",
            marker={"size": 5, "opacity": 0.65},
        )
        for label, rows in table.groupby("label")
    ]
    return go.Figure(traces, {"height": 680, "dragmode": "pan", "hovermode": "closest"})


@st.fragment
def look() -> None:
    """The scatter and one line of text: a click reruns this and nothing else."""
    event = st.plotly_chart(bare_figure(), key="scatter", on_select="rerun")
    points = event["selection"]["points"]
    st.markdown(f"Digit {points[0]['customdata']}" if points else "Click a point.")


look()

"""The peer: the least Streamlit that shows a canvas and echoes what was drawn on it."""

import streamlit as st
from streamlit_drawable_canvas import st_canvas

st.set_page_config(layout="wide")


@st.fragment
def look() -> None:
    """A canvas and a line of text: a stroke reruns this and nothing else."""
    drawn = st_canvas(
        stroke_width=22,
        background_color="#ffffff",
        width=300,
        height=300,
        return_image_data=True,
        key="canvas",
    )
    picture = drawn.image_bytes
    st.subheader(f"{len(picture)} bytes" if picture else "Draw.", anchor=False)


look()

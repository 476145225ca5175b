"""What do the words mean, and where do the numbers come from?"""

import streamlit as st

st.title("Glossary")

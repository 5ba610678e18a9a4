"""The mathematics of the teaching pages, in numpy. Knows no Streamlit and reads no file."""

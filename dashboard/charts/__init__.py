"""Tables in, Altair charts out. Knows no Streamlit and reads no file."""

"""Numbers, units and names for people, and text that is safe to show or to export."""

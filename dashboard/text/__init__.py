"""Words and numbers for people: units, formatting, and text that is safe to show or to export."""

"""The browser components: what has to move sixty times a second, without asking the server."""

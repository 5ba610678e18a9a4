"""The browser components: pictures that move sixty times a second without the server."""

"""What several pages share: caching, query parameters, downloads, running commands."""

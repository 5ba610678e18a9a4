"""What several pages share: the recorded run, cards, tables, limits, the address, caching, jobs and commands."""

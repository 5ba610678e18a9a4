"""What keeps a run safe: errors for people, whole files or none, and checks around DVC."""

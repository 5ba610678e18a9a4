"""The pipeline: the stages that DVC runs, and the nouns they share with the dashboard."""

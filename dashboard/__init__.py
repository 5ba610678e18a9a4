"""The dashboard: pages that read what the pipeline recorded, explain it and retrain."""

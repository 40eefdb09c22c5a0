"""Machinery that any site would need; it knows nothing of threads or votes."""

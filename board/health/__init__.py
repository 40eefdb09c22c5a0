"""Health: probes for a cluster, a page for the person who runs the board, and numbers for Prometheus."""

from board.health import metrics, page, probes
from board.health.vitals import Vitals

# Asked every few seconds: worth a line in the log only when they fail.
QUIET = frozenset(("/health/live", "/health/ready", "/metrics"))

__all__ = ["QUIET", "Vitals", "metrics", "page", "probes"]

"""Traffic: what was asked for, by whom (a person, a member, a bot) and from where, without telling anybody apart.

Sums by hour, day and week; no cookie, no address and no name of a browser is kept. Who asks not to be tracked is
counted as a request and no more.
"""

from board.traffic.counter import Counter
from board.traffic.keeping import close_days, prune
from board.traffic.pages import show, show_thread

__all__ = ["Counter", "close_days", "prune", "show", "show_thread"]

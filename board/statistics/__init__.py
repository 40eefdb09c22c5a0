"""Statistics: what somebody wrote, when and where, and what the whole board did, week by week."""

from board.statistics.counting import COUNT, count_later, count_person, count_weeks
from board.statistics.pages import show, show_person

__all__ = ["COUNT", "count_later", "count_person", "count_weeks", "show", "show_person"]

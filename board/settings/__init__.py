"""What a person chose of how the board looks: in the account, and for strangers in a cookie that says nothing else."""

from board.settings.choices import OPTIONS, Settings
from board.settings.keeping import SettingsMiddleware, take_over

__all__ = ["OPTIONS", "Settings", "SettingsMiddleware", "take_over"]

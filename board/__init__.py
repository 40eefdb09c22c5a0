"""Board: a message board with pictures, for cheap phones and slow lines."""

__version__ = "0.1.0"

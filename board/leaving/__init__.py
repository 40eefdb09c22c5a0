"""Leaving: a copy of everything to take along, and an account that really goes."""

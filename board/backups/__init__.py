"""Backups: the database as of one moment and every picture it names, kept elsewhere, and proved by restoring them."""

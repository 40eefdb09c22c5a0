"""How fast Board is, as ratios of one run: `make bench`, README.md beside this file."""

"""The makers of the bundled library: scores read, sounds synthesised, covers drawn, words written (see make.py)."""

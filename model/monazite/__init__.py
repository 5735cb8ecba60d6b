"""Monazite: do we stockpile or build processing, and how sure are we?"""

__version__ = "0.1.0"

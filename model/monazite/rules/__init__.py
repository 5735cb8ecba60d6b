"""How much: pure compiled rules for demand, orders, material, use, prices and money.

No clock, no generator, no SimPy: a rule is given tables and changes them. The order of
things inside a review is written once, in `review.py`.
"""

from monazite.rules import compiled  # noqa: F401  (it sets the cache of numba, before all others)

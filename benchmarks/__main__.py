"""Print every table: `python -m benchmarks`, or `make bench`."""

import sys

from benchmarks import memory, passes, review_cost, same_network

if "--help" in sys.argv or "-h" in sys.argv:
    print(__doc__)
    raise SystemExit
rules_us = review_cost.main()
same_network.main()
passes.main()
memory.main(rules_us)

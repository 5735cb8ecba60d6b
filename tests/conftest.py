"""How hard the tests look: the same examples every time, and many more in `make torture`."""

import os

from hypothesis import settings

settings.register_profile("usual", derandomize=True, deadline=None, max_examples=60)
settings.register_profile("torture", deadline=None, max_examples=3000, print_blob=True)
settings.load_profile("torture" if os.environ.get("MONAZITE_TORTURE") else "usual")

import sys
from pathlib import Path

# Worker processes import the made-up model by its name.
_FOLDER = str(Path(__file__).parents[1] / "experiments")
if _FOLDER not in sys.path:
    sys.path.insert(0, _FOLDER)

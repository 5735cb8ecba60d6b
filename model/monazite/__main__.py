"""`python -m monazite` is the command `monazite`."""

from monazite.cli import run

if __name__ == "__main__":
    run()

"""What the user wrote: scenario files in, one checked `Scenario` out."""

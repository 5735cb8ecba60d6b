"""What a review costs, how that compares, and how much memory a run takes."""

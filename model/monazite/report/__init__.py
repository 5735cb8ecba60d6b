"""What to show: tables for people, from result files; nothing is simulated here."""

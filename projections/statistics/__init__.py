"""The arithmetic of comparing: how sure a share is, which group stands out, what changed, and what is too small to show.

Pure functions of numbers: no record, no case and no clock. Whoever compares counts first, and hands the counts in."""

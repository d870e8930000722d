"""The benchmarks: each measures this service and its peer in one run, on the machine at hand, and gives their ratio."""

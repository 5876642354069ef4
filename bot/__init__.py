"""Wires and runs: settings, wiring, worker loop, command line, health checks and logs."""

"""Weighs threads and brands by how fast negative talk grows against their own normal; pure, from the past alone."""

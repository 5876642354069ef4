"""The second worker: judges texts and weighs threads."""

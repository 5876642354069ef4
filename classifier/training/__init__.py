"""Building the shipped judge: base weights, public data, training, export. Nothing here runs in production."""

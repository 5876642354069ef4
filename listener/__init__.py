"""Hears: reads posts, comments and direct messages from the platforms and keeps each exactly once."""

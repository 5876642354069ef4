"""Slack: cards people read, buttons they press, and the calls those presses make."""

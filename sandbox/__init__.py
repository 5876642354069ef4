"""Loopback stand-ins of the X API, the Graph API and Slack, and recorded streams, for demo, rehearsal and tests."""

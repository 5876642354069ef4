"""Answers: decides what deserves a person's attention, drafts replies, takes approvals and publishes."""

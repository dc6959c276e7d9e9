"""Conversations: each asks and returns an outcome; none writes, reads the clock or catches (DESIGN 3)."""

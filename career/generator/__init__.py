"""A fictional académie as a feed: people and establishments that never existed, careers that obey the real durations."""

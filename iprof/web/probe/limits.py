"""What one file may cost. A file of 3 MB may unfold into gigabytes, or keep a processor busy for ever."""

MEMORY = 200_000_000  # bytes of data beyond what the reader itself holds
SECONDS = 8.0  # of clock; as much of processor
PAGES = 200  # of a document
PIXELS = 60_000_000  # of an image: a phone of today makes 50
DEPTH = 50  # of nested values in one object

"""Files of unknown origin, read apart from the portal: a process of its own each, with so much memory and time.

`ask` is the portal's side. The rest of the package runs in the child, which knows neither Django nor the database.
"""

from iprof.web.probe.client import Answer, Looked, ask, look

__all__ = ["Answer", "Looked", "ask", "look"]

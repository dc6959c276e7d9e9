"""Where tests keep what has to outlive no power cut."""

import os
import shutil
import tempfile
from pathlib import Path

_MEMORY = Path("/dev/shm")
_LEAST_MEMORY = 2 * 1024**3


def scratch() -> str:
    """A folder in memory where the system has one and room in it, else the temporary folder."""
    has_room = os.access(_MEMORY, os.W_OK) and shutil.disk_usage(_MEMORY).free >= _LEAST_MEMORY
    return str(_MEMORY) if has_room else tempfile.gettempdir()

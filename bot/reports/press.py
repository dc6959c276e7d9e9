"""The press: papers and pictures out of facts, set with typst. What people wrote is always text, never markup."""

import json
import tempfile
from collections.abc import Mapping
from datetime import datetime
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import Any

import typst

from bot.reports.glyphs import FONTS, legible

_TEMPLATES = Path(__file__).parent
_REMEMBERED = 10
"""How many papers typst keeps its work of; a volume's hundred records are 20 MB of it."""


class Press:
    """Keeps one compiler with its fonts, which makes a page take milliseconds. May be used from many threads."""

    def __init__(self) -> None:
        self._lock = Lock()

    def pdf(
        self, template: str, facts: Mapping[str, Any], pictures: Mapping[str, bytes], *, at: datetime, is_long: bool = False
    ) -> bytes:
        """A PDF of `template` (its name without ending). `facts` name `pictures` by their keys; `at` is the PDF's own date,
        so that the same facts make the same bytes. Of what `is_long` the compiler keeps nothing in mind.
        """
        made = self._make(template, facts, pictures, is_long=is_long, format="pdf", timestamp=int(at.timestamp()))
        return made if isinstance(made, bytes) else b"".join(made)

    def png(self, template: str, facts: Mapping[str, Any], pictures: Mapping[str, bytes], *, ppi: float = 144) -> list[bytes]:
        """The same as pictures, one a page."""
        made = self._make(template, facts, pictures, format="png", ppi=ppi)
        return [made] if isinstance(made, bytes) else list(made)

    @cached_property
    def _compiler(self) -> typst.Compiler:
        return typst.Compiler(font_paths=[str(FONTS)], ignore_system_fonts=True)

    def _make(
        self, template: str, facts: Mapping[str, Any], pictures: Mapping[str, bytes], *, is_long: bool = False, **how: Any
    ) -> bytes | list[bytes]:
        with self._lock, tempfile.TemporaryDirectory(prefix="fieldhand-") as folder:
            root = Path(folder)
            for file in _TEMPLATES.glob("*.typ"):
                (root / file.name).write_bytes(file.read_bytes())
            for name, content in pictures.items():
                (root / name).write_bytes(content)
            told = legible(facts, str(facts["language"]))
            (root / "facts.json").write_text(json.dumps(told, ensure_ascii=False, default=str), encoding="utf-8")
            made = self._compiler.compile(str(root / f"{template}.typ"), root=folder, **how)
            if is_long:
                self._let_go(root)
        assert made is not None  # only asked to write into a file it gives nothing back
        return made

    def _let_go(self, root: Path) -> None:
        """The compiler remembers how it set the last ten papers: after as many empty ones a long one is forgotten."""
        blank = root / "blank.typ"
        blank.write_text("#set page(width: 1pt, height: 1pt)\n", encoding="utf-8")
        for _ in range(_REMEMBERED + 1):
            self._compiler.compile(str(blank), root=str(root), format="pdf", timestamp=0)

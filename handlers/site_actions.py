"""Buttons about what is special on site: who confirms, who approves, who is asked (VIS-2, VIS-10, VIS-14, VIS-18)."""

from handlers.pressing import Action, decides, starts
from rules import analyses, interims
from rules.people import Deed

ACTIONS: dict[str, Action] = {
    "attendant": starts("attendant", Deed.BRIEF_REPORT),
    "unsure": starts("unsure", Deed.RECORD_FINDINGS),
    "fits": decides(analyses.fits, "done.fits"),
    "misfit": starts("misfit", Deed.RECORD_FINDINGS),
    "interim_yes": decides(interims.approve, "done.interim_yes"),
    "interim_no": starts("interim_no", Deed.DECIDE_PROBLEM),
}

"""Papers of complaints and opinion cards, by the names under which they are asked for (CMP-14, CMP-21, SUR-1, X-28)."""

FORM, SLIP, LETTER, OPINION = "complaint-form:", "complaint-slip:", "complaint-letter:", "opinion-card:"
"""Behind the name stands the id of the case; of a form the number of its copy, of a slip its own number as well."""
EVERY = (FORM, SLIP, LETTER, OPINION)


def form_of(case: int, copy: int) -> str:
    """A copy of the complaint form (客戶抱怨處理表). It is for the departments, never for the customer (ROL-2)."""
    return f"{FORM}{case}:{copy}"


def slip_of(case: int, number: str) -> str:
    """An allowance certificate or a return slip of a complaint (CMP-21)."""
    return f"{SLIP}{case}:{number}"


def letter_of(case: int) -> str:
    """The answer to a serious complaint as a letter (SUR-7, X-28)."""
    return f"{LETTER}{case}"


def card_of(survey: int) -> str:
    """An opinion card to be filled in with a pen (SUR-1)."""
    return f"{OPINION}{survey}"

"""The check-in sheet of a vehicle: asked when it comes, gone through again when it goes (WKS-14)."""

from handlers.ask import Ask
from handlers.desk import Desk
from rules.check_ins import FUEL, SIDES, CheckIn, Compared


async def check_in(ask: Ask, desk: Desk) -> CheckIn | None:
    """Four sides, fuel, mileage, outside, inside, belongings; the reminder to keep valuables. None where it is not kept."""
    if desk.turn.terms.policy.workshop.check_in != "vehicle":
        return None
    sides = []
    for side in SIDES:
        photo = await ask.photo(side, wording=f"check_in.{side}")
        sides.append((side, str(photo["photo"])))
    mileage = await ask.number("mileage", at_most=9_999_999, is_whole=True, wording="check_in.mileage")
    fuel = await ask.choice("fuel", FUEL, family="check_in.fuel", wording="check_in.fuel")
    outside = await ask.text("outside", at_most=300, optional=True, wording="check_in.outside")
    inside = await ask.text("inside", at_most=300, optional=True, wording="check_in.inside")
    belongings = await ask.text("belongings", at_most=300, optional=True, wording="check_in.belongings")
    await ask.choice("reminded", ["done"], family="check_in.reminded", wording="check_in.reminded")
    told = (str(fuel), outside or "", inside or "", belongings or "")
    return CheckIn(tuple(sides), int(mileage or 0), *told, is_reminded=True)


async def compare(ask: Ask, desk: Desk, shown: str) -> Compared | None:
    """Whether everything is as it was noted; None where there is no sheet."""
    if not desk.args.get("has_sheet"):
        return None
    answer = await ask.choice("as_noted", ["yes", "differs"], facts={"shown": shown})
    return Compared(await ask.text("differences", at_most=300) if answer == "differs" else "")

"""The command line: `fieldhand`, or `python -m bot` (DESIGN 8)."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, TypeVar

import typer
from sqlalchemy import Connection

from bot import backup as copies
from bot import balances, books, catalogues, erasing, policy_tools, rosters, tools, volumes
from bot.audit import audit as find_flaws
from bot.backup import BackupError
from bot.company import load_company, with_earlier
from bot.reports.printer import Printer
from bot.running import KNOWN, die, in_one_line
from bot.running import run as run_desk
from bot.settings import Settings, read_settings
from bot.shelves import open_shelf
from rules.people import Role
from rules.policies import PolicyError
from rules.refusals import Refused
from storage import invitations, policies
from storage.engine import open_engine
from storage.migrate import migrate as bring_up_to_date
from storage.migrate import revision
from texts import catalog

T = TypeVar("T")
PROBLEMS = (*KNOWN, BackupError, tools.ImportProblem, tools.StickerProblem, rosters.RosterProblem, catalogues.CatalogueProblem,
            balances.BalanceProblem, books.BookProblem)  # fmt: skip
"""What ends a command in one line: the message says why."""
app = typer.Typer(
    name="fieldhand", no_args_is_help=True, add_completion=False, help="外勤幫手 Fieldhand: the service desk in chat."
)
policy_app = typer.Typer(no_args_is_help=True, help="Look at the policy: show, check, explain.")
app.add_typer(policy_app, name="policy")


def main() -> None:
    """Entry point; every known problem ends in one line on standard error and status 1."""
    try:
        app()
    except PROBLEMS as error:
        die(in_one_line(error))


def _settings() -> Settings:
    return read_settings()


@contextmanager
def _database(settings: Settings) -> Iterator[Callable[[Callable[[Connection], T]], T]]:
    """A function that does a piece of work in one transaction, on the present schema."""
    engine = open_engine(settings.database_url)

    def work(piece: Callable[[Connection], T]) -> T:
        with engine.begin() as connection:
            return piece(connection)

    try:
        bring_up_to_date(engine)
        yield work
    finally:
        engine.dispose()


def _in_words(refused: Refused) -> str:
    """Why the rules say no, in the words that people read."""
    if refused.code == "no-such-person":
        return "nobody on the staff has that number; `fieldhand staff` lists them"
    return catalog.say("en", f"refused.{refused.code}", refused.facts)


@app.command()
def run() -> None:
    """Run the desk until SIGTERM or Ctrl-C."""
    raise typer.Exit(run_desk())


@app.command()
def migrate() -> None:
    """Bring the database to this release's schema (the start does it too)."""
    engine = open_engine(_settings().database_url)
    try:
        bring_up_to_date(engine)
        typer.echo(f"revision {revision(engine)}")
    finally:
        engine.dispose()


@app.command()
def invite(
    role: Annotated[Role, typer.Argument(help="technician, supervisor, clerk, manager, administrator…")],
    branch: Annotated[str, typer.Option(help="the branch; empty: the first one")] = "",
) -> None:
    """Print the line by which a colleague comes in, once and within 24 hours: to be sent to the bot, or in the web chat."""
    settings = _settings()
    with _database(settings) as work:
        code = work(
            lambda c: invitations.invite(c, role=role, branch=branch or settings.branch, by=None, now=datetime.now(UTC))
        )
    typer.echo(f"/start {code}")


@app.command()
def staff(leave: Annotated[int | None, typer.Option(help="number of somebody who has left")] = None) -> None:
    """List the staff, or end somebody's rights."""
    with _database(_settings()) as work:
        if leave is not None:
            try:
                person = work(lambda c: tools.leave(c, leave, now=datetime.now(UTC)))
            except Refused as refused:
                die(f"staff --leave {leave}: {_in_words(refused)}")
                return
            typer.echo(f"{person.id}: left")
            return
        known = work(tools.staff)
        if not known:
            typer.echo("no staff yet: `fieldhand invite administrator` prints a code for the first one", err=True)
        for one in known:
            typer.echo(f"{one.id}\t{one.standing}\t{','.join(sorted(one.roles))}\t{one.branch}\t{one.name}")


@app.command(name="import")
def import_(
    what: Annotated[
        str,
        typer.Argument(help="`parts` with a catalogue, `books` with sales or budgets; else the file", metavar="[KIND] FILE"),
    ],
    catalogue: Annotated[Path | None, typer.Argument(exists=True, dir_okay=False, hidden=True)] = None,
) -> None:
    """Take customers, turns of duty or balances from CSV, parts, sales or budgets from CSV or XLSX; all of it or nothing."""
    settings = _settings()
    if catalogue is not None:
        _import_named(settings, what, catalogue)
        return
    file = Path(what)
    if not file.is_file():
        die(f"import: there is no file {what}")
    with _database(settings) as work:
        if balances.is_list(file):
            company, where = load_company(settings), {"region": settings.region, "branch": settings.branch}
            owing = work(lambda c: balances.import_balances(c, file, company.terms, now=datetime.now(UTC), **where))
            typer.echo(f"{owing} overdue balances")
            return
        if rosters.is_roster(file):
            at = {"zone": settings.timezone, "branch": settings.branch}
            typer.echo(f"{work(lambda c: rosters.import_roster(c, file, now=datetime.now(UTC), **at))} turns of duty")
            return
        n_people = work(
            lambda c: tools.import_people(c, file, region=settings.region, branch=settings.branch, now=datetime.now(UTC))
        )
    typer.echo(f"{n_people} customers")


def _import_named(settings: Settings, what: str, file: Path) -> None:
    if what == "parts":
        catalogue = catalogues.read_catalogue(file)
        with _database(settings) as work:
            n_new, n_known = work(lambda c: catalogues.keep(c, catalogue, now=datetime.now(UTC)))
        typer.echo(f"{n_new} new parts, {n_known} known ones brought up to date ({catalogue.encoding})")
    elif what == "books":
        taken = books.read_book(file, load_company(settings).terms, branch=settings.branch)
        with _database(settings) as work:
            typer.echo(f"{work(lambda c: books.keep(c, taken))} lines of {taken.book}: {', '.join(sorted(taken.months))}")
    else:
        die(f"import: {what} is not known; `import parts FILE` takes a catalogue, `import books FILE` sales or budgets")


@app.command()
def export(folder: Annotated[Path, typer.Argument(file_okay=False, help="where orders.csv and orders.jsonl go")]) -> None:
    """Write orders, complaints, movements of money, purchases of parts and ratios to sales as CSV and JSON lines."""
    settings = _settings()
    terms = load_company(settings).terms
    with _database(settings) as work:
        typer.echo(f"{work(lambda c: tools.export(c, folder))} orders")
        work(lambda c: books.export_ratios(c, folder, terms))


@app.command()
def replay(
    held: Annotated[bool, typer.Option(help="also send what a restore holds back")] = False,
) -> None:
    """Put messages that were set aside back into the queue, for the next start."""
    settings = _settings()
    with _database(settings) as work:
        typer.echo(f"{work(tools.replay)} messages wait again")
    if held:
        typer.echo(f"{copies.release(settings)} held messages may go")


@app.command()
def audit() -> None:
    """Verify the journal's chains and every kept file; status 1 when something is wrong."""
    settings = _settings()
    shelf, n_flaws = open_shelf(settings), 0
    engine = open_engine(settings.database_url, is_writer=False)
    try:
        for flaw in find_flaws(engine, shelf):
            typer.echo(flaw)
            n_flaws += 1
    finally:
        engine.dispose()
    typer.echo("all is well" if not n_flaws else f"{n_flaws} flaws")
    raise typer.Exit(1 if n_flaws else 0)


@app.command()
def backup(file: Annotated[Path, typer.Argument(dir_okay=False, help="a new .tar.gz")]) -> None:
    """Copy database and files while the desk may be running; status 1 when a file is missing or no longer what it was."""
    copied = copies.backup(_settings(), file)
    for flaw in copied.flaws:
        typer.echo(flaw)
    typer.echo(f"{copied.n_rows} rows and {copied.n_files} files in {file}")
    raise typer.Exit(1 if copied.flaws else 0)


@app.command()
def restore(file: Annotated[Path, typer.Argument(exists=True, dir_okay=False)]) -> None:
    """Put a copy into an empty database, of either sort; what waited to be sent is held until `replay --held`."""
    n_held = copies.restore(_settings(), file)
    typer.echo(f"restored; {n_held} messages are held, `fieldhand replay --held` lets them go")


@policy_app.command("show")
def policy_show() -> None:
    """Every figure in force; those that differ from the default are marked with *."""
    policy = load_company(_settings()).terms.policy
    typer.echo(f"{policy.profile} ({policy.name}), version {policy.version}")
    for key, value, is_own in policy_tools.figures(policy):
        typer.echo(f"{'*' if is_own else ' '} {key} = {value}")


@policy_app.command("check")
def policy_check(
    file: Annotated[Path | None, typer.Argument(exists=True, dir_okay=False, help="empty: the one in force")] = None,
) -> None:
    """Say whether a policy file can be used, and what it lacks; status 1 when it can't."""
    chosen = file or _settings().policy_file
    try:
        warnings = policy_tools.check(chosen, this_year=datetime.now(UTC).year)
    except PolicyError as error:
        die(str(error))
        return
    for line in warnings:
        typer.echo(f"! {line}")
    typer.echo(f"✓ {chosen} can be used")


@policy_app.command("explain")
def policy_explain(number: Annotated[str, typer.Argument(help="an order, for example 2611-0001")]) -> None:
    """Why each promise of an order falls when it does."""
    settings = _settings()
    with _database(settings) as work:
        company = with_earlier(load_company(settings), work(policies.texts))
        told = work(lambda c: policy_tools.explain(c, company, number))
    if not told:
        die(f"policy explain {number}: no such order")
    for line in told:
        typer.echo(line)


@app.command()
def sticker(
    model: Annotated[str, typer.Argument(help="the machine's model")],
    serial: Annotated[str, typer.Argument(help="its serial number")] = "",
) -> None:
    """Print the address for a machine's QR sticker: who scans it reports about that machine."""
    settings = _settings()
    with _database(settings):
        for address in tools.stickers(settings, model, serial):
            typer.echo(address)


@app.command()
def erase(who: Annotated[str, typer.Argument(help="the customer's number, or telephone as it is kept: +886912345678")]) -> None:
    """Forget a customer who asks for it: particulars go, numbers and figures stay; his files go from the shelf."""
    settings = _settings()
    with _database(settings) as work:
        try:
            n_cleared = work(lambda c: erasing.erase(c, who, now=datetime.now(UTC)))
        except Refused as refused:
            die(f"erase: {_in_words(refused)}")
        except LookupError:
            die("erase: nobody is known by that number or telephone")
        n_files = erasing.drop_files(work, open_shelf(settings))
    typer.echo(f"erased: {n_cleared} orders and cases, {n_files} files")


@app.command()
def volume(
    month: Annotated[str, typer.Argument(help="the month, for example 2026-11")],
    file: Annotated[Path, typer.Argument(dir_okay=False, help="a new .zip")],
) -> None:
    """Bind a month's service reports into one file, with an index and their hashes."""
    settings = _settings()
    company, shelf = load_company(settings), open_shelf(settings)
    printer = Printer(lambda: company, keep=shelf.put, load_file=shelf.get)
    with _database(settings) as work:
        try:
            n_bound = work(lambda c: volumes.bind(c, month, file, printer, company.terms, settings.language))
        except volumes.PROBLEMS as error:
            die(f"volume {month}: {in_one_line(error)}")
    typer.echo(f"{n_bound} reports in {file}")


@app.command()
def check() -> None:
    """Say what is set up and what is wrong; status 1 when something is wrong."""
    is_well = True
    for well, line in tools.check(_settings()):
        typer.echo(f"{'✓' if well else '✗'} {line}")
        is_well &= well
    raise typer.Exit(0 if is_well else 1)

"""Structured logs: facts as JSON lines, or readable ones on a terminal. Never names, telephones, texts or tokens."""

import logging
import sys

import structlog


def set_up_logs(*, is_terminal: bool | None = None) -> None:
    """Route our own and the libraries' logs to standard error."""
    pretty = sys.stderr.isatty() if is_terminal is None else is_terminal
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    renderer: structlog.typing.Processor = (
        structlog.dev.ConsoleRenderer() if pretty else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    structlog.configure(
        processors=[*shared, structlog.processors.format_exc_info, renderer] if not pretty else [*shared, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(levelname)s %(name)s %(message)s")
    for noisy in ("httpx", "httpcore", "telegram", "alembic"):
        logging.getLogger(noisy).setLevel(logging.WARNING)  # their INFO lines hold addresses with tokens

"""The database that keeps the decisions: connections that lose nothing, faults in one sentence."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import DisconnectionError, SQLAlchemyError

from core.study.data_folder import data_folder

VARIABLE = "PENUMBRA_DECISIONS"
"""Names the database."""
BUSY_SECONDS = 5
CACHE_KIB = 128
"""Of a SQLite file, that each connection keeps. The operating system keeps the file anyway: reading
ten thousand decisions took no longer than with SQLite's own 2 MiB, which fill as decisions come."""
ENGINE_OPTIONS: dict[str, Any] = {"pool_pre_ping": True, "pool_timeout": 10}
"""What every engine on a decision database is created with: a dead connection is replaced."""

_SQLITE_FAULTS = {  # https://sqlite.org/rescode.html, primary result codes
    5: "is locked by another program",
    6: "is locked by another program",
    8: "cannot be written to: it is read-only",
    10: "cannot be read or written: its disk reports an error",
    11: "is damaged",
    13: "cannot be written to: its disk is full",
    14: "cannot be opened: its folder is missing, or it may not be written to",
    26: "is not a SQLite file",
}
_POSTGRESQL_FAULTS = {  # https://postgresql.org/docs/current/errcodes-appendix.html, by beginning
    "08": "does not answer",
    "25006": "cannot be written to: it is read-only",
    "28": "refuses this user or password",
    "3D": "does not exist on its server",
    "42501": "does not allow this user to read or write it",
    "42P01": "has lost its tables: it was replaced or emptied",
    "53100": "cannot be written to: its disk is full",
    "53300": "has too many connections",
    "55P03": "is locked by another program",
    "57014": "took too long to answer",
    "57P": "does not answer",
}

_IN_MEMORY = (
    "The decision database is in memory only, and its decisions would be gone with the program:"
    " name a file, like sqlite:///decisions.sqlite3."
)


class StoreError(ValueError):
    """The decision database cannot be used now; the message says why in one plain sentence."""


def usual_address() -> str:
    """Where decisions go if nobody says: a SQLite file in the data folder."""
    return f"sqlite:///{data_folder() / 'decisions.sqlite3'}"


def open_engine(url: str) -> sa.Engine:
    """An engine on the SQLite file or the PostgreSQL database of `url`, prepared for decisions.

    Raises:
        StoreError: `url` names no database that can be used here, or its folder cannot be made.
    """
    with plain_addresses():
        engine = sa.create_engine(url, **ENGINE_OPTIONS)
    prepare(engine)
    return engine


def prepare(engine: sa.Engine) -> None:
    """Make each connection of `engine` commit to disk before it says so, and wait for locks.

    SQLite: synchronous=FULL, a busy timeout and a small cache. A file that was removed or replaced
    under the process is noticed, where SQLite itself would go on writing to the removed one.
    PostgreSQL: synchronous_commit=on, whatever the server's default, and a statement timeout.

    Raises:
        StoreError: the folder of a SQLite file cannot be made, the database is neither kind, or
            it is in memory only.
    """
    kinds: dict[str, dict[str, Any]] = {
        "sqlite": {
            "do_connect": _require_file,
            "connect": _settle_sqlite,
            "checkout": _same_file,
        },
        "postgresql": {"do_connect": _limit_wait, "connect": _settle_postgresql},
    }
    kind = engine.dialect.name
    if kind not in kinds:
        raise StoreError(f"Decisions go to SQLite or PostgreSQL, not to {kind}.")
    if sa.event.contains(engine, "connect", kinds[kind]["connect"]):
        return  # and make no file in the place of one that went missing since
    if kind == "sqlite":
        _require_a_file(engine.url)
        _create_file(engine.url.database)
    for name, hook in kinds[kind].items():
        sa.event.listen(engine, name, hook)


def address(engine: sa.Engine) -> str:
    """Where the database is, for a message: a file or a URL without its password."""
    url = engine.url
    return str(url.database) if url.drivername.startswith("sqlite") else url.render_as_string()


@contextmanager
def plain_addresses() -> Iterator[None]:
    """Turn what is wrong with an address into a StoreError."""
    try:
        yield
    except (SQLAlchemyError, ImportError, ValueError, TypeError) as error:
        if "SingletonThreadPool" in str(error):  # that pool is for databases in memory alone
            raise StoreError(_IN_MEMORY) from error
        reason = str(error).splitlines()[0]
        raise StoreError(
            f"The address of the decision database cannot be used ({reason}); write it like"
            " sqlite:///FILE or postgresql+psycopg://USER:PASSWORD@HOST/NAME."
        ) from error


@contextmanager
def plain_errors() -> Iterator[None]:
    """Turn what the database reports into a StoreError."""
    try:
        yield
    except SQLAlchemyError as error:
        raise StoreError(f"The decision database {_fault(error)}.") from error


def _fault(error: SQLAlchemyError) -> str:
    reported = getattr(error, "orig", None) or error
    first_line = (str(reported).splitlines() or [type(reported).__name__])[0].rstrip(".")
    if "no such table" in first_line:
        return _POSTGRESQL_FAULTS["42P01"]
    code = getattr(reported, "sqlite_errorcode", None)
    if code is not None:
        return _SQLITE_FAULTS.get(code & 0xFF, f"reports: {first_line}")
    state = getattr(reported, "sqlstate", None) or ""
    if not state and isinstance(error, sa.exc.OperationalError | sa.exc.TimeoutError):
        return f"does not answer: {first_line.rsplit(': ')[-1].strip()}"
    known = (text for begin, text in _POSTGRESQL_FAULTS.items() if state.startswith(begin))
    return next(known, f"reports: {first_line}")


def _require_a_file(url: sa.URL) -> None:
    name = url.database or ""
    if not name or ":memory:" in name or url.query.get("mode") == "memory":
        raise StoreError(_IN_MEMORY)


def _create_file(database: str | None) -> None:
    if not database or database.startswith("file:"):
        return
    if Path(database).exists():  # on a read-only disk even a touch fails, and reading may do
        return
    try:
        Path(database).parent.mkdir(parents=True, exist_ok=True)
        Path(database).touch()
    except OSError as error:
        raise StoreError(
            f"The decision database {database} cannot be made: {error.strerror}."
        ) from error


def _require_file(dialect: Any, record: Any, args: Any, options: Any) -> None:
    """SQLite makes a missing file anew, and empty: what was decided would seem never decided."""
    options.setdefault("timeout", BUSY_SECONDS)
    name = str(args[0])
    if not name.startswith("file:") and not Path(name).exists():
        raise StoreError(f"The decision database {name} is missing.")


def _settle_sqlite(connection: Any, record: Any) -> None:
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute(f"PRAGMA cache_size=-{CACHE_KIB}")
    path = connection.execute("PRAGMA database_list").fetchone()[2]
    record.info["file"] = (Path(path), _identity(Path(path))) if path else None


def _same_file(connection: Any, record: Any, proxy: Any) -> None:
    if record.info.get("file") is None:
        return
    path, identity = record.info["file"]
    now = _identity(path)
    if now is None:
        raise StoreError(f"The decision database {path} is missing.")
    if now != identity:
        raise DisconnectionError(f"{path} was replaced")


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


def _limit_wait(dialect: Any, record: Any, args: Any, options: Any) -> None:
    options.setdefault("connect_timeout", BUSY_SECONDS)


def _settle_postgresql(connection: Any, record: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = on")
        cursor.execute(f"SET statement_timeout = '{2 * BUSY_SECONDS}s'")
    connection.commit()

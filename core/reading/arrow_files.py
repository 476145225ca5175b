"""Parquet, Arrow and Feather as tables; nested columns are refused by name."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from core.reading.errors import ReadingError
from core.reading.scratch import IN_MEMORY, MOST_BYTES, spooled

_DAMAGED = (pa.ArrowException, OSError, UnicodeDecodeError, MemoryError, OverflowError)


def read_parquet(path: Path, file: str) -> pa.Table:
    """A Parquet file: at once where small, else row group after row group into a memory map.

    Raises:
        ReadingError: it is cut, damaged or unpacks to more than MOST_BYTES.
    """
    try:
        with pq.ParquetFile(path) as parquet:
            meta = parquet.metadata
            size = sum(meta.row_group(i).total_byte_size for i in range(meta.num_row_groups))
            if size > MOST_BYTES:
                raise ReadingError(f"{file} unpacks to {size / 2**30:,.0f} GB; split it.")
            refuse_nested(parquet.schema_arrow, file)
            if size <= IN_MEMORY:
                return _sound(parquet.read())
            return _sound(spooled(parquet.schema_arrow, parquet.iter_batches(2**14)))
    except _DAMAGED as error:
        raise ReadingError(f"{file} is a cut or damaged Parquet file; copy it again.") from error


def read_arrow(path: Path, file: str) -> pa.Table:
    """An Arrow file or stream, or Feather, memory-mapped where not compressed.

    Raises:
        ReadingError: it is cut or damaged.
    """
    try:
        with path.open("rb") as stream:
            is_file = stream.read(6) == b"ARROW1"
        source = pa.memory_map(str(path), "r")
        opened = pa.ipc.open_file(source) if is_file else pa.ipc.open_stream(source)
        refuse_nested(opened.schema, file)
        return _sound(opened.read_all())
    except _DAMAGED as error:
        raise ReadingError(f"{file} is a cut or damaged Arrow file; copy it again.") from error


def _sound(table: pa.Table) -> pa.Table:
    """A table whose offsets lie within it and whose texts and names are UTF-8."""
    table.validate(full=True)
    return table.rename_columns(table.column_names).replace_schema_metadata(table.schema.metadata)


def refuse_nested(schema: pa.Schema, file: str) -> None:
    """Raise for a column that is a structure of its own.

    A structure of `bytes` and `path` is a picture, as the Hugging Face data sets write it.

    Raises:
        ReadingError: names the column.
    """
    for field in schema:
        if is_nested(field.type) and not is_picture(field.type):
            raise ReadingError(
                f"{file}: column {field.name!r} is nested ({str(field.type)[:60]}); "
                "flatten it into plain columns or a list of numbers."
            )


def is_picture(kind: pa.DataType) -> bool:
    """Whether a column holds pictures as `bytes` and `path`."""
    return pa.types.is_struct(kind) and {field.name for field in kind} == {"bytes", "path"}


def is_list(kind: pa.DataType) -> bool:
    """Whether a column holds a list a row."""
    types = pa.types
    return types.is_list(kind) or types.is_large_list(kind) or types.is_fixed_size_list(kind)


def is_nested(kind: pa.DataType) -> bool:
    """Whether a column is a structure, a map, a union, or a list of lists or structures."""
    if is_list(kind):
        return pa.types.is_nested(kind.value_type)
    return pa.types.is_nested(kind)


def names_of_codes(schema: pa.Schema, column: str) -> tuple[str, ...] | None:
    """The names that Hugging Face keeps beside a column of class numbers, if it does."""
    try:
        info = json.loads((schema.metadata or {}).get(b"huggingface", b"{}"))
        names = info["info"]["features"][column]["names"]
    except (ValueError, KeyError, TypeError):
        return None
    texts = isinstance(names, list) and all(isinstance(name, str) for name in names)
    return tuple(names) if texts and len(names) > 1 else None

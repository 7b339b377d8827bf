"""What people search by is cut into words beforehand, so that no search reads a whole table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from alembic import op
from sqlalchemy import Connection

from workshop.migrations import changing

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

_LONGEST = 32
_TABLE = """
CREATE TABLE search_word (
  kind VARCHAR(12) {collation} NOT NULL,
  word VARCHAR(32) {collation} NOT NULL,
  subject_id INTEGER NOT NULL,
  CONSTRAINT pk_search_word PRIMARY KEY (kind, word, subject_id)
)
"""


class Text(NamedTuple):
    """A column, how long it may be, and from where in it a word of it begins."""

    column: str
    length: int
    begins: str = "anywhere"
    is_number: bool = False

    def of(self, row: str) -> str:
        """The text as it is cut: a number of a part without its blanks and hyphens."""
        plain = f"{row}.{self.column}"
        return f"replace(replace({plain}, '-', ''), ' ', '')" if self.is_number else plain


# By table, and by the kind of word: the texts that it is cut from.
SOURCES: dict[str, dict[str, tuple[Text, ...]]] = {
    "customer": {
        "name": (Text("name", 80),),
        "initials": (Text("initials", 80, "first"),),
        "phone": (Text("phone", 32, "last 3"),),
    },
    "customer_contact": {
        "person": (Text("name", 80),),
        "person_phone": (Text("phone", 32, "last 3"),),
    },
    "vehicle": {"plate": (Text("plate", 16),), "vin": (Text("vin", 17, "last 4"),)},
    "part": {
        "part": (
            Text("search_no", 40),
            Text("oe_no", 40, is_number=True),
            Text("barcode", 40),
            Text("name_zh", 80, "word"),
            Text("name_en", 80, "word"),
            Text("brand", 40, "word"),
            Text("fits", 200, "word"),
        )
    },
    "part_supplier": {"offer": (Text("their_no", 40, is_number=True),)},
    "stock_level": {"bin": (Text("bin", 20),)},
    "goods_receipt": {"document": (Text("document", 50),)},
    "purchase": {"purchase": (Text("no", 32),)},
}


def upgrade() -> None:
    connection = op.get_bind()
    dialect = connection.dialect.name
    collation = 'COLLATE "C"' if dialect == "postgresql" else ""
    table = _TABLE.format(collation=collation).rstrip()
    changing.run(connection, f"{table} WITHOUT ROWID" if dialect == "sqlite" else table)
    fill(connection)
    for source in SOURCES:
        for statement in _triggers(dialect, source):
            changing.run(connection, statement)


def fill(connection: Connection) -> None:
    """Cut all that is there; nothing may be cut yet."""
    for source, kinds in SOURCES.items():
        for kind, texts in kinds.items():
            changing.run(
                connection,
                "INSERT INTO search_word (kind, word, subject_id) SELECT DISTINCT "
                f"'{kind}', cut.word, cut.id FROM "
                f"({' UNION ALL '.join(_all(connection.dialect.name, source, texts))}) AS cut",
            )


def _all(dialect: str, source: str, texts: tuple[Text, ...]) -> Iterator[str]:
    for text in texts:
        places, word, where = _cut(dialect, text, source)
        lateral = "LATERAL " if dialect == "postgresql" else ""
        joined = f"{source}, {lateral}{places}" if places else source
        yield f"SELECT {source}.id AS id, {word} AS word FROM {joined} WHERE {where}"


def _triggers(dialect: str, source: str) -> Iterator[str]:
    kinds = SOURCES[source]
    columns = ", ".join(text.column for texts in kinds.values() for text in texts)
    put = "\n".join(_put(dialect, kind, texts) for kind, texts in kinds.items())
    take = "\n".join(_take(dialect, kind, texts) for kind, texts in kinds.items())
    if dialect == "sqlite":
        for event, name, body in (
            ("INSERT", "insert", put),
            (f"UPDATE OF {columns}", "update", f"{take}\n{put}"),
            ("DELETE", "delete", take),
        ):
            trigger = f"CREATE TRIGGER {source}_words_{name} AFTER {event} ON {source}"
            yield f"{trigger} BEGIN\n{body}\nEND"
        return
    # A plan that was made while the table was empty would read it whole for each row, for as long
    # as the statement takes that fills it or takes all back.
    quick = "SET enable_seqscan = off"
    yield (
        f"CREATE FUNCTION {source}_words() RETURNS trigger LANGUAGE plpgsql {quick} AS $$\nBEGIN\n"
        f"IF TG_OP <> 'INSERT' THEN\n{take}\nEND IF;\n"
        f"IF TG_OP <> 'DELETE' THEN\n{put}\nEND IF;\nRETURN NULL;\nEND $$"
    )
    yield (
        f"CREATE TRIGGER {source}_words AFTER INSERT OR DELETE OR UPDATE OF {columns} "
        f"ON {source} FOR EACH ROW EXECUTE FUNCTION {source}_words()"
    )


def _put(dialect: str, kind: str, texts: tuple[Text, ...]) -> str:
    words = _words(dialect, texts, "NEW")
    # What should be there is no reason to refuse a customer.
    begin, end = "INSERT", "\nON CONFLICT DO NOTHING"
    if dialect == "sqlite":
        begin, end = "INSERT OR IGNORE", ""
    return (
        f"{begin} INTO search_word (kind, word, subject_id)\n"
        f"SELECT '{kind}', cut.word, NEW.id FROM ({words}) AS cut{end};"
    )


def _take(dialect: str, kind: str, texts: tuple[Text, ...]) -> str:
    words = _words(dialect, texts, "OLD")
    among = f"= ANY (ARRAY({words}))" if dialect == "postgresql" else f"IN ({words})"
    return f"DELETE FROM search_word WHERE kind = '{kind}' AND subject_id = OLD.id AND word {among};"


def _words(dialect: str, texts: tuple[Text, ...], row: str) -> str:
    """The words of one row, each once."""
    found = []
    for text in texts:
        places, word, where = _cut(dialect, text, row)
        source = f" FROM {places}" if places else ""
        found.append(f"SELECT {word} AS word{source} WHERE {where}")
    # Of one text alone nothing would take away what is there twice.
    return "\nUNION ".join(found) if len(found) > 1 else f"SELECT DISTINCT{found[0][6:]}"


def _cut(dialect: str, text: Text, row: str) -> tuple[str, str, str]:
    """Where its words begin, a word, and which of them are meant."""
    whole = text.of(row)
    begins, _, count = text.begins.partition(" ")
    if begins == "first":
        return "", _small(dialect, f"substr({whole}, 1, {_LONGEST})"), f"{whole} <> ''"
    if begins == "last":
        is_sqlite = dialect == "sqlite"
        end = f"substr({whole}, -{count})" if is_sqlite else f"right({whole}, {count})"
        return "", _small(dialect, end), f"length({whole}) >= {count}"
    places, place = _places(dialect, whole, text.length)
    where = [f"{place} <= length({whole})"]
    if dialect == "sqlite":
        where = [f"tens.column1 < length({whole})", *where]
    if begins == "word":
        where += [f"substr({whole}, {place}, 1) <> ' '", _is_beginning(dialect, whole, place)]
    return places, _small(dialect, f"substr({whole}, {place}, {_LONGEST})"), " AND ".join(where)


def _small(dialect: str, expression: str) -> str:
    """Only Latin letters have a small form here, as SQLite has it: both engines cut alike."""
    return f'lower({expression} COLLATE "C")' if dialect == "postgresql" else f"lower({expression})"


def _places(dialect: str, whole: str, length: int) -> tuple[str, str]:
    """What counts the signs of a text, and the count."""
    if dialect == "postgresql":
        return f"generate_series(1, length({whole})) AS place(number)", "place.number"
    # SQLite has no series everywhere, and no recursion in a trigger: tens and ones then.
    tens = ", ".join(f"({number})" for number in range(0, length, 10))
    ones = ", ".join(f"({number})" for number in range(1, 11))
    return f"(VALUES {tens}) AS tens, (VALUES {ones}) AS ones", "(tens.column1 + ones.column1)"


def _is_beginning(dialect: str, whole: str, place: str) -> str:
    """No letter goes on after a letter, and no digit after a digit; each Chinese sign begins."""
    pair = f"substr({whole}, {place} - 1, 2)"
    if dialect == "postgresql":
        return f"{pair} !~ '^([A-Za-z]{{2}}|[0-9]{{2}})$'"
    return f"{pair} NOT GLOB '[A-Za-z][A-Za-z]' AND {pair} NOT GLOB '[0-9][0-9]'"

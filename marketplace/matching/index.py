"""Collecting candidates: an index in memory or in a directory handed in, over normalised tokens.

Texts arrive as tokens already normalised; the index splits at blanks and nothing else. Every word
is optional (OR): asking for all of them loses half of the true matches. Constraints that narrow go
in as `facts`, of which a document must have one of each group; a document that does not know a
fact carries the `?` of its group, so that the unknown is never removed here.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path

import tantivy

TITLE, BRAND, CATEGORY, BODY = "title", "brand", "category", "body"
# A word of the title counts about twice one of the description.
FIELD_WEIGHTS = {TITLE: 1.0, BRAND: 0.8, CATEGORY: 0.8, BODY: 0.5}
_HEAP = 128_000_000


class TextIndex:
    """One writer, many readers; `row` numbers are the caller's."""

    def __init__(self, directory: Path | None = None) -> None:
        builder = tantivy.SchemaBuilder()
        for name in FIELD_WEIGHTS:
            builder.add_text_field(name, tokenizer_name="blank", index_option="freq")
        builder.add_text_field("facts", tokenizer_name="blank", index_option="basic")
        builder.add_text_field("id", tokenizer_name="raw", index_option="basic")
        builder.add_unsigned_field("row", fast=True)
        self._schema = builder.build()
        path = str(directory) if directory is not None else None
        self._index = tantivy.Index(self._schema, path=path)
        blank = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
        self._index.register_tokenizer("blank", blank)
        # One thread keeps the order of documents, so that ties fall the same way every time.
        self._writer = self._index.writer(_HEAP, 1)
        self._searcher = self._index.searcher()

    def add(self, row: int, id: str, texts: dict[str, str], facts: str) -> None:
        """Add a document; it is found after `commit`."""
        document = tantivy.Document()
        for name, text in texts.items():
            if text:
                document.add_text(name, text)
        document.add_text("facts", facts)
        document.add_text("id", id)
        document.add_unsigned("row", row)
        self._writer.add_document(document)

    def remove(self, id: str) -> None:
        self._writer.delete_documents_by_term("id", id)

    def commit(self) -> None:
        self._writer.commit()
        self._index.reload()
        self._searcher = self._index.searcher()

    def collect(
        self,
        words: Iterable[tuple[str, float, Sequence[str]]],
        limit: int,
        required: Iterable[Sequence[str]] = (),
    ) -> list[int]:
        """Rows of the best `limit` documents for `words` (word, weight, fields it occurs in)."""
        query, occur = tantivy.Query, tantivy.Occur
        terms = []
        for word, weight, fields in words:
            # The best field of a word counts, the others a little: near to BM25F, which orders.
            found = [
                query.boost_query(
                    query.term_query(self._schema, name, word, "freq"),
                    weight * FIELD_WEIGHTS[name],
                )
                for name in fields
            ]
            one = found[0] if len(found) == 1 else query.disjunction_max_query(found, 0.1)
            terms.append((occur.Should, one))
        if not terms:
            return []
        wanted = query.boolean_query(terms)
        groups = [
            query.const_score_query(query.term_set_query(self._schema, "facts", list(group)), 0.0)
            for group in required
        ]
        if groups:
            parts = [(occur.Must, wanted), *((occur.Must, group) for group in groups)]
            wanted = query.boolean_query(parts)
        hits = self._searcher.search(wanted, limit, count=False).hits
        if not hits:
            return []
        rows = self._searcher.fast_field_values("row", [address for _, address in hits])
        return [int(row) for row in rows if row is not None]

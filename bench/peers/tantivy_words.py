"""tantivy alone: BM25 over words in weighted fields, facts as terms."""

from collections.abc import Sequence
from typing import Any

import tantivy

from bench.peers.base import BODY, BRAND, TITLE, Hits, Peer, Text, words_of
from bench.scale import Facts, Wish

# tantivy adds the scores of fields without a common saturation, so that the title may not weigh
# eight times: these did best on the shared sets (engine.md).
_WEIGHTS = {"title": 1.0, "brand": BRAND / TITLE, "body": BODY / TITLE}


class Tantivy(Peer):
    name = "tantivy"
    note = "BM25 per field, 1 / .5 / .125"

    def build(self, texts: Sequence[Text], facts: Facts | None = None) -> None:
        builder = tantivy.SchemaBuilder()
        for name in _WEIGHTS:
            builder.add_text_field(name, index_option="freq")
        builder.add_text_field("fact", tokenizer_name="raw", index_option="basic")
        builder.add_text_field("id", tokenizer_name="raw", index_option="basic")
        builder.add_unsigned_field("price", indexed=True, fast=True)
        builder.add_unsigned_field("row", indexed=True, fast=True)
        self._schema = builder.build()
        self._index = tantivy.Index(self._schema)
        self._writer = self._index.writer(256_000_000, 1)
        self._fields = ["title"]
        self._fields += ["brand"] if any(one.brand for one in texts) else []
        self._fields += ["body"] if any(one.body for one in texts) else []
        for row, one in enumerate(texts):
            self._write(row, one, facts)
        self._rows = len(texts)
        self._commit()

    def top(self, question: str, count: int, wish: Wish | None = None) -> Hits:
        query, occur = tantivy.Query, tantivy.Occur
        must: list[tuple[Any, Any]] = []
        if wish is not None:
            terms = (f"b{wish.branch}", f"z{wish.zone}", "p1")
            must = [(occur.Must, query.term_query(self._schema, "fact", one)) for one in terms]
            price = query.range_query(
                self._schema, "price", tantivy.FieldType.Unsigned, None, wish.ceiling
            )
            must.append((occur.Must, price))
        return self._search(question, count, must)

    def among(self, question: str, rows: Sequence[int]) -> Hits:
        query, occur = tantivy.Query, tantivy.Occur
        chosen = query.term_set_query(self._schema, "row", list(rows))
        return self._search(question, len(rows), [(occur.Must, chosen)])

    def add(self, text: Text) -> int:
        row, self._rows = self._rows, self._rows + 1
        self._write(row, text, None)
        self._commit()
        return row

    def remove(self, row: int) -> None:
        self._writer.delete_documents_by_term("id", str(row))
        self._commit()

    def _write(self, row: int, text: Text, facts: Facts | None) -> None:
        document = tantivy.Document()
        for name in self._fields:
            document.add_text(name, getattr(text, name))
        if facts is not None:
            document.add_text("fact", f"b{facts.branch[row]}")
            document.add_text("fact", f"z{facts.zone[row]}")
            document.add_text("fact", f"p{int(facts.paper[row])}")
            document.add_unsigned("price", int(facts.price[row]))
        document.add_text("id", str(row))
        document.add_unsigned("row", row)
        self._writer.add_document(document)

    def _commit(self) -> None:
        self._writer.commit()
        self._index.reload()
        self._searcher = self._index.searcher()

    def _search(self, question: str, count: int, must: list[tuple[Any, Any]]) -> Hits:
        query, occur = tantivy.Query, tantivy.Occur
        terms = [
            (
                occur.Should,
                query.boost_query(
                    query.term_query(self._schema, name, word, "freq"), _WEIGHTS[name]
                ),
            )
            for word in words_of(question)
            for name in self._fields
        ]
        if not terms or not count:
            return []
        wanted = query.boolean_query(terms)
        if must:
            # A constraint earns nothing.
            silent = [(how, query.const_score_query(one, 0.0)) for how, one in must]
            wanted = query.boolean_query([(occur.Must, wanted), *silent])
        hits = self._searcher.search(wanted, count, count=False).hits
        if not hits:
            return []
        rows = self._searcher.fast_field_values("row", [address for _, address in hits])
        return [(int(row), score) for row, (score, _) in zip(rows, hits, strict=True)]

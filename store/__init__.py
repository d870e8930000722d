"""The record: one append-only log in PostgreSQL with sealed personal text and a ledger, on the event-sourcing library's seams."""

-- The entries by which a case is given to a provider are a few in a hundred of the log. The count of a frame reads them and not all of it;
-- an entry of another kind never touches this index.
create index event_gives_a_case on record.event (originator_id)
  where topic in ('provider-allocated', 'case-allocated', 'transfer-accepted');

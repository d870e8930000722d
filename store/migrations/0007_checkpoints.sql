-- The tree over the leaves and its signed checkpoints. Hashes of whole subtrees of 256, 65,536, ... leaves are kept, so that neither a root
-- nor a proof needs all the leaves. They only ever follow from the leaves: `throughline check` works every one of them out again.
create table record.subtree (
  level smallint not null check (level > 0),
  number bigint not null check (number >= 0),
  hash bytea not null check (length(hash) = 32),
  primary key (level, number)
);

-- The public keys that checkpoints are signed with, the newest last. The private halves are never in the database.
create table record.log_key (
  number int primary key,
  vkey text not null unique,
  since timestamptz not null default clock_timestamp()
);

-- waiting_since is when the first entry was recorded that no checkpoint before this one covered; nothing, when there was none.
create table record.checkpoint (
  number bigint primary key,
  size bigint not null check (size > 0),
  root bytea not null check (length(root) = 32),
  note text not null,
  made_at timestamptz not null,
  waiting_since timestamptz
);
create index checkpoint_made_at on record.checkpoint (made_at);

do $$
declare t text;
begin
  foreach t in array array['subtree', 'log_key', 'checkpoint'] loop
    execute format('create trigger append_only before update or delete on record.%I for each row execute function record.refuse()', t);
    execute format('create trigger never_emptied before truncate on record.%I for each statement execute function record.refuse()', t);
    execute format('alter table record.%I enable always trigger append_only, enable always trigger never_emptied', t);
  end loop;
end $$;

create function record.leaves() returns bigint language sql stable as $$
  select coalesce((select leaf_index + 1 from record.leaf order by leaf_index desc limit 1), 0)
$$;

-- Subtrees are added in their order and never before their leaves are there.
create function record.keep_subtrees(of_level smallint, first bigint, hashes bytea[]) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform pg_advisory_xact_lock(7402653119);
  if first <> coalesce((select number + 1 from record.subtree where level = of_level order by number desc limit 1), 0)
    or (first + cardinality(hashes)) << (8 * of_level) > record.leaves() then
    raise exception 'subtrees are added one after the other, over leaves that are there' using errcode = 'integrity_constraint_violation';
  end if;
  insert into record.subtree (level, number, hash)
    select of_level, first + i - 1, h from unnest(hashes) with ordinality as u(h, i);
end $$;

-- A checkpoint is never smaller than the one before it, nor of another root at the same size, nor over leaves that are not there.
create function record.keep_checkpoint(of_size bigint, of_root bytea, signed text) returns bigint
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  before record.checkpoint;
begin
  perform pg_advisory_xact_lock(7402653119);
  select * into before from record.checkpoint order by number desc limit 1;
  if of_size < before.size or (of_size = before.size and of_root <> before.root) or of_size > record.leaves() then
    raise exception 'a checkpoint leads on from the one before it' using errcode = 'integrity_constraint_violation';
  end if;
  insert into record.checkpoint (number, size, root, note, made_at, waiting_since)
    values (coalesce(before.number, 0) + 1, of_size, of_root, signed, greatest(clock_timestamp(), before.made_at),
      (select recorded_at from record.event where notification_id = coalesce(before.size, 0) + 1 and notification_id <= of_size));
  return coalesce(before.number, 0) + 1;
end $$;

create function record.keep_log_key(of_vkey text) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform pg_advisory_xact_lock(7402653119);
  insert into record.log_key (number, vkey) values ((select count(*) + 1 from record.log_key), of_vkey);
end $$;

revoke execute on function record.leaves, record.keep_subtrees, record.keep_checkpoint, record.keep_log_key from public;
grant execute on function record.leaves, record.keep_subtrees, record.keep_checkpoint, record.keep_log_key to throughline_service;
grant select on record.subtree, record.log_key, record.checkpoint to throughline_service;

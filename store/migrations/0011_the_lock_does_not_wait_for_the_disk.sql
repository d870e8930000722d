-- Whoever appends waits for the disk as before, but no longer under the lock: the next writer goes on meanwhile, and one wait of the disk serves
-- all who wait. The commit of the entries does not wait itself; the message after it is written behind them, so that its commit waits for both,
-- and for a standby, if the server is told to. Order of positions stays order of commits, and a crash takes none that was answered.
create function record.wait_for_disk() returns void language sql as $$
  select pg_logical_emit_message(true, 'throughline', '')
$$;

create procedure record.save(
  originators uuid[], versions bigint[], topics text[], states bytea[], sealeds bytea[],
  command uuid, request bytea, times timestamptz[], inout positions bigint[]
) language plpgsql as $$
begin
  set local synchronous_commit = off;
  positions := array(select record.append(originators, versions, topics, states, sealeds, command, request, times));
  commit;
  perform record.wait_for_disk();
end $$;

revoke execute on function record.wait_for_disk from public;
revoke execute on procedure record.save from public;
grant execute on function record.wait_for_disk to throughline_service;
grant execute on procedure record.save to throughline_service;

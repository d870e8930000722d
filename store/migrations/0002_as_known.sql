-- Truths other than the live one, each in a schema of its own: the record up to a position, of one team or provider or of all, under a
-- version of the policy, in some of the tables. Asked for by a page, built by whoever works in the background, dropped when unused.
alter table app.snapshot
  add column team text not null default '',
  add column provider text not null default '',
  add column policy text not null default '',
  add column digest text not null default '',
  add column tables text[] not null default '{}',
  add column at timestamptz not null default clock_timestamp(),
  add column asked_at timestamptz not null default clock_timestamp(),
  add column begun_at timestamptz,
  add column done bigint not null default 0,
  add column of_all bigint not null default 0,
  add column failed_at timestamptz;

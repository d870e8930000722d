-- What whoever keeps the timetable is to do next, and what became of each run: a run that failed says why and is tried again.
create table app.job (
  name text primary key,
  about text not null,
  times text not null,
  next_at timestamptz not null,
  kept_at timestamptz not null
);
alter table app.job_run
  add column begun_at timestamptz not null default clock_timestamp(),
  add column tries int not null default 1,
  add column failure text not null default '';

-- A reminder of an appointment, prepared for somebody to look at and to send; one for an appointment and a time. It holds no words and
-- no name: they are made of the record when they are looked at, so that erasing a person leaves nothing here.
create table app.reminder (
  stream_id uuid not null,
  appointment int not null,
  starts_at timestamptz not null,
  prepared_at timestamptz not null,
  state text not null default 'draft' check (state in ('draft', 'sent', 'discarded', 'withdrawn')),
  sent_by text not null default '',
  settled_by text not null default '',
  settled_at timestamptz,
  primary key (stream_id, appointment, starts_at)
);
create index reminder_draft on app.reminder (starts_at) where state = 'draft';

-- The address of somebody's calendar: the digest of its secret, and how often it was asked for in the hour under way.
create table app.calendar (
  staff text primary key,
  secret bytea not null unique,
  made_at timestamptz not null default clock_timestamp(),
  asked_at timestamptz,
  hour timestamptz,
  asked int not null default 0
);

grant select, insert, update, delete on app.job, app.reminder, app.calendar to throughline_service;

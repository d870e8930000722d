-- What fell due on a day and was not done by the next, by team and kind. A day with an empty team and kind says that it was counted.
create table app.fallen_due (
  day date not null,
  team text not null,
  kind text not null,
  items int not null,
  counted_at timestamptz not null,
  primary key (day, team, kind)
);
create index fallen_due_team on app.fallen_due (team, day);
grant select, insert, update, delete on app.fallen_due to throughline_service;

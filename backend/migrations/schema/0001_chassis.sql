-- The chassis: the application's login, and login throttling shared by every instance.

do $$
begin
    if not exists (select from pg_roles where rolname = 'coachwork_service') then
        create role coachwork_service nologin noinherit;
    end if;
    -- The application's login: not a superuser, owner of nothing, and powerless until it takes a role below.
    -- It gets its password from whoever runs the migrations: alter role coachwork_app password '...'.
    if not exists (select from pg_roles where rolname = 'coachwork_app') then
        create role coachwork_app login noinherit;
    end if;
end
$$;
grant authenticated, coachwork_service to coachwork_app;

create schema if not exists coachwork;
grant usage on schema coachwork to coachwork_service;

create table coachwork.login_attempts (
    subject_sha256 bytea primary key,     -- an account or an address, never in clear
    window_start timestamptz not null,    -- the first failure of this window; one row a subject counts atomically
    failures integer not null check (failures >= 0)
);
create index login_attempts_window_start on coachwork.login_attempts (window_start);
alter table coachwork.login_attempts enable row level security;
grant select, insert, update, delete on coachwork.login_attempts to coachwork_service;
create policy service on coachwork.login_attempts to coachwork_service using (true) with check (true);

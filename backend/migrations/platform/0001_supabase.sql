-- What a Supabase project brings, for a Postgres that is not Supabase: its roles, the `auth` schema, `auth.users`,
-- and the functions policies call. On a real Supabase project this folder is skipped.
-- Source: supabase.com/docs/guides/database/postgres/roles and .../row-level-security

create role anon nologin noinherit;
create role authenticated nologin noinherit;
create role service_role nologin noinherit bypassrls;

create schema auth;
grant usage on schema auth to anon, authenticated, service_role;

create function auth.jwt() returns jsonb language sql stable as $$
    select coalesce(nullif(current_setting('request.jwt.claims', true), ''), '{}')::jsonb
$$;

create function auth.uid() returns uuid language sql stable as $$
    select nullif(auth.jwt() ->> 'sub', '')::uuid
$$;

create function auth.role() returns text language sql stable as $$
    select auth.jwt() ->> 'role'
$$;

create table auth.users (
    id uuid primary key default gen_random_uuid(),
    email text not null,
    encrypted_password text not null,
    created_at timestamptz not null default now()
);
create unique index users_email_key on auth.users (lower(email));

-- One row per refresh token ever given; a family is one sign-in. A token used twice revokes its family.
create table auth.refresh_tokens (
    token_sha256 bytea primary key,
    family_id uuid not null,
    user_id uuid not null references auth.users (id) on delete cascade,
    expires_at timestamptz not null,
    used_at timestamptz,
    revoked_at timestamptz,
    created_at timestamptz not null default now()
);
create index refresh_tokens_family on auth.refresh_tokens (family_id);
create index refresh_tokens_user on auth.refresh_tokens (user_id);

-- The local identity provider works under this role (see schema/0001_chassis.sql for what else it may do).
create role coachwork_service nologin noinherit;
grant usage on schema auth to coachwork_service;
grant select, insert, update, delete on auth.users, auth.refresh_tokens to coachwork_service;
alter table auth.users enable row level security;
alter table auth.refresh_tokens enable row level security;
create policy service on auth.users to coachwork_service using (true) with check (true);
create policy service on auth.refresh_tokens to coachwork_service using (true) with check (true);

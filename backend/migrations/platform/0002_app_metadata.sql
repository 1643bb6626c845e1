-- What an account may do beyond its own things, as Supabase keeps it: its owner reads it in her token and cannot
-- write it. {"role": "admin"} makes an administrator; `python -m coachwork.tools.grant` sets it.
-- Source: supabase.com/docs/guides/auth/managing-user-data and .../auth/users (app_metadata)

alter table auth.users add column raw_app_meta_data jsonb not null default '{}';

-- Nor can the application: its role keeps what registering and signing in need, and no way to this column.
revoke insert, update on auth.users from coachwork_service;
grant insert (id, email, encrypted_password), update (email, encrypted_password) on auth.users to coachwork_service;

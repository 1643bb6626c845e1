-- Exercises of one's own beside the library, in one table, so that whatever names an exercise can name either.
-- user_id is null for the library, which nobody writes through the API.

alter table public.exercises
    add column user_id uuid references auth.users (id) on delete cascade,
    add column image_key text,
    add column archived_at timestamptz,              -- out of the lists, still named by history
    add column version integer not null default 1,
    add column created_at timestamptz not null default now(),
    add column updated_at timestamptz not null default now();
alter table public.exercises alter column user_id set default auth.uid();   -- nobody's, and so the library's, in seeds

-- Slugs of one's own begin with my-, and the library's never do: neither hides the other, however the library grows.
alter table public.exercises
    drop constraint exercises_slug_key,
    drop constraint exercises_name_key,
    drop constraint exercises_primary_muscles_check,
    add constraint exercises_slug_key unique nulls not distinct (slug, user_id),
    add constraint exercises_own_slug check ((user_id is not null) = (slug like 'my-%')),
    -- who imports their history may not know the muscles yet
    add constraint exercises_primary_muscles_check check (user_id is not null or cardinality(primary_muscles) > 0);
create unique index exercises_name_key on public.exercises (name) where user_id is null;
create unique index exercises_own_name_key on public.exercises (user_id, lower(name)) where user_id is not null;

-- a page of the list reads one range of each
drop index public.exercises_name;
create index exercises_library on public.exercises (name, id) where user_id is null;
create index exercises_own on public.exercises (user_id, name, id);

revoke all on public.exercises from anon;
grant select on public.exercises to anon;
grant select, insert, update, delete on public.exercises to authenticated;
drop policy everyone_reads on public.exercises;
create policy everyone_reads_the_library on public.exercises for select to anon, authenticated
    using (user_id is null);
create policy own_rows on public.exercises to authenticated
    using (user_id = (select auth.uid())) with check (user_id = (select auth.uid()));

-- What the coach remembers about a user, in the user's own words, each with the turn it came from if there is one.

create table public.memories (
    id uuid primary key default gen_random_uuid(),
    user_id uuid not null default auth.uid() references auth.users (id) on delete cascade,
    text text not null check (char_length(text) between 1 and 300),
    turn_id uuid,
    version integer not null default 1,
    created_at timestamptz not null default clock_timestamp(),
    updated_at timestamptz not null default now(),
    unique (id, user_id),
    foreign key (turn_id, user_id) references public.chat_turns (id, user_id) on delete set null (turn_id)
);
create index memories_by_user on public.memories (user_id, created_at desc, id desc);
create unique index memories_once on public.memories (user_id, lower(text));
create index memories_turn on public.memories (turn_id);
create trigger raise_version before update on public.memories
    for each row execute function coachwork.raise_version();

alter table public.memories enable row level security;
alter table public.memories force row level security;
revoke all on public.memories from anon;
grant select, insert, update, delete on public.memories to authenticated;
create policy own_rows on public.memories to authenticated
    using (user_id = (select auth.uid())) with check (user_id = (select auth.uid()));

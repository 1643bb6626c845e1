-- What was said in a conversation before the turns the coach still reads word for word.

alter table public.chat_threads
    add column summary text not null default '' check (char_length(summary) <= 2000),
    add column summarised_turns integer not null default 0 check (summarised_turns >= 0);
comment on column public.chat_threads.summarised_turns is 'How many of its turns, the oldest, the summary is of';

-- A turn that goes takes the summary it may be in with it; the next is made of the turns that are left.
create function coachwork.forget_summary() returns trigger language plpgsql set search_path = '' as $$
begin
    perform from public.chat_threads where id = old.thread_id for update;  -- whoever stores a summary now waits
    update public.chat_threads set summary = '', summarised_turns = 0
    where id = old.thread_id and summarised_turns > 0;
    return null;
end
$$;
create trigger forget_summary after delete on public.chat_turns
    for each row execute function coachwork.forget_summary();

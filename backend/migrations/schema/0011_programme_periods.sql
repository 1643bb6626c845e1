-- When a programme was followed: what was planned while it was active stays planned once it is archived.

alter table public.programmes add column switched_at timestamptz[] not null default '{}';
comment on column public.programmes.switched_at is 'When it became active, was archived, became active again, ... in turn';

-- this is no change of anybody's: neither a new version nor a new moment
alter table public.programmes disable trigger user;
update public.programmes set switched_at = array[coalesce(active_since, created_at)] where status = 'active';
update public.programmes set switched_at = array[active_since, greatest(active_since, updated_at)]
where status = 'archived' and active_since is not null;
alter table public.programmes enable trigger user;

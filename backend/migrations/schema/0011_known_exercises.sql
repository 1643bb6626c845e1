-- A foreign key sees every row, whatever the policies say. Rows may name only an exercise that their owner sees: otherwise
-- another's own could be named by its id, and its owner could no longer delete it.
do $$
declare reference record;
begin
    for reference in
        select conrelid::regclass as table_name, attname as column_name
        from pg_constraint
        join pg_attribute on attrelid = conrelid and attnum = conkey[1]
        where contype = 'f' and confrelid = 'public.exercises'::regclass
    loop
        execute format(
            'create policy %I on %s as restrictive to authenticated using (true) with check ('
            '%I is null or exists (select from public.exercises as exercise where exercise.id = %I))',
            'known_' || reference.column_name, reference.table_name, reference.column_name, reference.column_name);
    end loop;
end
$$;

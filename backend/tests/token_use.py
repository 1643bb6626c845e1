"""What all users together used of today's tokens."""

import psycopg


def used_by_all(owner_url: str) -> int:
    """Return what everybody used and has reserved today, with what other tests did."""
    with psycopg.connect(owner_url) as connection:
        row = connection.execute("""
            select coalesce((select tokens from coachwork.token_days where day = current_date), 0)
                 + (select coalesce(sum(tokens), 0) from coachwork.token_reservations
                    where day = current_date and expires_at > now())""").fetchone()
    assert row is not None
    return int(row[0])

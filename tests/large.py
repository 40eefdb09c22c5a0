"""The rows of a large board, as SQL."""

# Thread 1 has 10,000 messages, of which 3,000 answer one; account 1 wrote a twentieth of all, account 7 cast 5,000
# votes; board 3 has 50 threads.
FILL = """
set session_replication_role = replica;
insert into boards (id, slug, name) overriding system value
select n, 'board-' || n, 'Board ' || n from generate_series(2, 4) n;
insert into accounts (id, name, name_key, password_hash, role, awaits_address, invited_by, has_invited, created_at)
overriding system value
select
    n, 'person' || n, 'person' || n, '!', case when n % 500 = 0 then 'waiting' else 'member' end, n % 500 = 0,
    case when n % 4 = 0 then n / 4 end, n <= 5000, now() - (20000 - n) * interval '1 hour'
from generate_series(1, 20000) n;
insert into invitations (account_id, note, created_at, expires_at, used_at, used_by)
select
    case when n % 100 = 0 then 1 else 1 + n % 2000 end, '', now() - n * interval '1 hour',
    now() - (n - 300) * interval '1 hour',
    case when n % 2 = 0 then now() end, case when n % 2 = 0 then n end
from generate_series(1, 20000) n;
insert into applications (account_id, answer, decided_at, accepted, decided_by)
select
    n, 'Let me in.', case when n % 10 > 0 then now() - (20000 - n) * interval '1 minute' end,
    case when n % 10 > 0 then n % 3 > 0 end, case when n % 10 > 0 then 7 end
from generate_series(1, 20000) n;
insert into solved_challenges select gen_random_uuid(), now() + n * interval '1 second' from generate_series(1, 5000) n;
insert into threads (
    id, board_id, author_id, title, created_at, last_activity_at, opening_id, message_count, ups, downs, deleted_at
) overriding system value
select
    n,
    case when n % 1000 = 1 then 3 when n % 10 = 0 then 2 else 1 end,
    case when n % 20 = 1 then 1 else 1 + n * 7919 % 20000 end,
    'Thread ' || n,
    now() - (50000 - n) * interval '20 minutes',
    now() - (50000 - n * 7 % 50000) * interval '20 minutes',
    n, 3, n * 31 % 97 % 40, n * 17 % 89 % 7,
    case when n % 50 = 0 then now() - interval '1 day' end
from generate_series(1, 50000) n;
insert into messages (id, thread_id, author_id, text, html, form_key, created_at, ups, downs, reply_to, deleted_at)
overriding system value
select
    n,
    case when n <= 50000 then n when n <= 60000 then 1 else 1 + n * 7919 % 50000 end,
    case when n % 20 = 1 then 1 else 1 + n * 7919 % 20000 end,
    repeat('Words. ', 30), repeat('Words. ', 30),
    gen_random_uuid(),
    now() - (150000 - n) * interval '7 minutes',
    n * 31 % 97 % 40, n * 17 % 89 % 7,
    case when n between 50101 and 60000 and n % 3 = 0 then 50100 end,
    case when n > 50000 and n % 40 = 0 then now() end
from generate_series(1, 150000) n;
insert into votes (message_id, account_id, value)
select 1 + n * 7 % 150000, 1 + n % 20000, 1 from generate_series(1, 20000) n;
insert into votes (message_id, account_id, value)
select 2 + n * 25, 7, -1 from generate_series(1, 5000) n on conflict do nothing;
insert into pictures (key, width, height, widths, fallback, animated, bytes)
select md5(n::text), 4, 3, '{160,320}', 160, false, 999 from generate_series(1, 20000) n;
insert into message_pictures (message_id, position, picture_key)
select n * 5, 0, md5(n::text) from generate_series(1, 20000) n where n % 100 > 0;
insert into revisions select n, 0, 'Before.', now() from generate_series(2, 20000) n;
insert into former_names (account_id, name, name_key, given_up_at)
select 1 + n % 5000, 'was' || n, 'was' || n, now() - n * interval '1 minute' from generate_series(1, 20000) n;
update accounts set avatar_key = md5(id::text) where id % 10 = 0;
insert into sessions (token_hash, account_id, expires_at)
select sha256(n::text::bytea), 1 + n % 2000, now() + n * interval '1 minute' from generate_series(1, 20000) n;
insert into push_subscriptions (account_id, session_id, endpoint, p256dh, auth)
select account_id, id, 'https://push.example/' || id, 'p', 'a' from sessions where id % 4 = 0;
insert into half_sign_ins (token_hash, account_id, password_digest, next_page, remember, tries_keys, expires_at)
select sha256(n::text::bytea), 1 + n % 2000, sha256('!'), '/', true, '{}', now() + (n - 9) * interval '1 hour'
from generate_series(1, 5000) n;
insert into sign_in_tries (key, level, tried_at, due_at)
select sha256(n::text::bytea), n % 9, now() - (5000 - n) * interval '17 seconds', now()
from generate_series(1, 5000) n;
insert into jobs (kind, key, run_at)
select 'check_picture', md5(n::text), now() + (n - 1000) * interval '1 second' from generate_series(1, 20000) n;
insert into mails (account_id, template, recipient, subject, text, useful_until, state, ended_at)
select 1 + n % 2000, 'a.txt', 'a@example.org', 'Hello', '', now() + n * interval '1 minute', 'sent',
    now() - n * interval '20 s'
from generate_series(1, 20000) n;
insert into mails (account_id, template, recipient, subject, text, useful_until, state, ended_at)
select 1 + n % 2000, 'a.txt', 'a@example.org', 'Hello', 'Hi.', now() + n * interval '1 minute',
    (array['failed', 'waiting'])[1 + n % 2], case when n % 2 = 0 then now() end
from generate_series(1, 1000) n;
insert into jobs (kind, key, run_at) select 'send_mail', id, now() + interval '1 hour' from mails
where state = 'waiting';
insert into board_moderators select n, 1 + n % 4 from generate_series(1, 40) n;
insert into deeds (account_id, actor_id, action) select 1 + n % 400, 1, 'unsuspended' from generate_series(1, 20000) n;
update accounts set role = 'moderator' where id % 1000 = 0;
update accounts set role = 'admin' where id % 5000 = 1;
update accounts set suspended_until = now() + interval '1 day' where id % 200 = 3;
update accounts set role_settled_at = now() - interval '2 days', created_at = now() - interval '90 days'
where id % 50 = 0;
update accounts set answer_mail = 'daily' where id % 3 = 0;
insert into answers_to_mail select 1 + n % 2000, n from generate_series(1, 20000) n;
insert into backups (kind, name, started_at, finished_at, problem)
select (array['backup', 'drill'])[1 + n % 2], n, now(), now() - n * interval '1 hour',
    case n % 7 when 0 then 'The disk is full.' end
from generate_series(1, 20000) n;
insert into links (token_hash, purpose, account_id, created_at, expires_at)
select sha256(n::text::bytea), (array['new password', 'undo address'])[1 + n % 2], 1 + n % 5000,
    now() - n * interval '1 minute', now() + (n - 10) * interval '1 minute'
from generate_series(1, 20000) n;
insert into quotas
select sha256(n::text::bytea), now() + (n - 10) * interval '1 minute' from generate_series(1, 20000) n;
insert into addresses (account_id, verified, address, address_key)
select n, n % 5 > 0, 'person' || n || '@example.org', 'person' || n || '@example.org' from generate_series(1, 20000) n;
insert into forgotten (typed, network, created_at)
select 'person' || n, '', now() - n * interval '1 minute' from generate_series(1, 1445) n;
insert into account_events (account_id, kind, device, network, created_at)
select case when n % 20 = 1 then 1 else 1 + n * 7919 % 20000 end, 'password changed', '', '',
    now() - (50000 - n) * interval '5 minutes'
from generate_series(1, 50000) n;
insert into exports (account_id, asked_at, place, finished_at, bytes)
select n, now() - n * interval '5 seconds', gen_random_uuid(), now() - n * interval '5 seconds', 99
from generate_series(1, 20000) n;
insert into departures (account_id, keeps_messages, receipt_hash, due_at)
select n, true, sha256(n::text::bytea), now() + n * interval '1 minute' from generate_series(1, 20000) n;
insert into receipts (token_hash, finished_at, keeps_messages, counts)
select sha256(n::text::bytea), now() - n * interval '1 minute', true, '{}' from generate_series(1, 20000) n;
insert into held_names select sha256(n::text::bytea), now() + n * interval '1 minute' from generate_series(1, 20000) n;
insert into authenticators (account_id, secret, enabled_at) select n, 'x', now() from generate_series(1, 20000) n;
insert into backup_codes select 1 + n % 20000, sha256(n::text::bytea) from generate_series(1, 100000) n;
insert into passkey_owners (account_id) select n from generate_series(1, 20000) n;
insert into passkeys (account_id, credential_id, public_key, sign_count, name)
select 1 + n * 7919 % 20000, sha256(n::text::bytea), 'x', 0, 'Phone' from generate_series(1, 20000) n;
insert into spent_challenges
select sha256(n::text::bytea), now() + n * interval '1 second' from generate_series(1, 20000) n;
"""

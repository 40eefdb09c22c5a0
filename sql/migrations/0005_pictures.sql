-- Pictures, by the hash of what Board made of them; their files are in the store under that key.
create table pictures (
    key text primary key constraint a_key_is_a_hash check (key ~ '^[0-9a-f]{32}$'),
    width integer not null,
    height integer not null,
    -- The widths that there are as WebP, ascending, and the one that there is as JPEG for browsers without it.
    widths integer[] not null,
    fallback integer not null,
    animated boolean not null,
    bytes integer not null,
    -- Moves with every upload of the same picture, so that one that is about to be used is not swept away.
    touched_at timestamptz not null default now()
);

create index pictures_by_time on pictures (touched_at);

create table message_pictures (
    message_id bigint not null references messages on delete cascade,
    position smallint not null,
    picture_key text not null references pictures,
    alt text not null default '' constraint an_alt_text_has_1000_characters check (char_length(alt) <= 1000),
    sensitive boolean not null default false,
    primary key (message_id, position)
);

create index message_pictures_by_picture on message_pictures (picture_key);

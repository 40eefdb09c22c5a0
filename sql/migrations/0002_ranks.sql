-- The formulas by which threads and messages are ordered. Static: none of them needs a job that lets it decay.

-- Lobsters' hotness (app/models/story.rb), with the sign turned so that the hottest comes first. Ten times the points
-- are worth 22 hours; what others wrote counts like half a point each, but never more than the votes.
create function hot_rank(score bigint, others_points bigint, epoch double precision) returns double precision
language sql immutable parallel safe
return sign(score::double precision)
    * log(greatest(abs(score + 1) + least(score, others_points * 0.5), 1)::double precision)
    + epoch / 79200;

-- Reddit's confidence sort (r2/lib/db/_sorts.pyx): the lower bound of Wilson's interval at 80 %, z = 1.281551565545.
create function wilson_lower_bound(ups bigint, downs bigint) returns double precision
language sql immutable parallel safe
return case
    when ups + downs = 0 then 0
    when ups = 0 then 0
    else (
        ups::double precision / (ups + downs)
        + 1.281551565545 ^ 2 / (2 * (ups + downs))
        - 1.281551565545 * sqrt(
            ups::double precision * downs / (ups + downs) ^ 3 + 1.281551565545 ^ 2 / (4 * (ups + downs) ^ 2)
        )
    ) / (1 + 1.281551565545 ^ 2 / (ups + downs))
end;

-- Reddit's controversy (the same file): many votes, evenly split.
create function controversy(ups bigint, downs bigint) returns double precision
language sql immutable parallel safe
return case
    when ups <= 0 or downs <= 0 then 0
    else (ups + downs)::double precision ^ (least(ups, downs)::double precision / greatest(ups, downs))
end;

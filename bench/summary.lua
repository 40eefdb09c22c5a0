-- What wrk says at the end, in one line that a program can read.
function done(summary, latency)
   local errors = summary.errors
   io.write(string.format("summary %d %d %d %d %d\n", summary.requests, summary.duration,
      errors.connect + errors.read + errors.write + errors.status + errors.timeout,
      latency:percentile(50), latency:percentile(99)))
end

-- Sends prepared requests in turn, and prints what was measured as one line of JSON.
-- BENCH_REQUESTS names a Lua file that returns the list of raw requests; BENCH_SENT says how many went before.

local requests
local sent = 0

function init()
  requests = dofile(os.getenv("BENCH_REQUESTS"))
  sent = tonumber(os.getenv("BENCH_SENT"))
end

function request()
  sent = sent % #requests + 1
  return requests[sent]
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '\nRESULT {"answered":%d,"seconds":%.6f,"p50_ms":%.4f,"p99_ms":%.4f,"refused":%d,"lost":%d}\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
    errors.status, errors.connect + errors.read + errors.write + errors.timeout
  ))
end

"""Counters of what was done lately, in a Redis that all gateways of an installation share."""

from collections.abc import Sequence
from typing import Any

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

REDIS_TIMEOUT = 1.0
"""Seconds after which Redis counts as unreachable."""

_NAME = b"fast-track-graph:rates:"

# The arithmetic is that of rates.take in PostgreSQL, line by line. A script runs alone: nothing happens in between.
_TAKE = """
local share, at = tonumber(ARGV[1]), tonumber(ARGV[2])
local answers = {}
for i, subject in ipairs(KEYS) do
  local limit, period = tonumber(ARGV[2 * i + 1]), tonumber(ARGV[2 * i + 2])
  local here = math.floor(at / period)
  local elapsed = at - here * period
  local stored = redis.call('HMGET', subject, 'window_number', 'before', 'spent')
  local number, before, spent = tonumber(stored[1] or here), tonumber(stored[2] or 0), tonumber(stored[3] or 0)
  if number == here + 1 then
    here, elapsed = here + 1, 0
  elseif number == here - 1 then
    before, spent = spent, 0
  elseif number ~= here then
    before, spent = 0, 0
  end
  local room = limit - spent - math.ceil(before * (period - elapsed) / period)
  if room > 0 then room = math.max(1, math.floor(room / share)) else room = 0 end
  if room > 0 or number ~= here then
    redis.call('HSET', subject, 'window_number', here, 'before', before, 'spent', spent + room)
    -- A minute later than nobody looks at it any more: the gateways' clocks are not this server's.
    redis.call('PEXPIRE', subject, (here + 2) * period - at + 60000)
  end
  answers[i] = {room, here, before, spent + room}
end
return answers
"""

_FORGIVE = """
for i, subject in ipairs(KEYS) do
  local stored = redis.call('HMGET', subject, 'window_number', 'before', 'spent')
  if not ARGV[i] then
    redis.call('DEL', subject)
  elseif stored[1] then
    local later = tonumber(stored[1]) - tonumber(ARGV[i])
    if later == 0 then
      redis.call('HSET', subject, 'spent', math.max(0, tonumber(stored[3]) - 1))
    elseif later == 1 then
      redis.call('HSET', subject, 'before', math.max(0, tonumber(stored[2]) - 1))
    end
  end
end
"""


class RedisCounters:
    """Keeps each subject's count in a hash that expires by itself. Raises ``redis.RedisError``."""

    def __init__(self, url: str) -> None:
        # One more try, for a connection that was closed while it was idle. Whoever waits is a request.
        self._client: Redis = Redis.from_url(
            url,
            socket_timeout=REDIS_TIMEOUT,
            socket_connect_timeout=REDIS_TIMEOUT,
            retry=Retry(NoBackoff(), 1),
        )
        self._take: Any = self._client.register_script(_TAKE)
        self._forgive: Any = self._client.register_script(_FORGIVE)

    async def take(
        self, subjects: Sequence[bytes], limits: Sequence[int], periods: Sequence[int], share: int, at: int
    ) -> Sequence[tuple[int, int, int, int]]:
        """As ``resolvers.counters.CounterStore`` promises."""
        arguments = [share, at]
        for limit, period in zip(limits, periods, strict=True):
            arguments += [limit, period]
        answers = await self._take(keys=[_NAME + subject for subject in subjects], args=arguments)
        return [tuple(answer) for answer in answers]

    async def forgive(self, spared: Sequence[bytes], window_numbers: Sequence[int], forgotten: Sequence[bytes]) -> None:
        """As ``resolvers.counters.CounterStore`` promises."""
        subjects = [_NAME + subject for subject in (*spared, *forgotten)]
        await self._forgive(keys=subjects, args=list(window_numbers))

    async def close(self) -> None:
        """Close every connection."""
        await self._client.aclose()

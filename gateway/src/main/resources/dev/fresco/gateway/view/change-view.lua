-- Changes one job's view, and in the same breath everything that must agree with it: the projection's
-- next offset, the job's event stream, the list of jobs, the queue and the idempotency key. Either all
-- of it happens or nothing.
--
-- KEYS  1 view, 2 event stream, 3 list of the tenant's jobs, 4 queue, 5 idempotency key, 6 offsets
-- ARGV  1 the change as JSON (see ViewWriter.Change), 2 the view as it was read, 3 the new view,
--       4 the event for the stream, 5 what the idempotency key stands for; "" where there is none;
--       6 the channel for news
--
-- Answers CHANGED; PASSED_OVER if only the offset moved; KNOWN if the record was taken in before;
-- MOVED if somebody else changed the view since it was read; LOST if Redis has forgotten records that
-- the caller knows it had.
local change = cjson.decode(ARGV[1])
local ttl = string.format('%d', change.keptMillis)

-- An event's id is its offset, the same after Redis was filled again. A job whose partition changed,
-- because there are more partitions now, has smaller offsets from then on: its events get the next
-- free ids, so that followers see them. An event that the stream holds already, which is read again
-- if the offsets alone were lost, is not added twice.
local function append(stream, event)
  local number = string.format('%d', change.offset + 1)
  local id = number .. '-0'
  local last = redis.call('XREVRANGE', stream, '+', '-', 'COUNT', '1')[1]
  if last then
    local major, minor = string.match(last[1], '(%d+)-(%d+)')
    if tonumber(major) >= change.offset + 1 then
      if last[2][4] == change.source and tonumber(last[2][6]) >= change.offset + 1 then
        return
      end
      id = major .. '-' .. string.format('%d', tonumber(minor) + 1)
    end
  end
  redis.call(
    'XADD', stream, 'MAXLEN', '~', '1000', id,
    'event', event, 'source', change.source, 'next', number)
end

if change.source then
  local stored = tonumber(redis.call('HGET', KEYS[6], change.source) or '-1')
  if stored < change.believedNext then
    return 'LOST'
  end
  if stored > change.offset then
    return 'KNOWN'
  end
end

-- Deletes of old records differ from partition to partition: what is left of a job that is no longer
-- kept would look like a new one.
local aged = change.source and change.id and change.id < change.oldestId
if not change.id or (aged and redis.call('EXISTS', KEYS[1]) == 0) then
  redis.call('HSET', KEYS[6], change.source, string.format('%d', change.offset + 1))
  return 'PASSED_OVER'
end

if (redis.call('GET', KEYS[1]) or '') ~= ARGV[2] then
  return 'MOVED'
end

if ARGV[3] ~= '' then
  redis.call('SET', KEYS[1], ARGV[3], 'PX', ttl)
end
if change.listed then
  redis.call('ZADD', KEYS[3], 0, change.id)
  redis.call('ZREMRANGEBYLEX', KEYS[3], '-', '(' .. change.oldestId)
end
if change.queued then
  redis.call('ZADD', KEYS[4], string.format('%d', change.createdMillis), change.id)
else
  redis.call('ZREM', KEYS[4], change.id)
end
redis.call('ZREMRANGEBYSCORE', KEYS[4], '-inf', '(' .. string.format('%d', change.oldestMillis))
if ARGV[4] ~= '' then
  append(KEYS[2], ARGV[4])
  redis.call('PEXPIRE', KEYS[2], string.format('%d', change.streamMillis))
end
if ARGV[5] ~= '' and change.keyMillis > 0 then
  redis.call('SET', KEYS[5], ARGV[5], 'NX', 'PX', string.format('%d', change.keyMillis))
end
if change.source then
  redis.call('HSET', KEYS[6], change.source, string.format('%d', change.offset + 1))
end
if ARGV[3] ~= '' then
  redis.call('PUBLISH', ARGV[6], change.id)
end
return 'CHANGED'

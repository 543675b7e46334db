-- Applies one change to a catalogue, at most once and never out of order.
-- KEYS: position, records, offsets, entries, index (see Catalogue.java)
-- ARGV: from, offset, id, record, entries separated by newlines
--   from: the offset from which a follower reads on, or -1 for a caller that just published
--   id: empty if the record at this offset changes nothing
--   record: empty if the id is removed
-- Returns the offset up to which the topic has been followed.
local position = tonumber(redis.call('GET', KEYS[1]) or '0')
local from = tonumber(ARGV[1])
local offset = tonumber(ARGV[2])
local id = ARGV[3]

-- Either what the follower read before is lost, or this change is known already.
if from > position or offset < position then
  return position
end

if id ~= '' then
  local known = tonumber(redis.call('HGET', KEYS[3], id) or '-1')
  if offset > known then
    local listed = redis.call('HGET', KEYS[4], id)
    if listed then
      for entry in string.gmatch(listed, '[^\n]+') do
        redis.call('ZREM', KEYS[5], entry)
      end
    end
    if ARGV[4] == '' then
      redis.call('HDEL', KEYS[2], id)
      redis.call('HDEL', KEYS[4], id)
    else
      redis.call('HSET', KEYS[2], id, ARGV[4])
      redis.call('HSET', KEYS[4], id, ARGV[5])
      for entry in string.gmatch(ARGV[5], '[^\n]+') do
        redis.call('ZADD', KEYS[5], 0, entry)
      end
    end
    if from < 0 then
      redis.call('HSET', KEYS[3], id, ARGV[2])
    end
  end
  -- Once the follower is past a change, the position alone keeps it from being applied again.
  if from >= 0 and offset >= known then
    redis.call('HDEL', KEYS[3], id)
  end
end

if from >= 0 then
  position = offset + 1
  redis.call('SET', KEYS[1], string.format('%.0f', position))
end
return position

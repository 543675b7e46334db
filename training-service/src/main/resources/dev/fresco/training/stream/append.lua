-- Adds an event to a job's stream, unless it or a later one is there.
-- KEYS: stream (see TrainingEventLog.java)
-- ARGV: id, event, longest stream, milliseconds for which it is kept
-- Returns 1 if the event was added.
local added = redis.pcall('XADD', KEYS[1], 'MAXLEN', '~', ARGV[3], ARGV[1], 'event', ARGV[2])
if type(added) == 'table' and added.err then
  if string.find(added.err, 'equal or smaller', 1, true) then
    return 0
  end
  return added
end
redis.call('PEXPIRE', KEYS[1], ARGV[4])
return 1

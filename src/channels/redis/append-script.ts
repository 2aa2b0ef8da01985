/** Follows the id in a channel's place once the channel has ended. */
export const ENDED_MARK = '!';

/**
 * Appends an entry to the stream of a channel, unless the channel has ended, and trims the stream. Atomic, because an
 * entry must contain the id of the previous one, and nothing may follow the end.
 *
 * KEYS: the stream, the place. ARGV: maxLength, maxAge, the lifetime of the place, the mark of an end or an empty
 * string, then the fields of the entry. Returns the id, or nil if the channel has ended.
 */
export const APPEND_SCRIPT = `
local place = redis.call('GET', KEYS[2]) or ''
if string.sub(place, -1) == '${ENDED_MARK}' then return false end
local id = redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[1], '*', 'previous', place, unpack(ARGV, 5))
local oldest = tonumber(string.match(id, '^%d+')) - tonumber(ARGV[2])
if oldest > 0 then redis.call('XTRIM', KEYS[1], 'MINID', '~', string.format('%.0f', oldest)) end
redis.call('PEXPIRE', KEYS[1], ARGV[2])
redis.call('SET', KEYS[2], id .. ARGV[4], 'PX', ARGV[3])
return id
`;

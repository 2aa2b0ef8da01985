const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

const MONTH = `(?<month>${MONTHS.join('|')})`;
const TIME = '(?<hour>\\d{2}):(?<minute>\\d{2}):(?<second>\\d{2})';
const SHORT_DAY = '(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)';
const LONG_DAY = '(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day';

const FORMATS = [
  // Sun, 06 Nov 1994 08:49:37 GMT
  new RegExp(`^${SHORT_DAY}, (?<day>\\d{2}) ${MONTH} (?<year>\\d{4}) ${TIME} GMT$`),
  // Sunday, 06-Nov-94 08:49:37 GMT
  new RegExp(`^${LONG_DAY}, (?<day>\\d{2})-${MONTH}-(?<shortYear>\\d{2}) ${TIME} GMT$`),
  // Sun Nov  6 08:49:37 1994
  new RegExp(`^${SHORT_DAY} ${MONTH} (?<day>[\\d ]\\d) ${TIME} (?<year>\\d{4})$`),
];

/**
 * Parses an HTTP-date in any of its three formats. Returns milliseconds since 1970, or `undefined` for an invalid date
 * (`Sun, 31 Feb 2026 …`). A two-digit year is the latest one that is not more than 50 years after `now`. The name of
 * the day may be wrong. A leap second is the first second of the next minute. RFC 9110, section 5.6.7.
 */
export function parseHTTPDate(text: string, now: number): number | undefined {
  for (const format of FORMATS) {
    const groups = format.exec(text)?.groups;
    if (groups === undefined) continue;
    return groups.shortYear === undefined
      ? timeIn(Number(groups.year), groups)
      : timeNear(Number(groups.shortYear), groups, now);
  }
  return undefined;
}

type DateGroups = Readonly<Record<string, string>>;

function timeIn(year: number, groups: DateGroups): number | undefined {
  const month = MONTHS.indexOf(groups.month ?? '');
  const day = Number(groups.day);
  const hour = Number(groups.hour);
  const minute = Number(groups.minute);
  const second = Number(groups.second);
  if (hour > 23 || minute > 59 || second > 60) return undefined;
  const date = new Date(0);
  // Not Date.UTC(), which reads the year 0099 as 1999.
  date.setUTCFullYear(year, month, day);
  if (date.getUTCDate() !== day) return undefined;
  return date.setUTCHours(hour, minute, second);
}

function timeNear(shortYear: number, groups: DateGroups, now: number): number | undefined {
  const horizon = new Date(now);
  horizon.setUTCFullYear(horizon.getUTCFullYear() + 50);
  const latest = horizon.getUTCFullYear();
  const year = latest - ((latest - shortYear) % 100);
  const time = timeIn(year, groups);
  return time !== undefined && time > horizon.getTime() ? timeIn(year - 100, groups) : time;
}

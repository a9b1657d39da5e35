const MONTHS = 'JanFebMarAprMayJunJulAugSepOctNovDec'
const COMMON =
  /^(\d\d)\/([A-Z][a-z]{2})\/(\d{4}):(\d\d):(\d\d):(\d\d)(?:[.,](\d+))?(?: ([+-])(\d\d)(\d\d))?$/
const ISO =
  /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d+))?)?(?:(Z)|([+-])(\d\d):?(\d\d)| UTC)?$/i

/** A time of day in seconds where it can be one; NaN if not. A minute may have a leap second. */
function clockTime(hour: string, minute: string, second: string): number {
  const [h, m, s] = [Number(hour), Number(minute), Number(second)]
  return h < 24 && m < 60 && s <= 60 ? h * 3600 + m * 60 + s : NaN
}

/**
 * Days from 1 January 1970 of the Gregorian calendar; NaN for a day that no month has. Years begin in March, so that the leap
 * day comes last (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", 2013, `days_from_civil`).
 */
export function daysSince1970(year: number, month: number, day: number): number {
  if (month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return NaN
  const y = month <= 2 ? year - 1 : year
  const era = Math.floor(y / 400)
  const ofEra = y - era * 400
  const dayOfYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1
  const dayOfEra = ofEra * 365 + Math.floor(ofEra / 4) - Math.floor(ofEra / 100) + dayOfYear
  return era * 146_097 + dayOfEra - 719_468
}

function daysIn(year: number, month: number): number {
  if (month !== 2) return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28
}

/** Seconds to take off a local time to get UTC. */
function offset(sign: string | undefined, hours: string, minutes: string): number {
  if (sign === undefined) return 0
  const seconds = Number(hours) * 3600 + Number(minutes) * 60
  return sign === '-' ? -seconds : seconds
}

function fraction(digits: string | undefined): number {
  return digits === undefined ? 0 : Number(`0.${digits}`)
}

/** `10/Oct/2000:13:55:36 -0700`, with or without a fraction and a zone (then UTC), in Unix seconds; NaN if it is none. */
export function commonTime(text: string): number {
  const found = COMMON.exec(text)
  if (found === null) return NaN
  const [, day, monthName, year, hour, minute, second, digits, sign, hours, minutes] = found
  const month = MONTHS.indexOf(monthName) / 3 + 1
  if (!Number.isInteger(month)) return NaN
  const days = daysSince1970(Number(year), month, Number(day))
  const whole = days * 86_400 + clockTime(hour, minute, second) - offset(sign, hours, minutes)
  return whole + fraction(digits)
}

/** ISO 8601, also with a space for the `T`; without a zone it is UTC. In Unix seconds; NaN if it is none. */
export function isoTime(text: string): number {
  const found = ISO.exec(text)
  if (found === null) return NaN
  const [, year, month, day, hour, minute, second = '0', digits, , sign, hours, minutes] = found
  const days = daysSince1970(Number(year), Number(month), Number(day))
  const whole = days * 86_400 + clockTime(hour, minute, second) - offset(sign, hours, minutes)
  return whole + fraction(digits)
}

/** Remembers the last text that it read: in a log of whole seconds most times are the time of the line before. */
export class RememberedTime {
  private readonly read: (text: string) => number
  private text = ''
  private seconds = NaN

  constructor(read: (text: string) => number) {
    this.read = read
  }

  of(text: string): number {
    if (text !== this.text) {
      this.seconds = this.read(text)
      this.text = text
    }
    return this.seconds
  }
}

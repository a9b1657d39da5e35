/** More ranges than any browser sends; the rest is not read. */
const MOST_RANGES = 64

/**
 * Whether a client would rather have HTML than JSON, by its Accept (RFC 9110, section 12.5.1): the more specific range counts, and of
 * two types of one quality the one that is named first. Who names neither gets JSON: a browser names HTML, a program often nothing.
 */
export function prefersHtml(accept: string | undefined): boolean {
  if (accept === undefined) return false
  const html = new Wish('text', 'html')
  const json = new Wish('application', 'json')
  accept.split(',', MOST_RANGES).forEach((range, place) => {
    const [type, ...parameters] = range.split(';').map((part) => part.trim().toLowerCase())
    const quality = qualityIn(parameters)
    html.read(type, quality, place)
    json.read(type, quality, place)
  })
  if (html.quality !== json.quality) return html.quality > json.quality
  return html.quality > 0 && html.place < json.place
}

/** How much a client wants one type. */
class Wish {
  /** 0 to 1. */
  quality = 0
  /** Where in the list it is named; Infinity: in no word of its own. */
  place = Infinity
  private specific = -1
  private readonly ranges: readonly string[]

  constructor(type: string, subtype: string) {
    this.ranges = ['*/*', `${type}/*`, `${type}/${subtype}`]
  }

  read(range: string, quality: number, place: number): void {
    const specific = this.ranges.indexOf(range)
    if (specific <= this.specific) return
    this.specific = specific
    this.quality = quality
    if (specific === 2) this.place = place
  }
}

/** What is no quality counts as none given: 1. */
function qualityIn(parameters: readonly string[]): number {
  const given = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2)
  return given !== undefined && /^(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/.test(given)
    ? Number(given)
    : 1
}

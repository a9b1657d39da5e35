import type { Lane, Seen } from './lane.ts'
import { type Answer, type Answers, readAnswers } from './reference/answer.ts'
import { type Reading, readConnection } from './reference/connection.ts'
import { valuesOf } from './reference/grammar.ts'
import { endToEnd, HOUSE, splitAbsolute } from './reference/house.ts'
import type { Request } from './reference/request.ts'

/**
 * Sends a stream through the proxy, and compares what the origin understood and the client got with what a strict reader of
 * the RFCs says. Empty: nothing is wrong.
 */
export async function tryFrontDoor(lane: Lane, pieces: readonly string[]): Promise<string[]> {
  const reading = readConnection(pieces.join(''), HOUSE)
  const { end, requests } = reading
  const closes = end.kind === 'refused' || end.kind === 'closed'
  const methods = requests.map(({ request }) => request.method)
  lane.origin.begin()
  const seen = await lane.send(pieces, methods, closes ? undefined : requests.length)
  const unsettled = await lane.settle()
  if (unsettled.length > 0) return unsettled
  return compare(reading, seen, lane)
}

/** The answer to what never became a request has a body, whatever its method; that to a refused HEAD may not have one. */
function answersTo({ requests }: Reading, seen: Seen): Answers {
  const methods = requests.map(({ request }) => request.method)
  const bodies = requests.map(({ free, request }) => (free === undefined ? request.method : 'GET'))
  const readings = [methods, [...methods, 'HEAD'], bodies].map((each) =>
    readAnswers(seen.text, each, seen.closed),
  )
  const fits = ({ answers, wrong }: Answers): boolean =>
    wrong === undefined && answers.every(({ whole }) => whole)
  return readings.find(fits) ?? readings[0]
}

function compare(reading: Reading, seen: Seen, { origin }: Lane): string[] {
  const { end, requests } = reading
  const wrong: string[] = []
  const { answers: all, wrong: nonsense } = answersTo(reading, seen)
  const answers = all.filter(({ status }) => status >= 200)
  if (nonsense !== undefined) wrong.push(`the client got nonsense: ${nonsense}`)
  for (const what of origin.invalid) wrong.push(`the origin got nonsense: ${what}`)
  if (all.some(({ status }) => status < 200 && status !== 100)) wrong.push('an interim answer')
  const { received } = origin
  let refused = false
  for (const [i, { free, request }] of requests.entries()) {
    if (free !== undefined && (answers.at(i)?.status ?? 0) >= 400) {
      refused = true
      wrong.push(...refusalOf(answers.slice(i), seen, undefined))
      if (received.length > i) wrong.push('the origin got more than was let in')
      break
    }
    if (i >= received.length) {
      wrong.push(`request ${i} did not reach the origin`)
      return wrong
    }
    wrong.push(...differences(request, received[i], i))
    const answer = answers.at(i)
    const number = answer && valuesOf(answer.fields, 'x-number')[0]
    if (answer === undefined || !answer.whole) wrong.push(`no whole answer to request ${i}`)
    else if (number !== String(i + 1)) wrong.push(`request ${i} was answered with ${number}`)
  }
  if (refused) return wrong
  const rest = answers.slice(requests.length)
  if (received.length > requests.length) wrong.push('the origin got more than there was')
  if (end.kind === 'refused') wrong.push(...refusalOf(rest, seen, end.refusal.statuses))
  else if (end.kind === 'incomplete' && rest.length > 0) {
    // It may be known already that it can only become wrong; nobody has waited for the end.
    wrong.push(...refusalOf(rest, { ...seen, closed: true }, undefined))
  } else if (rest.length > 0) wrong.push('an answer to nothing')
  else if (seen.late) wrong.push('the connection was not closed in time, or an answer did not come')
  wrong.push(...partialsOf(end, origin.partial))
  return wrong
}

/** One answer of the proxy's own, and the end of the connection. */
function refusalOf(
  answers: readonly Answer[],
  seen: Seen,
  statuses: readonly number[] | undefined,
): string[] {
  if (answers.length !== 1) return [`${answers.length} answers where one should refuse`]
  const [{ fields, status, whole }] = answers
  const wrong: string[] = []
  if (statuses === undefined ? status < 400 : !statuses.includes(status)) {
    wrong.push(`refused with ${status} instead of ${statuses?.join(' or ')}`)
  }
  if (!whole) wrong.push('the refusal is not whole')
  if (valuesOf(fields, 'connection').join() !== 'close') wrong.push('without Connection: close')
  if (!seen.closed) wrong.push('the connection was left open')
  return wrong
}

/** What was forwarded, held against what was sent. */
function differences(sent: Request, got: Request, i: number): string[] {
  const wrong: string[] = []
  const same = (what: string, ours: unknown, theirs: unknown): void => {
    const [left, right] = [JSON.stringify(ours), JSON.stringify(theirs)]
    if (left !== right) wrong.push(`request ${i}: ${what} was ${left} and became ${right}`)
  }
  const absolute = splitAbsolute(sent.target)
  same('the method', sent.method, got.method)
  same('the target', absolute?.path ?? sent.target, got.target)
  same('the version', 'HTTP/1.1', got.version)
  same('the body', sent.body.content, got.body.content)
  same('the trailers', [], got.body.trailers)
  const authority = absolute?.authority ?? valuesOf(sent.fields, 'host')[0]
  if (authority !== undefined) same('Host', [authority], valuesOf(got.fields, 'host'))
  const version = sent.version.slice(5)
  const ours = new Set(['x-forwarded-for', 'x-forwarded-proto', 'x-forwarded-host'])
  const framing = new Set(['host', 'connection', 'content-length', 'transfer-encoding'])
  const hasId = valuesOf(sent.fields, 'x-request-id').length > 0
  const fields = got.fields.filter(([name]) => {
    const lower = name.toLowerCase()
    return !ours.has(lower) && !framing.has(lower) && (hasId || lower !== 'x-request-id')
  })
  same('the list of fields', [...endToEnd(sent), ['Via', `${version} evenkeel`]], fields)
  same('X-Forwarded-For', ['127.0.0.1'], valuesOf(got.fields, 'x-forwarded-for'))
  if (!hasId) same('the number of ids', 1, valuesOf(got.fields, 'x-request-id').length)
  return wrong
}

/** What is not whole may have begun to reach the origin, but never more of it than was sent. */
function partialsOf(end: Reading['end'], partial: readonly (Request | undefined)[]): string[] {
  if (partial.length === 0) return []
  const begun = 'request' in end ? end.request : undefined
  if (begun === undefined || partial.length > 1) return ['the origin saw the beginning of nothing']
  const [got] = partial
  if (got === undefined) return []
  const isPrefix = begun.body.content.startsWith(got.body.content) && got.method === begun.method
  return isPrefix ? [] : ['the origin saw the beginning of something else']
}

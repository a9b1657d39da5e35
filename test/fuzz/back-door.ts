import type { Script } from './answers.ts'
import type { Lane, Seen } from './lane.ts'
import { type Answer, type Answers, readAnswers } from './reference/answer.ts'
import { type Field, valuesOf } from './reference/grammar.ts'
import { endToEndOfAnswer } from './reference/house.ts'

/**
 * Lets the origin say that, and compares what the client got with what a strict reader of the RFCs makes of it: exactly the answer, or
 * 502, or less than was announced. And never a byte of it in another answer. Empty: nothing is wrong.
 */
export async function tryBackDoor(lane: Lane, script: Script): Promise<string[]> {
  const { method, pieces } = script
  const text = pieces.join('')
  const open = readAnswers(text, [method], false, true)
  const closes = script.closes || !open.answers.some(isWholeAndFinal)
  const said = readAnswers(text, [method], closes, true)
  lane.origin.begin()
  lane.origin.script = { pieces, closes }
  const { first, second } = await lane.ask(method)
  const unsettled = await lane.settle()
  lane.origin.script = undefined
  return [
    ...unsettled,
    ...compare(said, first, method),
    ...(second === undefined ? [] : evenOne(second)),
  ]
}

function isWholeAndFinal({ status, whole }: Answer): boolean {
  return status >= 200 && whole
}

function compare(said: Answers, seen: Seen, method: string): string[] {
  if (seen.late) return ['no answer in time']
  const got = readAnswers(seen.text, [method], false)
  if (got.wrong !== undefined) return [`the client got nonsense: ${got.wrong}`]
  const finals = got.answers.filter(({ status }) => status >= 200)
  if (finals.length > 1) return ['two answers to one request']
  const [answer] = finals
  const original = said.answers.find(({ status }) => status >= 200)
  const refused = answer?.status === 502 && answer.content.includes('"upstream_')
  if (original === undefined) {
    return refused || isHead502(answer, method) ? [] : [`nonsense was passed on: ${said.wrong}`]
  }
  if (!original.whole) {
    if (refused || isHead502(answer, method)) return []
    if (answer === undefined) return seen.closed ? [] : ['the client waits']
    if (answer.whole) return ['half an answer was passed on as a whole']
    if (!original.content.startsWith(answer.content)) return ['other bytes than were said']
    return seen.closed ? [] : ['the client cannot tell that there is no more']
  }
  const odd = oddities(original)
  if (odd !== undefined && (refused || isHead502(answer, method))) return []
  if (answer === undefined || !answer.whole) {
    return odd !== undefined && seen.closed ? [] : ['the answer is not whole']
  }
  return differences(original, answer, got.answers, said.answers)
}

/** An answer to HEAD does not say whose it is. */
function isHead502(answer: Answer | undefined, method: string): boolean {
  return method === 'HEAD' && answer?.status === 502
}

/** Why the proxy may refuse what a reader understands. */
function oddities({ fields, free, status }: Answer): string | undefined {
  if (status > 599) return 'RFC 9110, section 15: no such class'
  const framing = ['content-length', 'transfer-encoding'].flatMap((name) => valuesOf(fields, name))
  if (status === 204 && framing.length > 0) return 'RFC 9110, section 8.6; RFC 9112, section 6.1'
  if (valuesOf(fields, 'content-length').some((length) => length.length > 15))
    return 'a huge length'
  return free
}

function differences(
  said: Answer,
  got: Answer,
  all: readonly Answer[],
  saidAll: readonly Answer[],
): string[] {
  const wrong: string[] = []
  const same = (what: string, ours: unknown, theirs: unknown): void => {
    const [left, right] = [JSON.stringify(ours), JSON.stringify(theirs)]
    if (left !== right) wrong.push(`${what} was ${left} and became ${right}`)
  }
  same('the status', said.status, got.status)
  // Where it came in pieces, undici knows the last piece only. Nobody goes by it (RFC 9112, section 4).
  if (!said.reason.endsWith(got.reason)) same('the reason', said.reason, got.reason)
  same('the content', said.content, got.content)
  const trailers = got.framing === 'chunked' ? said.trailers : []
  same('the trailers', trailers, got.trailers)
  const expected = [...endToEndOfAnswer(said.fields, said.status), ['Via', '1.1 evenkeel'] as const]
  same('the fields', expected, withoutFraming(got.fields, said.fields))
  const interim = ({ fields, status }: Answer): unknown => [
    status,
    [...combined(endToEndOfAnswer(fields, status))],
  ]
  const hints = saidAll.filter(({ status }) => status < 200 && status !== 100).slice(0, 20)
  const passed = all.filter(({ status }) => status < 200)
  if (saidAll.filter(({ status }) => status < 200).length <= 20) {
    same('the interim answers', hints.map(interim), passed.map(withoutVia).map(interim))
  }
  return wrong
}

/** Repeated fields are one list (RFC 9110, section 5.3), and node:http makes one of them in interim answers. */
function combined(fields: readonly Field[]): Map<string, string> {
  const lists = new Map<string, string>()
  for (const [name, value] of fields) {
    const before = lists.get(name.toLowerCase())
    lists.set(name.toLowerCase(), before === undefined ? value : `${before},${value}`)
  }
  return lists
}

function withoutVia(answer: Answer): Answer {
  const fields = answer.fields.filter(([name]) => name !== 'Via')
  return { ...answer, fields }
}

/** Less what node:http adds for this connection, and a Date where there was none. */
function withoutFraming(fields: readonly Field[], original: readonly Field[]): Field[] {
  const dated = valuesOf(original, 'date').length > 0
  const ours = new Set([
    'connection',
    'keep-alive',
    'transfer-encoding',
    'trailer',
    ...(dated ? [] : ['date']),
  ])
  return fields.filter(([name]) => !ours.has(name.toLowerCase()))
}

/** The next request on the connection got its own answer. */
function evenOne(seen: Seen): string[] {
  const { answers, wrong } = readAnswers(seen.text, ['GET'], seen.closed)
  if (wrong !== undefined) return [`the next one got nonsense: ${wrong}`]
  const [answer] = answers
  if (answer === undefined) return seen.late ? ['the next one got no answer'] : []
  const ok = answers.length === 1 && answer.whole && answer.status === 200
  return ok && answer.content === 'x'.repeat(10) ? [] : [`the next one got ${seen.text}`]
}

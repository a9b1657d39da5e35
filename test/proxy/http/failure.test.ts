import { describe, expect, test } from 'vitest'
import { classify, DeadlineError, OUT_OF_FILES } from '../../../proxy/http/failure.ts'

/** An error with that code, as Node and undici make them. */
function failed(code: string, name = 'Error'): Error {
  return Object.assign(new Error('a message that nobody goes by'), { code, name })
}

describe('proxy-behaviour 5: why a try failed, told from its error', () => {
  test.each([
    ['ECONNREFUSED', 'connect refused'],
    ['ENOTFOUND', 'name does not resolve'],
    ['EAI_AGAIN', 'name does not resolve'],
    ['EHOSTUNREACH', 'host unreachable'],
    ['EWHATEVER', 'no connection'],
  ])('no connection, %s: 502, and any request may go elsewhere', (code, reason) => {
    const word = 'upstream_unreachable'
    expect(classify(failed(code), false)).toMatchObject({
      outcome: 'refused',
      status: 502,
      word,
      reason,
    })
  })

  test.each(['ENOTFOUND', 'EAI_AGAIN'])(
    'a name that cannot be looked up (%s) for want of files is not held against the server',
    (code) => {
      expect(classify(failed(code), false, () => true)).toBe(OUT_OF_FILES)
      expect(classify(failed('ECONNREFUSED'), false, () => true).reason).toBe('connect refused')
    },
  )

  test.each(['EMFILE', 'ENFILE'])(
    'nor is a connection that could not be made for that (%s)',
    (code) => {
      expect(classify(failed(code), false)).toBe(OUT_OF_FILES)
    },
  )

  test('a name with several addresses failed with all of them: by the first', () => {
    const all = new AggregateError([failed('ECONNREFUSED'), failed('ENETUNREACH')])
    expect(classify(all, false).reason).toBe('connect refused')
    expect(classify(new AggregateError([]), false).reason).toBe('no connection')
  })

  test('no connection in time: 504', () => {
    const failure = classify(failed('UND_ERR_CONNECT_TIMEOUT'), false)
    expect(failure).toMatchObject({
      outcome: 'refused',
      status: 504,
      word: 'upstream_connect_timeout',
    })
  })

  test('a deadline: 504', () => {
    expect(classify(new DeadlineError('late'), true)).toMatchObject({
      outcome: 'timeout',
      status: 504,
    })
  })

  test.each(['UND_ERR_INVALID_ARG', 'UND_ERR_NOT_SUPPORTED'])(
    '%s: 400, and no server is to blame',
    (code) => {
      expect(classify(failed(code), false)).toMatchObject({ outcome: 'aborted', status: 400 })
    },
  )

  test.each<[code: string, name?: string]>([
    ['UND_ERR_RES_CONTENT_LENGTH_MISMATCH'],
    ['UND_ERR_HEADERS_OVERFLOW'],
    ['ERR_INVALID_CHAR'],
    ['ERR_HTTP_INVALID_HEADER_VALUE'],
    ['HPE_INVALID_CONSTANT', 'HTTPParserError'],
  ])('%s on a connection that stood: 502, nonsense', (code, name) => {
    expect(classify(failed(code, name), true)).toMatchObject({ status: 502, nonsense: true })
  })

  test('whatever else happens to a connection that stood: 502, it broke', () => {
    for (const error of [failed('UND_ERR_SOCKET'), failed('EPIPE'), new Error('without a code')]) {
      expect(classify(error, true)).toMatchObject({ word: 'upstream_reset', nonsense: false })
    }
  })
})

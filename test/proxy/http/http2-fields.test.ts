import { expect, test } from 'vitest'
import { addFields, fieldsObject } from '../../../proxy/http/http2-fields.ts'

function added(...fields: string[]): string[] {
  const target: string[] = []
  addFields(target, fields)
  return target
}

test('names are in lower case, in the order and as often as they came', () => {
  expect(added('X-B', '1', 'x-a', '2', 'X-b', '3')).toEqual(['x-b', '1', 'x-a', '2', 'x-b', '3'])
  expect(fieldsObject(['X-B', '1', 'x-b', '3'])).toEqual({ 'x-b': ['1', '3'] })
})

test('none concern one connection (RFC 9113, section 8.2.2)', () => {
  const names = [
    'Connection',
    'Keep-Alive',
    'Proxy-Connection',
    'TE',
    'Transfer-Encoding',
    'Upgrade',
    'HTTP2-Settings',
  ]
  expect(added(...names.flatMap((name) => [name, 'x']), 'x-a', '1')).toEqual(['x-a', '1'])
})

test.each(['a\0b', 'a\nb', 'a\rb', '\x7f', 'a\x01', '\u0100'])(
  'a value with %j is no HTTP',
  (value) => {
    expect(() => added('x-a', value)).toThrow(/value/)
    expect(fieldsObject(['x-a', value])).toBeUndefined()
  },
)

test.each(['', ':status', 'x a', 'x\0', 'x\n', 'x:y', '\xe4'])('the name %j is no HTTP', (name) => {
  expect(() => added(name, '1')).toThrow(/name/)
})

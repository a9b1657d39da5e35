import { describe, expect, test } from 'vitest'
import { affinityBy } from '../../../proxy/http/affinity.ts'
import { requestKey } from '../../../proxy/http/request-key.ts'
import { trustedProxies } from '../../../proxy/http/trusted-proxies.ts'
import type { KeySource } from '../../../proxy/settings.ts'
import { RecordingDownstream } from '../../support/recording-downstream.ts'

const nobody = (): boolean => false

class From extends RecordingDownstream {
  override readonly address: string

  constructor(address: string, fields: readonly string[] = [], target = '/') {
    super(target, 'GET', fields)
    this.address = address
  }
}

function ofTarget(target: string, query = 'u'): string | undefined {
  return requestKey({ query }, nobody)(new From('192.0.2.1', [], target))
}

function ofClient(address: string, forwarded?: string, trusted: string[] = []): string | undefined {
  const fields = forwarded === undefined ? [] : ['X-Forwarded-For', forwarded]
  return requestKey('address', trustedProxies(trusted))(new From(address, fields))
}

describe('proxy-behaviour 2, stickiness: what a request is told apart by', () => {
  test('a parameter is the first of that name, byte for byte, and none where it is empty', () => {
    const cases = {
      '/?u=a': 'a',
      '/?x=1&u=a&u=b': 'a',
      '/?u=%61': '%61',
      '/?U=a': undefined,
      '/?uu=a': undefined,
      '/?xu=a&x': undefined,
      '/?u': undefined,
      '/?u=': undefined,
      '/?u=&u=b': undefined,
      '/u=a': undefined,
      '/?x=?u=b&u=a=c?d': 'a=c?d',
      'http://h/p?u=a': 'a',
      '/?u=a;u=b': 'a;u=b',
    }
    for (const [target, value] of Object.entries(cases)) {
      expect([target, ofTarget(target)]).toEqual([target, value])
    }
    expect(ofTarget('/?a%5B%5D=1&u=2', 'a%5B%5D')).toBe('1')
  })

  test('a field is the first of that name, in whatever case, and a cookie the first of that name', () => {
    const fields = ['X-User', 'ann', 'x-user', 'bob', 'Cookie', 'b=1; s=one; s=two']
    const of = (source: KeySource): string | undefined =>
      requestKey(source, nobody)(new From('192.0.2.1', fields))
    expect([of({ header: 'x-USER' }), of({ cookie: 's' }), of({ header: 'x-none' })]).toEqual([
      'ann',
      'one',
      undefined,
    ])
  })

  test('an address is all of IPv4, and the first 64 bits of IPv6, however it is written', () => {
    expect([ofClient('192.0.2.1'), ofClient('192.0.2.2')]).toEqual(['192.0.2.1', '192.0.2.2'])
    const same = ['2001:db8:0:1::1', '2001:db8::1:0:0:0:2', '2001:0DB8:0000:0001:a:b:c:d']
    expect(new Set(same.map((address) => ofClient(address)))).toEqual(new Set(['2001:db8:0:1']))
    expect(ofClient('2001:db8:0:2::1')).toBe('2001:db8:0:2')
    expect(ofClient('fe80::1%eth0')).toBe('fe80:0:0:0')
    expect(ofClient('::1')).toBe('0:0:0:0')
    expect(ofClient('1:2:3::')).toBe('1:2:3:0')
    expect(ofClient('::FFFF:192.0.2.1')).toBe('192.0.2.1')
    expect(ofClient('64:ff9b::192.0.2.1')).toBe('64:ff9b:0:0')
  })

  test('behind a proxy that is trusted it is the last address that is none of ours', () => {
    const trusted = ['10.0.0.0/8', '::1']
    expect(ofClient('10.0.0.1', '192.0.2.7', trusted)).toBe('192.0.2.7')
    expect(ofClient('10.0.0.1', '198.51.100.1, 192.0.2.7, 10.0.0.2', trusted)).toBe('192.0.2.7')
    expect(ofClient('10.0.0.1', '2001:db8::7', trusted)).toBe('2001:db8:0:0')
    expect(ofClient('10.0.0.1', undefined, trusted)).toBe('10.0.0.1')
    expect(ofClient('10.0.0.1', '192.0.2.7, nonsense', trusted)).toBe('10.0.0.1')
    expect(ofClient('10.0.0.1', '192.0.2.7, nonsense, 10.0.0.2', trusted)).toBe('10.0.0.2')
    expect(ofClient('192.0.2.9', '192.0.2.7', trusted)).toBe('192.0.2.9') // Anybody can say that.
    class Hidden extends From {
      override readonly hidden = true
    }
    const hidden = new Hidden('10.0.0.1', ['X-Forwarded-For', '192.0.2.7'])
    expect(requestKey('address', trustedProxies(trusted))(hidden)).toBe('10.0.0.1')
  })

  test('one whose address is none, as of a connection that is gone already, is nobody of ours', () => {
    expect(trustedProxies(['0.0.0.0/0', '::/0'])('')).toBe(false)
  })

  test('of a huge value only the first 4096 characters count', () => {
    const long = 'x'.repeat(4096)
    expect(ofTarget(`/?u=${long}y`)).toBe(long)
    const affinity = affinityBy({ header: 'a' }, nobody)
    const key = (value: string): number => affinity(new From('192.0.2.1', ['A', value]))
    expect(key(`${long}y`)).toBe(key(`${long}z`))
    expect(key('y')).not.toBe(key('z'))
  })

  test('the same reader serves strategies that go by key; without a value they go by the address', () => {
    const sources: KeySource[] = [{ header: 'u' }, { query: 'u' }, { cookie: 'u' }, 'address']
    const [header, query, cookie, address] = sources.map((source) => affinityBy(source, nobody))
    const ann = new From('192.0.2.1', ['U', 'ann', 'Cookie', 'u=ann'], '/?u=ann')
    expect(query(ann)).toBe(header(ann))
    expect(cookie(ann)).toBe(header(ann))
    expect(address(ann)).not.toBe(header(ann))
    const anonymous = new From('192.0.2.1', ['U', ''])
    for (const affinity of [header, query, cookie]) {
      expect(affinity(anonymous)).toBe(address(anonymous))
    }
  })
})

import { isIP } from 'node:net'
import type { KeySource } from '../settings.ts'
import { cookieValues } from './cookies.ts'
import type { Downstream } from './downstream.ts'
import { fieldOf } from './fields.ts'
import { believes } from './trusted-proxies.ts'

/** What belongs together, as text; undefined where a request does not say. */
export type RequestKey = (request: Downstream) => string | undefined

/** No more of a value counts, in characters: to hash what a stranger sends must not cost much. */
const MOST = 4096

/**
 * Reads what requests are told apart by. One reader for keyed strategies and for sessions. Values count as they stand, byte for byte: a
 * parameter is not decoded (as with HAProxy's `url_param`), since what is forwarded is not either, and the first of several counts. An
 * empty one says nothing.
 *
 * `trusts`: whether that peer's word about its client is believed.
 */
export function requestKey(source: KeySource, trusts: (address: string) => boolean): RequestKey {
  if (source === 'address') return (request) => clientOf(request, trusts)
  if ('header' in source) {
    const name = source.header.toLowerCase()
    return ({ fields }) => said(fieldOf(fields, name))
  }
  if ('query' in source) {
    const { query } = source
    return ({ target }) => said(parameterOf(target, query))
  }
  const { cookie } = source
  return ({ fields }) => said(cookieValues(fields, cookie, 1).at(0))
}

/**
 * Whose request it is: of IPv4 the address, of IPv6 the first 64 bits. The rest of those is the device's own to choose, and changes
 * from day to day (RFC 8981); a whole site has at least a /64 (RFC 6177). Behind a proxy that is trusted it is the last address in
 * X-Forwarded-For that is not one of ours, as nginx finds it with `real_ip_recursive`.
 */
export function clientOf(request: Downstream, trusts: (address: string) => boolean): string {
  let { address } = request
  if (believes(request, trusts)) {
    const told = fieldOf(request.fields, 'x-forwarded-for', true)?.split(',') ?? []
    for (let i = told.length - 1; i >= 0 && trusts(address); i--) {
      const before = told[i].trim()
      if (isIP(before) === 0) break
      address = before
    }
  }
  return address.includes(':') ? prefixOf(address) : address
}

/** The first 64 bits, in one spelling; of an IPv4 address in IPv6 that one. */
function prefixOf(address: string): string {
  const four = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)
  if (four !== null) return four[1]
  const [head, tail] = address.split('%')[0].split('::')
  const groups = head === '' ? [] : head.split(':')
  const rest = tail === undefined || tail === '' ? [] : tail.split(':')
  const length = rest.length + (rest.at(-1)?.includes('.') === true ? 1 : 0)
  if (tail !== undefined) while (groups.length + length < 8) groups.push('0')
  const all = [...groups, ...rest].slice(0, 4)
  return all.map((group) => Number.parseInt(group, 16).toString(16)).join(':')
}

/** The value of the first parameter of that name in a target's query; undefined where there is none. */
function parameterOf(target: string, name: string): string | undefined {
  let start = target.indexOf('?')
  while (start >= 0) {
    start++
    if (target.startsWith(name, start) && target[start + name.length] === '=') {
      const end = target.indexOf('&', start)
      return target.slice(start + name.length + 1, end < 0 ? undefined : end)
    }
    start = target.indexOf('&', start)
  }
  return undefined
}

function said(value: string | undefined): string | undefined {
  if (value === undefined || value === '') return undefined
  return value.length > MOST ? value.slice(0, MOST) : value
}

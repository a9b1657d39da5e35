import type { Endpoint } from './endpoint.ts'

/*
 * What strategies keep of the servers, by place in the list. In plain loops, since the eligible set changes at every other request
 * where servers have limits: `Int32Array.from` with a function takes some ten times as long.
 */

export function slotsOf(servers: readonly Endpoint[]): Int32Array<ArrayBuffer> {
  const slots = new Int32Array(servers.length)
  for (let i = 0; i < servers.length; i++) slots[i] = servers[i].slot
  return slots
}

export function weightsOf(servers: readonly Endpoint[]): Float64Array<ArrayBuffer> {
  const weights = new Float64Array(servers.length)
  for (let i = 0; i < servers.length; i++) weights[i] = servers[i].weight
  return weights
}

/** 0, 1, 2 and so on. */
export function places(count: number): Int32Array<ArrayBuffer> {
  const places = new Int32Array(count)
  for (let i = 0; i < count; i++) places[i] = i
  return places
}

import type { Answer } from 'dns-packet'
import type { Found, NameAnswer } from '../core/name-watch.ts'
import { type ServiceTarget, serversOf } from '../core/service-weights.ts'
import type { NameSettings } from '../upstream-settings.ts'
import type { Records, Resolver } from './resolver.ts'

type Asked = Pick<Resolver, 'records'>

interface Addresses {
  readonly addresses: readonly string[]
  readonly ttl: number
  readonly reason: string
}

/** No service is so large; an answer over TCP could name thousands. */
const MOST_TARGETS = 256
const MOST_ADDRESSES = 256

/** A target of a service that did not resolve is asked for again so soon at the latest, in milliseconds. */
const SOON = 10_000

/** The servers that a name stands for now. `known`: before; `targets`: of a service, kept here from one time to the next. Never rejects. */
export async function lookUp(
  resolver: Asked,
  settings: NameSettings,
  known: readonly Found[],
  targets: Map<string, readonly string[]>,
): Promise<NameAnswer> {
  try {
    return settings.resolve === 'srv'
      ? await service(resolver, settings, targets)
      : await addressesOfName(resolver, settings, known)
  } catch (error) {
    return { type: 'failed', reason: (error as Error).message }
  }
}

async function addressesOfName(
  resolver: Asked,
  { backup, name, port, weight }: NameSettings,
  known: readonly Found[],
): Promise<NameAnswer> {
  const before = known.map(({ address }) => address)
  const { addresses, reason, ttl } = await addressesOf(resolver, name, before)
  if (addresses.length === 0) return { type: 'none', reason, ttl }
  const left = Math.max(0, addresses.length - MOST_ADDRESSES)
  // Always the same ones, in whatever order they are told.
  const used = left === 0 ? addresses : addresses.toSorted().slice(0, MOST_ADDRESSES)
  const found = used.map((address) => ({ address, port, weight, backup }))
  return { type: 'found', found, ttl, left }
}

/** Of both families; of one that nobody could tell, those of before. */
async function addressesOf(
  resolver: Asked,
  name: string,
  before: readonly string[] = [],
): Promise<Addresses> {
  const [four, six] = await Promise.allSettled([
    resolver.records({ name, type: 'A' }),
    resolver.records({ name, type: 'AAAA' }),
  ])
  if (four.status === 'rejected' && six.status === 'rejected') throw four.reason
  const kept = (six: boolean): string[] => before.filter((each) => each.includes(':') === six)
  const addresses = [
    ...(four.status === 'rejected' ? kept(false) : textsOf(four.value)),
    ...(six.status === 'rejected' ? kept(true) : textsOf(six.value)),
  ]
  const told = [four, six].flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []))
  const failed = [four, six].find((each) => each.status === 'rejected')
  // That there are none of the one says nothing as long as nobody can tell of the other.
  if (addresses.length === 0 && failed !== undefined) throw failed.reason
  const good = told.filter(({ answers }) => answers.length > 0)
  const decisive = good.length > 0 ? good : told
  return {
    addresses: [...new Set(addresses)],
    ttl: Math.min(...decisive.map(({ ttl }) => ttl)),
    reason: told[0].reason,
  }
}

/**
 * A target that nobody can tell of keeps the addresses that it had, or is left out if it had none: the others are followed all the
 * same. Throws if nobody can tell of any.
 */
async function service(
  resolver: Asked,
  { backup, name, weight }: NameSettings,
  before: Map<string, readonly string[]>,
): Promise<NameAnswer> {
  const { additionals, answers, reason, ttl } = await resolver.records({ name, type: 'SRV' })
  const offers = answers.flatMap((answer) => (answer.type === 'SRV' ? [answer.data] : []))
  // The root as the only target: decidedly nobody (RFC 2782).
  const all = offers.filter(({ port, target }) => target !== '.' && port > 0)
  const wanted = all.slice(0, MOST_TARGETS)
  const heard = await Promise.allSettled(
    wanted.map(async ({ target }) => {
      const given = sentAlong(additionals, target)
      return given ?? (await addressesOf(resolver, target, before.get(target)))
    }),
  )
  let shortest = ttl
  const failures: string[] = []
  const targets = wanted.map(({ port, priority = 0, target, weight = 0 }, i): ServiceTarget => {
    const one = heard[i]
    let addresses = before.get(target) ?? []
    if (one.status === 'fulfilled') {
      addresses = one.value.addresses
      if (addresses.length > 0) shortest = Math.min(shortest, one.value.ttl)
    } else {
      failures.push(`${target}: ${(one.reason as Error).message}`)
      shortest = Math.min(shortest, SOON)
    }
    return { port, priority, weight, addresses }
  })
  const found = serversOf(targets, weight)
  const trouble = failures.join(', ')
  if (failures.length > 0 && (failures.length === wanted.length || found.length === 0))
    throw new Error(trouble)
  before.clear()
  for (const [i, { addresses }] of targets.entries()) before.set(wanted[i].target, addresses)
  if (found.length === 0) return { type: 'none', reason, ttl }
  return {
    type: 'found',
    found: backup ? found.map((each) => ({ ...each, backup })) : found,
    ttl: shortest,
    trouble,
  }
}

/** Addresses that came with the answer; undefined where there are none, or of one family only as far as one can tell. */
function sentAlong(additionals: readonly Answer[], target: string): Addresses | undefined {
  const of = (type: string): Answer[] =>
    additionals.filter(
      (each) => each.type === type && each.name.toLowerCase() === target.toLowerCase(),
    )
  const both = [...of('A'), ...of('AAAA')]
  if (of('A').length === 0 || of('AAAA').length === 0) return undefined
  const ttls = both.map((each) => ('ttl' in each ? Number(each.ttl) * 1000 : 0))
  return { addresses: textsOf({ answers: both }), ttl: Math.min(...ttls), reason: '' }
}

function textsOf({ answers }: Pick<Records, 'answers'>): string[] {
  return answers.flatMap((each) => (each.type === 'A' || each.type === 'AAAA' ? [each.data] : []))
}

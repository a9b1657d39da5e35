import { randomInt } from 'node:crypto'
import { getServers } from 'node:dns'
import { isIPv6 } from 'node:net'
import type { Answer, DecodedPacket } from 'dns-packet'
import type { DnsSettings } from '../upstream-settings.ts'
import { codeOf, type NameServer, query, type Question } from './dns-query.ts'

/** What a name has of one type: nothing, if there is no such name. */
export interface Records {
  readonly answers: readonly Answer[]
  /** What was sent along unasked. */
  readonly additionals: readonly Answer[]
  /** How long this is good, in milliseconds. */
  readonly ttl: number
  /** `NXDOMAIN`, or that there is nothing of this type. */
  readonly reason: string
}

/** How often each name server is asked, as resolv.conf(5) has it (`attempts`). */
const ROUNDS = 2
/** How long nothing is good for that does not say. In milliseconds. */
const UNSAID = 5000
const DNS_PORT = 53

/** Asks the name servers, one after the other, until one of them knows. */
export class Resolver {
  private readonly settings: DnsSettings
  private readonly ending = new AbortController()

  constructor(settings: DnsSettings) {
    this.settings = settings
  }

  /** Rejects with the reason in few words if nobody could say. */
  async records(question: Question): Promise<Records> {
    let reason = 'no name server'
    for (let round = 0; round < ROUNDS; round++) {
      for (const server of this.servers) {
        try {
          const packet = await this.ask(server, question)
          const code = codeOf(packet)
          if (code === 'NOERROR' || code === 'NXDOMAIN') return recordsIn(packet, question, code)
          reason = code
        } catch (error) {
          reason = (error as Error).message
        }
        if (this.ending.signal.aborted) throw new Error(reason)
      }
    }
    throw new Error(reason)
  }

  stop(): void {
    this.ending.abort()
  }

  private async ask(server: NameServer, question: Question): Promise<DecodedPacket> {
    const { timeout } = this.settings
    const options = { timeout, signal: this.ending.signal }
    const answer = await query(server, question, { ...options, id: randomInt(0x1_0000) })
    if (codeOf(answer) !== 'FORMERR') return answer
    return query(server, question, { ...options, id: randomInt(0x1_0000), edns: false })
  }

  private get servers(): NameServer[] {
    const { servers } = this.settings
    return (servers.length > 0 ? servers : getServers()).map(placeOf)
  }
}

/** `10.0.0.2`, `10.0.0.2:5353`, `::1`, `[::1]:5353` */
function placeOf(text: string): NameServer {
  const [, bracketed, inner, host, port] = /^(?:(\[(.+)\])|([^:]+))(?::(\d+))?$/.exec(text) ?? []
  if (isIPv6(text)) return { host: text, port: DNS_PORT }
  return {
    host: bracketed === undefined ? host : inner,
    port: port === undefined ? DNS_PORT : Number(port),
  }
}

/** Follows aliases to what they stand for; whatever else an answer brings is passed over. */
function recordsIn(packet: DecodedPacket, { name, type }: Question, code: string): Records {
  const all = packet.answers ?? []
  let owner = name.toLowerCase()
  let ttl = Infinity
  for (let hops = 0; hops < all.length; hops++) {
    const alias = all.find((each) => each.type === 'CNAME' && each.name.toLowerCase() === owner)
    if (alias === undefined) break
    ttl = Math.min(ttl, ttlOf(alias))
    owner = String((alias as { data?: unknown }).data).toLowerCase()
  }
  const answers = all.filter((each) => each.type === type && each.name.toLowerCase() === owner)
  for (const each of answers) ttl = Math.min(ttl, ttlOf(each))
  if (answers.length === 0) ttl = negativeTtl(packet)
  return {
    answers,
    additionals: packet.additionals ?? [],
    ttl,
    reason: code === 'NXDOMAIN' ? code : 'no addresses',
  }
}

/** RFC 2308, section 5. */
function negativeTtl({ authorities = [] }: DecodedPacket): number {
  const soa = authorities.find((each) => each.type === 'SOA')
  if (soa?.type !== 'SOA') return UNSAID
  return Math.min(ttlOf(soa), (soa.data.minimum ?? 0) * 1000)
}

function ttlOf(record: Answer): number {
  return 'ttl' in record ? Number(record.ttl) * 1000 : UNSAID
}

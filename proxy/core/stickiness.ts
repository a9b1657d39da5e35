import type { Choices } from './choices.ts'
import type { Eligibility } from './eligibility.ts'
import type { Endpoint } from './endpoint.ts'
import { HashScores } from './hash-scores.ts'
import type { Places } from './places.ts'

/**
 * Where sessions are at home that are known by a key alone (an address, a field, a parameter): at the server that scores highest for the
 * key, of those that may get requests, full or not (highest random weight; see ../strategies/rendezvous.ts). Backups are nobody's home
 * while another server is there.
 *
 * No table remembers who was where, as HAProxy's stick tables do: all threads, a proxy beside this one and the same proxy after a
 * restart know the same homes, and no stranger can fill it up. The price is that homes follow the pool: of n + 1 servers the one
 * that came gets one session in n + 1, from all others alike; those of one that left, drains or is down go to the others, and come
 * back with it. No other session moves.
 */
export class Homes {
  private readonly scores = new HashScores()
  private servers: readonly Endpoint[] = []
  private weights: number[] = []

  /** Everybody who may be a home. Costs next to nothing while nothing has changed. */
  update(servers: readonly Endpoint[]): void {
    if (this.knows(servers)) return
    this.servers = servers
    this.weights = servers.map(({ weight }) => weight)
    this.scores.update(servers)
  }

  /** Hot: undefined where there is none. */
  of(key: number): Endpoint | undefined {
    return this.scores.find(key)
  }

  private knows(servers: readonly Endpoint[]): boolean {
    const { servers: known, weights } = this
    if (servers.length !== known.length) return false
    for (let i = 0; i < servers.length; i++) {
      if (servers[i] !== known[i] || servers[i].weight !== weights[i]) return false
    }
    return true
  }
}

/**
 * Sticky sessions: requests that are meant for a certain server. They are counted and limited like all others, but no strategy hears of
 * them before they end, so that its turns and shares are those of the other requests.
 */
export class Sessions {
  /** Brings who is eligible up to date. */
  private readonly refresh: () => void
  private readonly places: Places
  private readonly eligibility: Eligibility
  private readonly choices: Choices
  /** Once somebody has asked for one. */
  private homes: Homes | undefined = undefined

  constructor(refresh: () => void, places: Places, eligibility: Eligibility, choices: Choices) {
    this.refresh = refresh
    this.places = places
    this.eligibility = eligibility
    this.choices = choices
  }

  /** Who may get requests has changed. */
  update(): void {
    this.homes?.update(this.eligibility.takers)
  }

  /** Hot: at home by its key alone; undefined where nobody may have it. */
  homeOf(key: number): Endpoint | undefined {
    this.refresh()
    if (this.homes === undefined) {
      this.homes = new Homes()
      this.update()
    }
    return this.homes.of(key)
  }

  /** Hot: what is at this server may go on there, as soon as there is room. */
  keeps(server: Endpoint): boolean {
    this.refresh()
    return this.eligibility.keeps(server)
  }

  /** Hot: this very server, counted as in flight. False: it has no room, or does not keep its sessions. */
  acquire(server: Endpoint, attempt: number): boolean {
    if (!this.keeps(server) || !this.places.take(server)) return false
    if (attempt === 0) {
      this.choices.stick(server.slot)
      this.eligibility.picked()
    }
    this.choices.sight?.stayed(server, attempt)
    return true
  }
}

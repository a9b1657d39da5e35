import type { Endpoint } from '../core/endpoint.ts'
import type { StateEvent } from '../core/snapshot.ts'
import type { Servers } from '../servers.ts'
import type { WorkerData } from './messages.ts'

/** Changes of state that a thread which comes later is told. */
const REMEMBERED = 50

/** How things stand, for a thread that comes later. */
export class Briefing {
  private readonly servers: readonly Endpoint[]
  readonly events: StateEvent[] = []

  constructor(servers: readonly Endpoint[]) {
    this.servers = servers
  }

  remember(event: StateEvent): void {
    this.events.push(event)
    if (this.events.length > REMEMBERED) this.events.shift()
  }

  /** The settings name the servers that there are now. */
  read(
    servers: Servers,
  ): Pick<WorkerData, 'standing' | 'events'> & Pick<WorkerData['settings'], 'servers'> {
    const standing = this.servers.map((server) => {
      const { admin: state, healthReason: reason, healthy, id, slot, unproven } = server
      return { id, healthy, reason, state, slot, unproven, texts: servers.textsOf(server) }
    })
    return { servers: servers.settings, standing, events: this.events }
  }
}

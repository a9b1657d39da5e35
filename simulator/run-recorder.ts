import type { Endpoint } from '../proxy/core/endpoint.ts'
import type { Outcome, Recorder } from '../proxy/core/recorder.ts'
import { Tally } from '../proxy/core/tally.ts'

/** What is recorded of one server, by all proxies. */
export interface ServerRecord {
  readonly id: string
  readonly attempts: Tally
}

/** Records a whole run at once: what clients saw, and what each server's attempts came to. */
export class RunRecorder implements Recorder {
  readonly requests = new Tally()
  retries = 0
  /** In order of appearance. */
  readonly servers: ServerRecord[] = []
  private readonly bySlot: ServerRecord[] = []

  attempt(server: Endpoint, latency: number, outcome: Outcome): void {
    let record = this.bySlot[server.slot]
    // A slot may get another server, and another proxy may have another in it.
    if (record === undefined || record.id !== server.id) record = this.recordOf(server)
    record.attempts.record(latency, outcome)
  }

  request(latency: number, attempts: number, outcome: Outcome): void {
    this.requests.record(latency, outcome)
    if (attempts > 1) this.retries += attempts - 1
  }

  tick(): void {}

  /** What the attempts at the server of that id came to. */
  of(id: string): Tally {
    return this.servers.find((record) => record.id === id)?.attempts ?? new Tally()
  }

  private recordOf({ id, slot }: Endpoint): ServerRecord {
    let record = this.servers.find((each) => each.id === id)
    if (record === undefined) {
      record = { id, attempts: new Tally() }
      this.servers.push(record)
    }
    this.bySlot[slot] = record
    return record
  }
}

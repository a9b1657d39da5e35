import type { AdminSources } from '../admin/sources.ts'
import type { Endpoint } from '../core/endpoint.ts'
import type { Memory } from '../core/memory.ts'
import type { LogSink } from '../http/log-sink.ts'
import type { Place } from '../servers.ts'
import type { Certificates } from '../tls/certificates.ts'
import type { TicketKeyData } from '../tls/ticket-keys.ts'

/** What makes a `Proxy` one of several threads that are one proxy. */
export interface Team {
  readonly memory: Memory
  /** Where the memory of its strategy is. */
  readonly room: SharedArrayBuffer
  readonly startedAt: string
  /** Of a server that is there at the start. */
  placeOf(id: string): Place
  /** Standard output: one thread writes for all. */
  readonly stdout: LogSink
  /** The same for all: each could read another version of a file. */
  readonly certificates: Certificates
  /** For TLS sessions that another thread began. */
  readonly ticketKeys: TicketKeyData
  /** Active checks are made elsewhere, once for all: a server should be asked soon. */
  suspect(server: Endpoint): void
  /** What is shown in place of this thread's own figures. */
  whole(own: AdminSources): AdminSources
}

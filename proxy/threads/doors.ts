import type { Memory } from '../core/memory.ts'
import { type Caps, capsOf } from '../http/caps.ts'
import type { Settings } from '../settings.ts'
import { readCertificates } from '../tls/certificates.ts'
import { TicketKeys } from '../tls/ticket-keys.ts'
import type { ToWorker, WorkerData } from './messages.ts'

type CertificateNews = ToWorker & { readonly type: 'certificates' }

/** What the doors of all threads have in common. */
export class Doors {
  readonly caps: Caps
  private readonly settings: Settings
  private readonly tell: (news: CertificateNews) => void
  private readonly ticketKeys = TicketKeys.drawn(Date.now())
  certificates: WorkerData['certificates']

  constructor(settings: Settings, memory: Memory, tell: (news: CertificateNews) => void) {
    this.settings = settings
    this.tell = tell
    this.caps = capsOf(settings.limits, memory)
    this.certificates = readCertificates(settings.listen)
  }

  get connections(): Caps['total'] {
    return this.caps.total
  }

  /** For a thread that begins. */
  get data(): Pick<WorkerData, 'certificates' | 'ticketKeys'> {
    const { certificates, ticketKeys } = this
    ticketKeys.turn(Date.now())
    return { certificates, ticketKeys: ticketKeys.data }
  }

  /** As it was worked out at the start: by another limit of the system a later thread would divide the memory otherwise. */
  get cap(): number | false {
    const { most } = this.caps.total
    return most === Infinity ? false : most
  }

  /** For those that have begun: the files as they are now. Throws a `CertificateFault`, and then nothing has changed. */
  reloadCertificates(): void {
    this.certificates = readCertificates(this.settings.listen)
    this.tell({ type: 'certificates', certificates: this.certificates })
  }
}

import type { Settings } from '../settings.ts'
import type { Admin } from './admin.ts'

/** The pages that show the proxy, where the settings want them; they can move while it runs. */
export class Eyes {
  /** Undefined while they are switched off. */
  admin: Admin | undefined
  private readonly make: (prefix: string) => Admin

  constructor(make: (prefix: string) => Admin) {
    this.make = make
  }

  follow(stats: Settings['stats']): void {
    if (stats === false) {
      this.close()
      this.admin = undefined
    } else if (this.admin === undefined) {
      this.admin = this.make(stats.prefix)
    } else {
      this.admin.prefix = stats.prefix
    }
  }

  /** Ends what does not end by itself. */
  close(): void {
    this.admin?.close()
  }
}

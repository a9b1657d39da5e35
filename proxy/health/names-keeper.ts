import type { Servers } from '../servers.ts'
import type { Settings } from '../settings.ts'
import type { NameView } from './names.ts'
import type { WatchedNames } from './watched-names.ts'

type Wanted = Pick<Settings, 'names' | 'dns'>

/** Names that are looked after as the configuration says, from the first one on: most proxies have none. */
export class NamesKeeper {
  private readonly servers: Servers
  private readonly say: (message: string) => void
  private watched: WatchedNames | undefined

  constructor(servers: Servers, say: (message: string) => void) {
    this.servers = servers
    this.say = say
  }

  get views(): readonly NameView[] {
    return this.watched?.views ?? []
  }

  /** Resolves when each of the first ones was asked for once. */
  async follow({ dns, names = [] }: Wanted, seed?: number): Promise<void> {
    if (this.watched !== undefined) return this.watched.follow(names, dns)
    if (names.length === 0) return
    const { WatchedNames } = await import('./watched-names.ts')
    this.watched = new WatchedNames(names, dns, this.servers, this.say, seed)
    await this.watched.begin()
  }
}

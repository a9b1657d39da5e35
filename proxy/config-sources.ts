import type { Path } from './core/problems.ts'
import { STRATEGIES } from './strategies/index.ts'

/** A setting that a variable or a flag can give. */
export interface Source {
  readonly path: Path
  readonly variable?: string
  /** As commander wants it: the flag and its argument. */
  readonly flag?: string
  readonly help?: string
  /** What `--help` says of the setting when nothing gives it; the schema has the value itself, and a test holds them together. */
  readonly default?: string
  /** Makes what the file would have of the text; numbers look like numbers to the checks. */
  readonly read: (text: string) => unknown
}

const text = (value: string): unknown => value
const names = STRATEGIES.filter((strategy) => strategy.simulatorOnly !== true)
  .map((strategy) => strategy.name)
  .join(', ')

/** Where it is set; it switches no cookie on by itself. */
export const COOKIE_SECRET = ['stickiness', 'cookie', 'secret'] as const

/** Everything that can be given outside the file. Also what `--help` lists, so it must stay cheap to import. */
export const SOURCES: readonly Source[] = [
  {
    path: ['strategy'],
    variable: 'ALGORITHM',
    flag: '--strategy, --algorithm <name>',
    help: `how to choose a server: ${names}, or a file of your own like ./my-strategy.ts`,
    default: 'round_robin',
    read: text,
  },
  {
    path: ['servers'],
    variable: 'BACKEND_SERVERS',
    flag: '--backend-servers <list>',
    help: 'the servers, separated by commas, instead of those of the file; a server is URL[;weight=3][;max=100][;backup][;id=name]',
    default: 'those of the file',
    read: readServers,
  },
  {
    path: ['listen', 'host'],
    variable: 'HOST',
    flag: '--host <address>',
    help: 'address to listen on',
    default: '0.0.0.0',
    read: text,
  },
  {
    path: ['listen', 'port'],
    variable: 'PORT',
    flag: '--port <number>',
    help: 'port to listen on; 0 takes a free one',
    default: '8080',
    read: readWord,
  },
  {
    path: ['health', 'path'],
    variable: 'HEALTH_PATH',
    flag: '--health-path <path>',
    help: 'what active checks ask a server for',
    default: '/health',
    read: text,
  },
  {
    path: ['health', 'interval'],
    variable: 'HEALTH_INTERVAL',
    flag: '--health-interval <time>',
    help: 'time between two active checks of a server, with its unit: 500ms, 2s or 1m',
    default: '2s',
    read: readWord,
  },
  {
    path: ['accessLog'],
    flag: '--access-log <where>',
    help: 'where the access log goes, a JSON line a request: stdout, a file, or off',
    default: 'stdout',
    read: (where) => (where === 'off' ? false : where),
  },
  {
    path: ['workers'],
    variable: 'WORKERS',
    flag: '--workers <number>',
    help: 'threads that share one balancer; auto is one a core',
    default: '1',
    read: readWord,
  },
  {
    path: ['seed'],
    variable: 'SEED',
    flag: '--seed <number>',
    help: 'makes every random choice repeatable; a whole number from 0 to 4294967295',
    default: 'drawn afresh',
    read: readWord,
  },
  {
    path: ['health'],
    flag: '--no-health',
    help: 'no active checks: every server counts as healthy',
    read: () => false,
  },
  {
    path: ['admin', 'host'],
    variable: 'ADMIN_HOST',
    flag: '--admin-host <address>',
    help: 'address of the admin API; any but a loopback address needs ADMIN_TOKEN',
    default: '127.0.0.1',
    read: text,
  },
  {
    path: ['admin', 'port'],
    variable: 'ADMIN_PORT',
    flag: '--admin-port <number>',
    help: 'port of the admin API; 0 takes a free one, off none',
    default: '8081',
    read: readWord,
  },
  { path: ['admin'], flag: '--no-admin', help: 'no admin API', read: () => false },
  // No flag for either: everybody on the machine sees what a program was started with.
  { path: ['admin', 'token'], variable: 'ADMIN_TOKEN', read: text },
  { path: COOKIE_SECRET, variable: 'COOKIE_SECRET', read: (list) => list.split(/\s+/) },
]

/** A number if it looks like one, else the text itself, for the checks to refuse. */
function readWord(word: string): number | string {
  return /^[-+]?\d+(\.\d+)?$/.test(word.trim()) ? Number(word) : word
}

/** `http://a:1;weight=3;max=100;backup,http://b:2` as the list that the file would have. */
function readServers(list: string): unknown[] {
  return list.split(',').map((item) => {
    const [url, ...options] = item.split(';').map((part) => part.trim())
    const server = new Map<string, unknown>([['url', url]])
    for (const option of options) {
      const [key, value] = option.split(/=(.*)/s).map((part) => part.trim())
      // Said twice is kept as a list, which no option may be: better refused than one of the two chosen.
      server.set(key, server.has(key) ? [server.get(key), readOption(value)] : readOption(value))
    }
    return Object.fromEntries(server)
  })
}

function readOption(value: string | undefined): unknown {
  if (value === undefined || value === 'true') return true
  return value === 'false' ? false : readWord(value)
}

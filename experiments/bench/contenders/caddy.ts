import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { programVersion, type Contender } from './contender.ts'

/** One thread of Go code at a time: GOMAXPROCS=1. Its metrics are counted, as ours are. */
export const caddy: Contender = {
  name: 'caddy',
  note: 'GOMAXPROCS=1, access log to a file, metrics, active checks',
  version: () => programVersion('caddy', 'version'),
  command({ folder, port, backends }) {
    const servers = backends.map((backend) => `127.0.0.1:${backend}`).join(' ')
    const config = join(folder, 'Caddyfile')
    writeFileSync(
      config,
      `{
  admin off
  auto_https off
  servers {
    metrics
  }
}
http://127.0.0.1:${port} {
  bind 127.0.0.1
  log {
    output file ${folder}/access.log
  }
  reverse_proxy ${servers} {
    lb_policy round_robin
    health_uri /health
    health_interval 2s
    transport http {
      keepalive 65s
      keepalive_idle_conns_per_host 128
    }
  }
}
`,
    )
    const env = { GOMAXPROCS: '1', HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder }
    return { file: 'caddy', args: ['run', '--adapter', 'caddyfile', '--config', config], env }
  },
}

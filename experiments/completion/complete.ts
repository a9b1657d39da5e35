import offers, { type ArgumentHandler } from '@bomb.sh/tab'
import tab from '@bomb.sh/tab/commander'
import type { Command } from 'commander'
import { STRATEGIES } from '../../proxy/strategies/index.ts'
import { experiments } from '../sim/load-scenario.ts'

const strategies: ArgumentHandler = (offer) => {
  for (const { name, summary } of STRATEGIES) offer(name, summary)
}

const scenarios: ArgumentHandler = (offer) => {
  for (const { name } of experiments()) offer(name, '')
}

/** Reads the command line again, with the library's verbs in place of those that only stand for them. */
export async function complete(program: Command, standIns: readonly Command[]): Promise<void> {
  const verbs = program.commands as Command[]
  verbs.splice(0, verbs.length, ...verbs.filter((verb) => !standIns.includes(verb)))
  tab(program, { completionCommandName: 'completion' })
  for (const { arguments: words, options } of offers.commands.values()) {
    for (const [name, word] of words) {
      if (name === 'strategy') word.handler = strategies
      if (name === 'scenario') word.handler = scenarios
    }
    for (const name of ['strategy', 'algorithm']) {
      const option = options.get(name)
      if (option !== undefined)
        option.handler = (offer) => strategies.call(undefined as never, offer, options)
    }
  }
  await program.parseAsync(process.argv)
}

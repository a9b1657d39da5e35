import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { Program } from '../../support/program.ts'

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))

async function offered(...words: string[]): Promise<string[]> {
  using program = new Program('cli.ts', ['complete', '--', ...words])
  expect(await program.exit()).toBe(0)
  return program.stdout.split('\n').map((line) => line.split('\t')[0])
}

test.concurrent.each([
  [['tr'], 'trace'],
  [['trace', 'ins'], 'inspect'],
  [['sim', '--rep'], '--reps'],
  [['sim', '--strategy', 'power'], 'power_of_two'],
  [['up', '--algorithm', 'peak'], 'peak_ewma'],
  [['check', 'mag'], 'maglev'],
  [['sim', 'black'], 'black-hole'],
])('%j is completed to %s', async (words, wanted) => {
  expect(await offered(...words)).toContain(wanted)
})

test('bash completes with what it is given', async () => {
  const script = [
    'source <(node cli.ts completion bash)',
    // What it needs of the package bash-completion, which need not be here.
    '_get_comp_words_by_ref() { cur=${COMP_WORDS[COMP_CWORD]}; words=("${COMP_WORDS[@]}"); }',
    'evenkeel() { node cli.ts "$@"; }',
    'COMP_WORDS=(evenkeel sim --strategy round); COMP_CWORD=3; COMP_LINE="${COMP_WORDS[*]}"; COMP_POINT=${#COMP_LINE}',
    '"$(complete -p evenkeel | sed -E "s/.*-F ([^ ]+).*/\\1/")"',
    'printf "%s\\n" "${COMPREPLY[@]}"',
  ]
  const { stdout } = await promisify(execFile)('bash', ['-c', script.join('\n')], { cwd: ROOT })
  expect(stdout.trim()).toMatch(/^round_robin/)
})

test('a shell that it does not know is told', async () => {
  using program = new Program('cli.ts', ['completion', 'tcsh'])
  expect(await program.exit()).toBe(2)
  expect(program.stderr).toContain('zsh, bash, fish, powershell')
})

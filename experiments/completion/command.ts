import type { Command } from 'commander'

const NOTES = `
It is for a command of that name on the PATH, as \`npm install --global\` or \`npm link\` gives it. In
bash it needs the package bash-completion.

Exit codes:
  0  done
  2  bad arguments
  1  anything else

Examples:
  source <(evenkeel completion bash)             in this shell, once
  evenkeel completion bash >> ~/.bashrc          in every bash from now on
  evenkeel completion zsh > ~/.zfunc/_evenkeel   for zsh, in a folder of its fpath
  evenkeel completion fish > ~/.config/fish/completions/evenkeel.fish`

/** Adds the verb `completion`, and the one that shells ask then. Last: they know the verbs that were there before. */
export function addCompletionCommand(program: Command): void {
  const own = [
    program
      .command('completion')
      .description('print what makes a shell complete verbs, flags and names')
      .argument('<shell>', 'zsh, bash, fish or powershell')
      .addHelpText('after', NOTES),
    program.command('complete', { hidden: true }).argument('[words...]'),
  ]
  for (const verb of own) {
    verb.action(async () => {
      const { complete } = await import('./complete.ts')
      await complete(program, own)
    })
  }
}

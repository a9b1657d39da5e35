export interface Block {
  /** What follows the fence: sh, ts, yaml, …; empty for none. */
  language: string
  /** Line of its first line of content, from 1. */
  line: number
  text: string
}

/** The fenced code blocks of a Markdown text. */
export function blocksOf(markdown: string): Block[] {
  const blocks: Block[] = []
  let open: (Block & { fence: string; indent: number }) | undefined
  markdown.split('\n').forEach((content, index) => {
    const fence = /^( *)(```+|~~~+) *([\w-]*)/.exec(content)
    if (open === undefined) {
      if (fence === null) return
      const [, indent, marks, language] = fence
      open = { language, line: index + 2, text: '', fence: marks, indent: indent.length }
    } else if (fence !== null && fence[2].startsWith(open.fence) && fence[3] === '') {
      blocks.push({ language: open.language, line: open.line, text: open.text })
      open = undefined
    } else {
      open.text += `${content.slice(open.indent)}\n`
    }
  })
  if (open !== undefined) throw new Error(`the block at line ${open.line} has no end`)
  return blocks
}

/** Where the links of a Markdown text lead, without those to other sites and to places in the page itself. */
export function linksOf(markdown: string): string[] {
  const links = [...markdown.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target)
  return links.filter((target) => !/^(\w+:|#)/.test(target)).map((target) => target.split('#')[0])
}

export interface Command {
  /** Variables set in front of the command, by name. */
  variables: string[]
  /** The command and its arguments, without quotes. */
  words: string[]
}

/** The commands of a shell block: comments gone, lines joined at backslashes, split at `&&`, `||`, `;`, `|` and `&`. */
export function commandsOf(shell: string): Command[] {
  const commands: Command[] = []
  for (const line of shell.replaceAll(/\\\n/g, ' ').split('\n')) {
    let words: string[] = []
    const token =
      /\s*((?:'[^']*'|"(?:[^"\\]|\\.)*"|\\.|[^\s'";|&#\\]|(?<=\S)#)+|#.*|&&|\|\||[;|&])/gy
    const finish = (): void => {
      const first = words.findIndex((word) => !/^\w+=/.test(word))
      const variables = (first < 0 ? words : words.slice(0, first)).map(
        (word) => word.split('=')[0],
      )
      if (words.length > 0) commands.push({ variables, words: first < 0 ? [] : words.slice(first) })
      words = []
    }
    for (const [, word] of line.replace(/^\$ /, '').matchAll(token)) {
      if (word.startsWith('#')) break
      if (/^(&&|\|\||[;|&])$/.test(word)) finish()
      else words.push(word.replaceAll(/'([^']*)'|"([^"]*)"/g, '$1$2'))
    }
    finish()
  }
  return commands
}

/** The long and short flags among the words of a command, without values. */
export function flagsOf(words: readonly string[]): string[] {
  return words.filter((word) => /^--?[a-z]/i.test(word)).map((word) => word.split('=')[0])
}
